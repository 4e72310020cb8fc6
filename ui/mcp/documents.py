"""The GraphQL operations of the MCP server. None is put together at run time, so all can be trusted documents."""

_ROW = "id graph type title status date tags path updatedAt rev"
_HIT = f"score highlights {{ field text }} node {{ {_ROW} content @include(if: $content) }}"
_GUIDELINE = f"score highlights {{ field text }} node {{ {_ROW} content ... on Guideline {{ priority }} }}"

SEARCH_TEXT = f"""
query McpSearchText(
  $query: String!, $graph: String, $inherited: Boolean!, $where: NodeWhere, $first: Int!, $content: Boolean!
) {{
  search(query: $query, graph: $graph, includeInherited: $inherited, where: $where, first: $first) {{ {_HIT} }}
}}"""

SEARCH_HYBRID = f"""
query McpSearchHybrid(
  $query: String!, $graph: String, $inherited: Boolean!, $where: NodeWhere, $first: Int!, $content: Boolean!,
  $threshold: Float
) {{
  search(
    query: $query, graph: $graph, includeInherited: $inherited, where: $where, first: $first,
    mode: HYBRID, threshold: $threshold
  ) {{ {_HIT} }}
}}"""

GUIDELINES_TEXT = f"""
query McpGuidelinesText($query: String!, $graph: String, $inherited: Boolean!, $where: NodeWhere, $first: Int!) {{
  search(query: $query, graph: $graph, includeInherited: $inherited, where: $where, first: $first) {{ {_GUIDELINE} }}
}}"""

GUIDELINES_HYBRID = f"""
query McpGuidelinesHybrid(
  $query: String!, $graph: String, $inherited: Boolean!, $where: NodeWhere, $first: Int!, $threshold: Float
) {{
  search(
    query: $query, graph: $graph, includeInherited: $inherited, where: $where, first: $first,
    mode: HYBRID, threshold: $threshold
  ) {{ {_GUIDELINE} }}
}}"""

_CREATED = "{ id graph title type status rev }"
ADD_NOTE = f"mutation McpAddNote($input: CreateNoteInput!) {{ createNote(input: $input) {{ note {_CREATED} }} }}"
ADD_DECISION = f"""
mutation McpAddDecision($input: CreateDecisionInput!) {{
  createDecision(input: $input) {{ decision {_CREATED} }}
}}"""

ENDS = """
query McpEnds($source: ID!, $target: ID!, $graph: String) {
  source: node(id: $source, graph: $graph) { id graph title }
  target: node(id: $target, graph: $graph) { id graph title }
}"""
LINK = """
mutation McpLink($input: LinkNodesInput!) {
  linkNodes(input: $input) { relation { type weight validFrom source { id title } target { id title } } }
}"""

GRAPHS = """
query McpGraphs {
  graphs { name title description priority nodeCount inherits { graph priority } resolved updatedAt }
}"""
GRAPH = "query McpGraph($name: String!) { graph(name: $name) { name title description nodeCount priority resolved } }"

