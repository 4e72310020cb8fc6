"""The GraphQL operations of the command, and what they select."""

from stratumiops.ingest.folder.operations import (
    CONFIRM_DOCUMENTS,
    CONFLICTS,
    EXPORT_DOCUMENTS,
    EXPORT_NEW,
    JOIN_DOCUMENTS,
    NEW_GRAPH,
    PLACE_NODES,
    REMOVE_DOCUMENTS,
    SOURCES,
    SYNC_DOCUMENTS,
    SYNC_PLAN,
    SYNCED_GRAPH,
)

__all__ = [
    "CONFIRM_DOCUMENTS",
    "CONFLICTS",
    "EXPORT_DOCUMENTS",
    "EXPORT_NEW",
    "JOIN_DOCUMENTS",
    "NEW_GRAPH",
    "PLACE_NODES",
    "REMOVE_DOCUMENTS",
    "SOURCES",
    "SYNCED_GRAPH",
    "SYNC_DOCUMENTS",
    "SYNC_PLAN",
]

_ROW = "id graph type title status date tags path updatedAt rev"

_BLOCK = """id graph path order depth text marker state priority scheduled deadline tags properties
      startLine endLine parentId node { id title type }"""

LIST = f"""
query List($graph: String, $where: NodeWhere, $order: NodeOrder, $first: Int!, $after: String) {{
  nodes(graph: $graph, where: $where, orderBy: $order, first: $first, after: $after) {{
    nodes {{ {_ROW} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}"""

_SEARCH_ARGUMENTS = """$query: String!, $mode: SearchMode!, $graph: String, $where: NodeWhere, $first: Int!,
  $inherited: Boolean!, $threshold: Float, $expand: Boolean!, $mmr: Float, $rerank: Boolean!, $explain: Boolean!"""

_SEARCH_VALUES = """query: $query, mode: $mode, graph: $graph, where: $where, first: $first,
    includeInherited: $inherited, threshold: $threshold, expand: $expand, mmr: $mmr, rerank: $rerank,
    explain: $explain"""

_HIT = f"""
    score path mode
    highlights {{ field text ranges }}
    supersededBy {{ id title }}
    node {{ {_ROW} }}"""

SEARCH = f"""
query Search({_SEARCH_ARGUMENTS}) {{
  search({_SEARCH_VALUES}) {{{_HIT}
  }}
}}"""

SEARCH_PARTS = f"""
query SearchParts({_SEARCH_ARGUMENTS}) {{
  search({_SEARCH_VALUES}) {{{_HIT}
    chunk {{ text heading startLine endLine similarity }}
    explanation {{ textRank textScore semanticRank similarity graphRank rerankScore reasons }}
  }}
}}"""
"""The same with the parts of texts and the reasons, which take more than one statement."""

EMBEDDINGS = """
query Embeddings($graph: String) {
  embeddingStatus(graph: $graph) {
    state provider model dimensions index chunks pending rate building buildingPending problem
  }
}"""

ASK = f"""
query Ask($question: String!, $mode: SearchMode!, $graph: String, $where: NodeWhere) {{
  ask(question: $question, mode: $mode, graph: $graph, where: $where) {{
    text model mode
    citations {{ number path heading startLine endLine text node {{ {_ROW} }} }}
  }}
}}"""

_RELATIONS = """
  relations(first: 200) { type direction weight origin validFrom node { id title type graph } }"""

SHOW = f"""
query Show($id: ID!, $graph: String, $asOf: DateTime) {{
  node(id: $id, graph: $graph, asOf: $asOf) {{
    {_ROW} aliases content metadata createdAt createdBy updatedBy
    ... on Decision {{ statusRaw deciders }}
    {_RELATIONS}
  }}
}}"""

FIND = """
query Find($where: NodeWhere!, $graph: String) {
  nodes(where: $where, graph: $graph, first: 2) { nodes { id graph title } }
}"""

EXISTS = "query Exists($id: ID!, $graph: String) { node(id: $id, graph: $graph) { id graph title } }"

_RELATION = "relation { type weight validFrom validTo source { id title } target { id title } }"

LINK = f"mutation Link($input: LinkNodesInput!) {{ linkNodes(input: $input) {{ {_RELATION} }} }}"

UNLINK = f"mutation Unlink($input: UnlinkNodesInput!) {{ unlinkNodes(input: $input) {{ {_RELATION} }} }}"

BLOCKS = f"""
query Blocks($graph: String, $node: ID, $where: BlockWhere, $first: Int!, $after: String) {{
  blocks(graph: $graph, node: $node, where: $where, first: $first, after: $after) {{
    nodes {{ {_BLOCK} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}"""

