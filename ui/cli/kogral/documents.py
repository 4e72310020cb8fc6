"""The GraphQL operations of the command, and what they select."""

_ROW = "id graph type title status date tags path updatedAt rev"

LIST = f"""
query List($graph: String, $where: NodeWhere, $order: NodeOrder, $first: Int!, $after: String) {{
  nodes(graph: $graph, where: $where, orderBy: $order, first: $first, after: $after) {{
    nodes {{ {_ROW} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}"""

_SEARCH_ARGUMENTS = """$query: String!, $mode: SearchMode!, $graph: String, $where: NodeWhere, $first: Int!,
  $threshold: Float, $expand: Boolean!, $mmr: Float, $rerank: Boolean!, $explain: Boolean!"""

_SEARCH_VALUES = """query: $query, mode: $mode, graph: $graph, where: $where, first: $first, threshold: $threshold,
    expand: $expand, mmr: $mmr, rerank: $rerank, explain: $explain"""

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
    {_ROW} content metadata createdAt createdBy updatedBy
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

SLICE = """
query Slice($graph: String, $where: NodeWhere, $relations: [RelationType!], $first: Int!) {
  graphSlice(graph: $graph, where: $where, relations: $relations, first: $first) {
    nodeList { id title type status }
    edgeList { source target type }
    truncated
  }
}"""

GRAPHS = "query Graphs { graphs { name title description nodeCount inherits { graph priority } updatedAt } }"

GRAPH = "query Graph($name: String!) { graph(name: $name) { name } }"

CREATE_GRAPH = "mutation NewGraph($input: CreateGraphInput!) { createGraph(input: $input) { graph { name } } }"

IMPORTED = """
query Imported($graph: String!, $source: String!, $first: Int!, $after: String) {
  importedDocuments(graph: $graph, source: $source, first: $first, after: $after) { path hash format current }
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
  }
}"""
