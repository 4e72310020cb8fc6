"""A LlamaIndex property graph store over the API.

An entity or a chunk is a node; what a node has no field for stands in its metadata under `llama`, so that it comes
back as it went in. The six relations keep their names; any other label becomes `relates_to`, and the label itself
stands in the metadata of the source. Nodes that others wrote are entities named by their id.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from llama_index.core.graph_stores.types import (
    ChunkNode,
    EntityNode,
    LabelledNode,
    PropertyGraphStore,
    Relation,
    Triplet,
)
from llama_index.core.vector_stores.types import VectorStoreQuery

from stratumiops.graph.errors import BadInput, Conflict
from stratumiops.graph.models import NodeType, RelationType
from stratumiops.ingest.llama.ports import GraphQLClient

_NODE: Final = "id graph type title content tags status metadata rev"
_NODES: Final = f"""
query Nodes($graph: String!, $where: NodeWhere, $first: Int!, $after: String) {{
  nodes(graph: $graph, includeInherited: false, where: $where, first: $first, after: $after,
    orderBy: {{ field: ID, direction: ASC }}) {{
    nodes {{ {_NODE} }} pageInfo {{ hasNextPage endCursor }}
  }}
}}"""
_RELATIONS: Final = f"""
query Relations($graph: String!, $where: NodeWhere, $first: Int!) {{
  nodes(graph: $graph, includeInherited: false, where: $where, first: $first) {{
    nodes {{ {_NODE} relations(direction: OUT, first: 1000) {{ type weight target {{ {_NODE} }} }} }}
  }}
}}"""
_AROUND: Final = f"""
query Around($graph: String!, $where: NodeWhere, $first: Int!) {{
  nodes(graph: $graph, includeInherited: false, where: $where, first: $first) {{
    nodes {{ id relations(direction: BOTH, first: 100) {{
      type weight source {{ {_NODE} }} target {{ {_NODE} }}
    }} }}
  }}
}}"""
_CREATE: Final = "mutation Create($input: CreateNodesInput!) { createNodes(input: $input) { count } }"
_UPDATE: Final = "mutation Update($input: UpdateNodeInput!) { updateNode(input: $input) { node { rev } } }"
_UNDELETE: Final = "mutation Undelete($input: UndeleteNodeInput!) { undeleteNode(input: $input) { node { rev } } }"
_DELETE: Final = "mutation Delete($input: DeleteNodeInput!) { deleteNode(input: $input) { id } }"
_LINK: Final = "mutation Link($input: LinkNodesInput!) { linkNodes(input: $input) { relation { type } } }"
_UNLINK: Final = "mutation Unlink($input: UnlinkNodesInput!) { unlinkNodes(input: $input) { relation { type } } }"
_SEARCH: Final = f"""
query Search($graph: String!, $query: String!, $first: Int!) {{
  search(graph: $graph, includeInherited: false, query: $query, mode: HYBRID, first: $first) {{
    score node {{ {_NODE} }}
  }}
}}"""
_PAGE: Final = 500
_MINE: Final = "llama"


class KogralPropertyGraphStore(PropertyGraphStore):
    """One named graph.

    Args:
        client: see `GraphQLClient`; it must be allowed to write.
        graph: the named graph, which must be there.
    """

    supports_structured_queries = False
    supports_vector_queries = False

    def __init__(self, client: GraphQLClient, graph: str = "default") -> None:
        self._client = client
        self._graph = graph

    @property
    def client(self) -> GraphQLClient:
        """The client that was given."""
        return self._client

    def get(self, properties: dict[str, Any] | None = None, ids: list[str] | None = None) -> list[LabelledNode]:
        """Nodes with these ids and with these properties, in order of id."""
        found = [_labelled(held) for held in self._nodes({"id": {"in": ids}} if ids is not None else None)]
        wanted = (properties or {}).items()
        return [node for node in found if all(node.properties.get(name) == value for name, value in wanted)]

    def get_triplets(
        self,
        entity_names: list[str] | None = None,
        relation_names: list[str] | None = None,
        properties: dict[str, Any] | None = None,
        ids: list[str] | None = None,
    ) -> list[Triplet]:
        """Relations that leave the nodes so named, with both ends; of all nodes without names."""
        names = None if entity_names is None and ids is None else [*(entity_names or ()), *(ids or ())]
        found: list[Triplet] = []
        for held in self._pages(_RELATIONS, names):
            for relation in held["relations"]:
                triplet = _triplet(held, relation, relation["target"])
                if relation_names is None or triplet[1].label in relation_names:
                    found.append(triplet)
        wanted = (properties or {}).items()
        return [one for one in found if all(one[1].properties.get(name) == value for name, value in wanted)]

    def get_rel_map(
        self,
        graph_nodes: list[LabelledNode],
        depth: int = 2,
        limit: int = 30,
        ignore_rels: list[str] | None = None,
    ) -> list[Triplet]:
        """Relations within `depth` steps of the nodes, nearest first, each once."""
        seen, found = set[tuple[str, str, str]](), list[Triplet]()
        level = [node.id for node in graph_nodes]
        reached = set(level)
        for _ in range(depth):
            following: list[str] = []
            for held in self._pages(_AROUND, level):
                for relation in held["relations"]:
                    source, target = relation["source"], relation["target"]
                    triplet = _triplet(source, relation, target)
                    key = (source["id"], triplet[1].label, target["id"])
                    if key in seen or triplet[1].label in (ignore_rels or ()):
                        continue
                    seen.add(key)
                    found.append(triplet)
                    following += [end["id"] for end in (source, target) if end["id"] not in reached]
            level = list(dict.fromkeys(following))
            reached.update(level)
            if not level or len(found) >= limit:
                break
        return found[:limit]

    def upsert_nodes(self, nodes: Sequence[LabelledNode]) -> None:
        """Write nodes; of doubles the last counts. Embeddings are not taken: the server makes its own."""
        inputs = {node.id: _input(node) for node in nodes}
        known = {held["id"]: held for held in self._nodes({"id": {"in": list(inputs)}})} if inputs else {}
        fresh = [given for node_id, given in inputs.items() if node_id not in known]
        if fresh:
            self._create(fresh)
        for node_id, held in known.items():
            self._replace(inputs[node_id], held)

    def upsert_relations(self, relations: list[Relation]) -> None:
        """Join nodes; an end that is not there is made, as an entity."""
        ends = {end for one in relations for end in (one.source_id, one.target_id)}
        known = {held["id"] for held in self._nodes({"id": {"in": sorted(ends)}})} if ends else set()
        self.upsert_nodes([EntityNode(name=end) for end in sorted(ends - known)])
        for one in relations:
            kind = _relation_type(one.label)
            weight = one.properties.get("weight", 1.0)
            joined = {"source": one.source_id, "target": one.target_id, "relation": kind.name, "graph": self._graph}
            self._client.execute(_LINK, {"input": {**joined, "weight": float(weight)}})
            rest = {name: value for name, value in one.properties.items() if name != "weight"}
            if kind.name != one.label or rest:
                self._remember(one, kind, rest)

    def delete(
        self,
        entity_names: list[str] | None = None,
        relation_names: list[str] | None = None,
        properties: dict[str, Any] | None = None,
        ids: list[str] | None = None,
    ) -> None:
        """Delete the nodes so named or with these properties, and relations of these labels. History keeps them."""
        doomed = [node.id for node in self.get(properties)] if properties else []
        names = [*(entity_names or ()), *(ids or ()), *doomed]
        if relation_names:
            for source, relation, target in self.get_triplets(relation_names=relation_names):
                ends = {"source": source.id, "target": target.id, "graph": self._graph}
                kind = _relation_type(relation.label).name
                self._client.execute(_UNLINK, {"input": {**ends, "relation": kind}})
        for held in self._nodes({"id": {"in": list(dict.fromkeys(names))}}) if names else ():
            self._client.execute(_DELETE, {"input": {"id": held["id"], "graph": self._graph}})

    def structured_query(self, query: str, param_map: dict[str, Any] | None = None) -> Any:
        """Not offered: the store is reached by GraphQL, not by Cypher.

        Raises:
            BadInput: always.
        """
        raise BadInput("this store takes no Cypher", hint="use get, get_triplets and get_rel_map")

    def vector_query(self, query: VectorStoreQuery, **kwargs: Any) -> tuple[list[LabelledNode], list[float]]:
        """Nodes nearest to the words of the query; its own vector is of another model and not looked at.

        Raises:
            BadInput: a query without words.
        """
        if not query.query_str:
            raise BadInput("this store searches by the query's words, and there are none", field="query_str")
        values = {"graph": self._graph, "query": query.query_str, "first": query.similarity_top_k}
        hits = self._client.execute(_SEARCH, values)["search"]
        return [_labelled(hit["node"]) for hit in hits], [hit["score"] for hit in hits]

    # ---- inside

    def _nodes(self, where: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
        after: str | None = None
        more = True
        while more:
            values = {"graph": self._graph, "where": where, "first": _PAGE, "after": after}
            page = self._client.execute(_NODES, values)["nodes"]
            yield from page["nodes"]
            more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]

    def _pages(self, document: str, ids: Sequence[str] | None) -> Iterator[dict[str, Any]]:
        """Nodes with what hangs on them, some at a time: relations multiply."""
        names = [held["id"] for held in self._nodes(None)] if ids is None else list(dict.fromkeys(ids))
        for begin in range(0, len(names), 50):
            where = {"id": {"in": names[begin : begin + 50]}}
            values = {"graph": self._graph, "where": where, "first": 50}
            yield from self._client.execute(document, values)["nodes"]["nodes"]

    def _create(self, inputs: Sequence[dict[str, Any]]) -> None:
        try:
            self._client.execute(_CREATE, {"input": {"graph": self._graph, "nodes": list(inputs)}})
        except Conflict:
            for given in inputs:
                self._create_or_bring_back(given)

    def _create_or_bring_back(self, given: dict[str, Any]) -> None:
        try:
            self._client.execute(_CREATE, {"input": {"graph": self._graph, "nodes": [given]}})
        except Conflict:
            found = self._client.execute(_UNDELETE, {"input": {"graph": self._graph, "id": given["id"]}})
            self._replace(given, {**given, **found["undeleteNode"]["node"]})

    def _replace(self, given: Mapping[str, Any], held: Mapping[str, Any]) -> None:
        """The API keeps a node's type; the label that was given stands in the metadata."""
        kept = {name: value for name, value in given.items() if name not in {"type", "id"}}
        metadata = {**(held.get("metadata") or {}), **given["metadata"]}
        values = {**kept, "metadata": metadata, "id": given["id"], "graph": self._graph, "rev": held["rev"]}
        self._client.execute(_UPDATE, {"input": values})

    def _remember(self, one: Relation, kind: RelationType, rest: Mapping[str, Any]) -> None:
        """Keep a relation's own label and properties with its source."""
        [held] = self._nodes({"id": {"eq": one.source_id}})
        metadata = dict(held["metadata"] or {})
        told = dict(metadata.get(f"{_MINE}_relations") or {})
        told[f"{kind.value} {one.target_id}"] = {"label": one.label, "properties": dict(rest)}
        changed = {**metadata, f"{_MINE}_relations": told}
        values = {"id": one.source_id, "graph": self._graph, "rev": held["rev"], "metadata": changed}
        self._client.execute(_UPDATE, {"input": values})