TODOS = f"""
query Todos(
  $graph: String, $node: ID, $state: [TaskState!], $tag: String, $priority: String, $due: Date,
  $first: Int!, $after: String
) {{
  todos(
    graph: $graph, node: $node, state: $state, tag: $tag, priority: $priority, due: $due, first: $first, after: $after
  ) {{
    nodes {{ {_BLOCK} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}"""

SLICE = """
query Slice($graph: String, $where: NodeWhere, $relations: [RelationType!], $first: Int!) {
  graphSlice(graph: $graph, where: $where, relations: $relations, first: $first) {
    nodeList { id title type status }
    edgeList { source target type }
    truncated
  }
}"""

GRAPHS = "query Graphs { graphs { name title description nodeCount inherits { graph priority } updatedAt } }"

GUIDELINES = """
query Guidelines($graph: String!, $topic: String, $shared: Boolean!, $overridden: Boolean!, $first: Int!) {
  guidelinesFor(
    graph: $graph, topic: $topic, includeShared: $shared, includeOverridden: $overridden, first: $first
  ) {
    guideline { id graph title status tags path updatedAt content }
    inheritedFrom priority topic score applies
    overriddenBy { id graph title }
    overrides { id graph title }
  }
}"""

LINT = """
query Lint($graph: String, $codes: [LintCode!], $first: Int!, $after: String) {
  lint(graph: $graph, codes: $codes, first: $first, after: $after) {
    nodes { code severity graph path line node { id title } other { id title } message hint fixable }
    pageInfo { hasNextPage endCursor }
  }
}"""

FIX_FINDING = "mutation Fix($input: FixFindingInput!) { fixFinding(input: $input) { node { id rev status date } } }"

SUGGESTIONS = """
query Suggestions($graph: String, $node: ID, $state: SuggestionState!, $first: Int!, $after: String) {
  suggestions(graph: $graph, node: $node, state: $state, first: $first, after: $after) {
    nodes { id graph kind score why quote relation tag state source { id title path } target { id title path } }
    pageInfo { hasNextPage endCursor }
  }
}"""

REFRESH_SUGGESTIONS = """
mutation Refresh($input: RefreshSuggestionsInput!) {
  refreshSuggestions(input: $input) { scanned remaining created withdrawn refused }
}"""

_DECIDED = "suggestion { id state relation tag source { id title } target { id title } }"

ACCEPT_SUGGESTION = f"""
mutation Accept($input: DecideSuggestionInput!) {{ acceptSuggestion(input: $input) {{ {_DECIDED} }} }}"""

DISMISS_SUGGESTION = f"""
mutation Dismiss($input: DecideSuggestionInput!) {{ dismissSuggestion(input: $input) {{ {_DECIDED} }} }}"""

GRAPH = "query Graph($name: String!) { graph(name: $name) { name } }"

CREATE_GRAPH = "mutation NewGraph($input: CreateGraphInput!) { createGraph(input: $input) { graph { name } } }"

IMPORTED = """
query Imported($graph: String!, $source: String!, $first: Int!, $after: String) {
  importedDocuments(graph: $graph, source: $source, first: $first, after: $after) {
    path hash format current layout
  }
}"""

IMPORT = """
mutation Import($input: ImportDocumentsInput!) {
  importDocuments(input: $input) {
    created updated restored unchanged failed
    problems { path line code message severity }
  }
}"""

FINISH = """
mutation Finish($input: FinishImportInput!) {
  finishImport(input: $input) {
    nodes relations relationsCreated relationsEnded deleted unresolvedCount
    unresolved { path line target kind reason }
    counts { pages journals blocks wikilinks blockRefs embeds properties tags aliases tasks }
  }
}"""

_CONFLICT = "id graph source path kind nodeId since base file node"

ALL_CONFLICTS = f"""
query AllConflicts($graph: String!, $first: Int!, $after: String) {{
  conflicts(graph: $graph, first: $first, after: $after) {{ {_CONFLICT} }}
}}"""

RESOLVE_CONFLICT = f"""
mutation ResolveConflict($input: ResolveConflictInput!) {{
  resolveConflict(input: $input) {{ conflict {{ {_CONFLICT} }} }}
}}"""

EXPORT_NODES = """
query ExportNodes($graph: String!, $first: Int!, $after: String, $relations: Int!) {
  nodes(
    graph: $graph, includeInherited: false, first: $first, after: $after, orderBy: {field: CREATED_AT, direction: ASC}
  ) {
    nodes {
      id title type path status content
      relations(direction: OUT, first: $relations) { type node { id } }
    }
    pageInfo { hasNextPage endCursor }
  }
}"""

EXPORT_RELATIONS = """
query ExportRelations($graph: String!, $id: ID!, $relations: Int!) {
  node(graph: $graph, id: $id) { relations(direction: OUT, first: $relations) { type node { id } } }
}"""