_RELATIONS = "relations(first: 100) { type direction weight node { id title type } }"
NODES = f"""
query McpNodes(
  $graph: String, $inherited: Boolean!, $where: NodeWhere, $order: NodeOrder, $first: Int!, $after: String
) {{
  nodes(
    graph: $graph, includeInherited: $inherited, where: $where, orderBy: $order, first: $first, after: $after
  ) {{
    totalCount
    pageInfo {{ hasNextPage }}
    edges {{ cursor node {{ {_ROW} content ... on Guideline {{ priority }} }} }}
  }}
}}"""
EXPORT = f"""
query McpExport($graph: String, $inherited: Boolean!, $where: NodeWhere, $first: Int!, $after: String) {{
  nodes(
    graph: $graph, includeInherited: $inherited, where: $where, first: $first, after: $after,
    orderBy: {{field: CREATED_AT, direction: ASC}}
  ) {{
    totalCount
    pageInfo {{ hasNextPage }}
    edges {{
      cursor
      node {{ {_ROW} content metadata createdAt createdBy updatedBy {_RELATIONS} ... on Guideline {{ priority }} }}
    }}
  }}
}}"""
NODE = f"""
query McpNode($id: ID!, $graph: String) {{
  node(id: $id, graph: $graph) {{ {_ROW} content {_RELATIONS} }}
}}"""
AROUND = f"""
query McpAround($id: ID!, $graph: String) {{
  node(id: $id, graph: $graph) {{ {_ROW} content {_RELATIONS} }}
  neighbours(id: $id, graph: $graph, depth: 2, first: 30) {{ distance node {{ {_ROW} }} }}
}}"""
SUMMARY = f"""
query McpSummary($graph: String, $inherited: Boolean!, $decisions: Int!, $recent: Int!) {{
  notes: nodes(graph: $graph, includeInherited: $inherited, where: {{type: {{eq: NOTE}}}}) {{ totalCount }}
  guidelines: nodes(graph: $graph, includeInherited: $inherited, where: {{type: {{eq: GUIDELINE}}}}) {{ totalCount }}
  patterns: nodes(graph: $graph, includeInherited: $inherited, where: {{type: {{eq: PATTERN}}}}) {{ totalCount }}
  journal: nodes(graph: $graph, includeInherited: $inherited, where: {{type: {{eq: JOURNAL}}}}) {{ totalCount }}
  executions: nodes(graph: $graph, includeInherited: $inherited, where: {{type: {{eq: EXECUTION}}}}) {{ totalCount }}
  decisions: nodes(
    graph: $graph, includeInherited: $inherited, first: $decisions,
    where: {{type: {{eq: DECISION}}, not: {{status: {{in: ["superseded", "rejected", "deprecated"]}}}}}}
  ) {{ totalCount nodes {{ {_ROW} content }} }}
  recent: nodes(graph: $graph, includeInherited: $inherited, first: $recent) {{ nodes {{ {_ROW} }} }}
  tags(graph: $graph, includeInherited: $inherited, first: 15) {{ tag count }}
}}"""

APPLICABLE = f"""
query McpApplicable($graph: String!, $topic: String, $shared: Boolean!, $first: Int!) {{
  guidelinesFor(graph: $graph, topic: $topic, includeShared: $shared, first: $first) {{
    priority inheritedFrom
    overrides {{ graph }}
    guideline {{ {_ROW} content }}
  }}
}}"""

_BLOCK = "id graph path text marker state priority scheduled deadline tags properties node { id title }"
BLOCKS = f"""
query McpBlocks(
  $graph: String, $node: ID, $tag: String, $property: String, $propertyValue: String, $state: [TaskState!],
  $text: String, $first: Int!, $after: String
) {{
  blocks(
    graph: $graph, node: $node, first: $first, after: $after,
    where: {{tag: $tag, property: $property, propertyValue: $propertyValue, state: $state, text: $text}}
  ) {{
    pageInfo {{ hasNextPage }}
    edges {{ cursor node {{ {_BLOCK} }} }}
  }}
}}"""
TODOS = f"""
query McpTodos(
  $graph: String, $node: ID, $tag: String, $state: [TaskState!], $priority: String, $due: Date, $first: Int!,
  $after: String
) {{
  todos(
    graph: $graph, node: $node, tag: $tag, state: $state, priority: $priority, due: $due, first: $first, after: $after
  ) {{
    pageInfo {{ hasNextPage }}
    edges {{ cursor node {{ {_BLOCK} }} }}
  }}
}}"""
TEXT = "query McpText($id: ID!, $graph: String) { node(id: $id, graph: $graph) { id graph title content rev } }"
UPDATE = """
mutation McpUpdate($input: UpdateNodeInput!) { updateNode(input: $input) { node { id graph title rev } } }"""