def _relation_type(label: str) -> RelationType:
    name = label.strip().upper().replace(" ", "_").replace("-", "_")
    return RelationType[name] if name in RelationType.__members__ else RelationType.RELATES_TO


def _input(node: LabelledNode) -> dict[str, Any]:
    """A node as `createNodes` takes it."""
    kinds = {kind.value: kind for kind in NodeType}
    kind = kinds.get(node.label.lower(), NodeType.NOTE)
    text = node.text if isinstance(node, ChunkNode) else str(node.properties.get("content") or "")
    first = next((line.strip(" #") for line in text.splitlines() if line.strip(" #")), node.id)
    title = str(node.properties.get("title") or (node.name if isinstance(node, EntityNode) else first))
    mine = {
        "kind": "chunk" if isinstance(node, ChunkNode) else "entity",
        "label": node.label,
        "properties": node.properties,
    }
    if isinstance(node, EntityNode):
        mine["name"] = node.name
    return {"id": node.id, "type": kind.name, "title": title[:1_000], "content": text, "metadata": {_MINE: mine}}


def _labelled(held: Mapping[str, Any]) -> LabelledNode:
    """A node of the API; one that this store wrote comes back as it was."""
    mine = (held.get("metadata") or {}).get(_MINE)
    if isinstance(mine, dict) and mine.get("kind") == "chunk":
        return ChunkNode(id_=held["id"], text=held["content"], label=mine["label"], properties=mine["properties"])
    if isinstance(mine, dict) and mine.get("kind") == "entity":
        return EntityNode(name=mine["name"], label=mine["label"], properties=mine["properties"])
    properties = {name: held[name] for name in ("title", "content", "tags", "status")}
    return EntityNode(name=held["id"], label=held["type"].lower(), properties=properties)


def _triplet(source: Mapping[str, Any], relation: Mapping[str, Any], target: Mapping[str, Any]) -> Triplet:
    kind = RelationType[relation["type"]]
    told = ((source.get("metadata") or {}).get(f"{_MINE}_relations") or {}).get(f"{kind.value} {target['id']}") or {}
    made = Relation(
        label=told.get("label") or kind.name,
        source_id=source["id"],
        target_id=target["id"],
        properties={"weight": relation["weight"], **told.get("properties", {})},
    )
    return _labelled(source), made, _labelled(target)
