"""The GraphQL operations of export and sync. Fixed texts, so that a server may trust them by their hashes."""

SYNC_PLAN = """
query SyncPlan($graph: String!, $source: String!, $first: Int!, $after: String) {
  syncPlan(graph: $graph, source: $source, first: $first, after: $after) {
    path hash format layout current live changed conflict conflictKind
  }
}"""

_RESULTS = "documents { path outcome write conflict } problems { path line code message severity }"

SYNC_DOCUMENTS = f"""
mutation SyncDocuments($input: SyncDocumentsInput!) {{ syncDocuments(input: $input) {{ {_RESULTS} }} }}"""

CONFIRM_DOCUMENTS = f"""
mutation ConfirmDocuments($input: ConfirmDocumentsInput!) {{ confirmDocuments(input: $input) {{ {_RESULTS} }} }}"""

REMOVE_DOCUMENTS = f"""
mutation RemoveDocuments($input: RemoveDocumentsInput!) {{ removeDocuments(input: $input) {{ {_RESULTS} }} }}"""

PLACE_NODES = "mutation PlaceNodes($input: PlaceNodesInput!) { placeNodes(input: $input) { paths } }"

_FILES = "documents { path content contentBase64 changed base nodeId rev format unsaid problem } after"

EXPORT_DOCUMENTS = f"""
query ExportDocuments($graph: String!, $source: String!, $first: Int!, $after: String, $paths: [String!]) {{
  exportDocuments(graph: $graph, source: $source, first: $first, after: $after, paths: $paths) {{ {_FILES} }}
}}"""

EXPORT_NEW = f"""
query ExportNew($graph: String!, $source: String!, $first: Int!, $after: String, $format: DocumentFormat) {{
  exportNewDocuments(graph: $graph, source: $source, first: $first, after: $after, format: $format) {{ {_FILES} }}
}}"""

SOURCES = "query Sources($graph: String!) { documentSources(graph: $graph) }"

JOIN_DOCUMENTS = """
mutation JoinDocuments($input: FinishImportInput!) { finishImport(input: $input) { relations unresolvedCount } }"""

SYNCED_GRAPH = "query SyncedGraph($name: String!) { graph(name: $name) { name } }"

NEW_GRAPH = "mutation NewSyncedGraph($input: CreateGraphInput!) { createGraph(input: $input) { graph { name } } }"

CONFLICTS = """
query Conflicts($graph: String!, $first: Int!, $after: String) {
  conflicts(graph: $graph, first: $first, after: $after) { id source path kind nodeId since }
}"""
