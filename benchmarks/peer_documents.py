"""The operations in the schema that @neo4j/graphql generates; see peer-neo4j-graphql/schema.graphql."""

from typing import Any

from stratumiops.graph.ids import format_instant, parse_instant
from stratumiops.graph.models import RelationType


def _field(kind: RelationType) -> str:
    """`relates_to` is the field `relatesTo`."""
    first, *rest = kind.value.split("_")
    return first + "".join(part.capitalize() for part in rest)


RELATION_FIELDS = tuple((kind.name, f"{_field(kind)}Connection") for kind in RelationType)
"""Stored type of each relation and the peer's field for it."""


def _all_relations(selection: str) -> str:
    return " ".join(f"{field} {{ edges {{ {selection} }} }}" for _, field in RELATION_FIELDS)


PEER = {
    "node": """query Node($graph: String!, $id: ID!) {
  knowledgeNodes(where: {graph: {eq: $graph}, id: {eq: $id}}) {
    id type title content tags status createdAt updatedAt rev
  }
}""",
    "filtered": """query Filtered($graph: String!, $status: String!) {
  knowledgeNodes(
    where: {graph: {eq: $graph}, type: {eq: "decision"}, status: {eq: $status}}
    sort: [{updatedAt: DESC}], limit: 50
  ) { id title status tags updatedAt }
}""",
    "relations": f"""query Relations($graph: String!, $before: String!) {{
  knowledgeNodes(
    where: {{graph: {{eq: $graph}}, updatedAt: {{lt: $before}}}}, sort: [{{updatedAt: DESC}}], limit: 50
  ) {{ id title {_all_relations("properties { weight } node { id title type }")} }}
}}""",
    "nested": """query Nested($graph: String!, $before: String!) {
  knowledgeNodes(
    where: {graph: {eq: $graph}, type: {eq: "decision"}, updatedAt: {lt: $before}}
    sort: [{updatedAt: DESC}], limit: 20
  ) {
    id title
    dependsOn(sort: [{id: ASC}], limit: 5) { id title dependsOn(sort: [{id: ASC}], limit: 5) { id title } }
  }
}""",
    "connection": """query Connection($graph: String!) {
  knowledgeNodesConnection(where: {graph: {eq: $graph}}, sort: [{id: ASC}], first: 100) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { cursor node { id title type } }
  }
}""",
    "slice": f"""query Slice($graph: String!) {{
  knowledgeNodes(where: {{graph: {{eq: $graph}}}}) {{ id title type status {_all_relations("node { id }")} }}
}}""",
    "create_one": """mutation CreateOne($input: [KnowledgeNodeCreateInput!]!) {
  createKnowledgeNodes(input: $input) { knowledgeNodes { id title tags rev } }
}""",
    "create_many": """mutation CreateMany($input: [KnowledgeNodeCreateInput!]!) {
  createKnowledgeNodes(input: $input) { knowledgeNodes { id title } }
}""",
}


def peer_variables(operation: str, values: dict[str, Any]) -> dict[str, Any]:
    """Our variables as the peer takes them. It makes the ids of new nodes, the client gives the rest."""
    if operation not in ("create_one", "create_many"):
        return values
    graph = values["input"]["graph"]
    nodes = values["input"].get("nodes", [values["input"]])
    now = format_instant(parse_instant("2026-11-01T00:00:00Z"))
    fixed = {
        "graph": graph,
        "type": "note",
        "metadata": "{}",
        "createdAt": now,
        "updatedAt": now,
        "createdBy": "bench",
        "updatedBy": "bench",
        "rev": 1,
    }
    return {"input": [fixed | {key: node[key] for key in ("title", "content", "tags")} for node in nodes]}
