"""The GraphQL operations that write nodes, and those that look back."""

_WRITTEN = "id graph type title status date tags path updatedAt rev"

CREATE = {
    "note": f"""
mutation AddNote($input: CreateNoteInput!) {{
  made: createNote(input: $input) {{ node: note {{ {_WRITTEN} }} }}
}}""",
    "decision": f"""
mutation AddDecision($input: CreateDecisionInput!) {{
  made: createDecision(input: $input) {{ node: decision {{ {_WRITTEN} }} }}
}}""",
    "guideline": f"""
mutation AddGuideline($input: CreateGuidelineInput!) {{
  made: createGuideline(input: $input) {{ node: guideline {{ {_WRITTEN} }} }}
}}""",
    "pattern": f"""
mutation AddPattern($input: CreatePatternInput!) {{
  made: createPattern(input: $input) {{ node: pattern {{ {_WRITTEN} }} }}
}}""",
    "journal": f"""
mutation AddJournal($input: CreateJournalInput!) {{
  made: createJournal(input: $input) {{ node: journal {{ {_WRITTEN} }} }}
}}""",
}
"""By type of node."""

EDITED = f"""
query Edited($id: ID!, $graph: String) {{
  node(id: $id, graph: $graph) {{ {_WRITTEN} aliases content relationCount }}
}}"""
UPDATE = f"""
mutation Edit($input: UpdateNodeInput!) {{ updateNode(input: $input) {{ node {{ {_WRITTEN} }} }} }}"""
DELETE = "mutation Delete($input: DeleteNodeInput!) { deleteNode(input: $input) { id graph rev deletedAt } }"
UNDELETE = f"""
mutation Undelete($input: UndeleteNodeInput!) {{ undeleteNode(input: $input) {{ node {{ {_WRITTEN} }} }} }}"""

HISTORY = """
query History($id: ID!, $graph: String, $first: Int!) {
  history(id: $id, graph: $graph, first: $first) {
    id graph rev type title aliases content tags status date updatedBy validFrom validTo endedBy
  }
}"""

LIST_AS_OF = f"""
query ListAsOf($graph: String, $where: NodeWhere, $first: Int!, $after: String, $asOf: DateTime!) {{
  nodes(graph: $graph, where: $where, first: $first, after: $after, asOf: $asOf) {{
    nodes {{ {_WRITTEN} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}"""
FIND_AS_OF = """
query FindAsOf($where: NodeWhere!, $graph: String, $asOf: DateTime!) {
  nodes(where: $where, graph: $graph, first: 2, asOf: $asOf) { nodes { id graph title } }
}"""

_TYPES = ("NOTE", "DECISION", "GUIDELINE", "PATTERN", "JOURNAL", "EXECUTION")
_STATUSES = ("proposed", "accepted", "rejected", "deprecated", "superseded")
_BY_TYPE = "\n".join(
    f"  {name.lower()}: nodes(graph: $graph, includeInherited: false, where: {{type: {{eq: {name}}}}}) {{ totalCount }}"
    for name in _TYPES
)
_BY_STATUS = "\n".join(
    f'  {name}: decisions(graph: $graph, includeInherited: false, where: {{status: {{eq: "{name}"}}}}) {{ totalCount }}'
    for name in _STATUSES
)
STATS = f"""
query Stats($graph: String, $tags: Int!) {{
{_BY_TYPE}
{_BY_STATUS}
  unset: decisions(graph: $graph, includeInherited: false, where: {{status: {{isNull: true}}}}) {{ totalCount }}
  tags(graph: $graph, includeInherited: false, first: $tags) {{ tag count }}
  graphs {{ name nodeCount }}
}}"""
COUNTED_TYPES = tuple(name.lower() for name in _TYPES)
COUNTED_STATUSES = _STATUSES

COMPLETE_GRAPHS = "query CompleteGraphs { graphs { name title } }"
COMPLETE_NODES = """
query CompleteNodes($where: NodeWhere, $graph: String) {
  nodes(where: $where, graph: $graph, first: 100) { nodes { id title path } }
}"""
