"""What the resolvers of knowledge need of a store, in the terms of the domain.

A `Description` says what is wanted, as `engine.describe` makes it of a field's arguments. A `Row` holds the stored
properties of a node, by name; `schema.knowledge.node_of` makes the node of it. Neo4j and a directory of files each
implement both protocols.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from stratumiops.graph.models import Edge, Node
from stratumiops.graph.selection.answers import RelationRow, RevisionRow, Row
from stratumiops.ingest.embedding.progress import EmbeddingReport
from stratumiops.ingest.retrieval.models import Found, FoundChunk, SearchRequest

Description = Mapping[str, Any]
Key = tuple[str, str]
"""Graph and id of a node."""
Batch = Callable[[Sequence[Key]], Awaitable[Mapping[Key, Any]]]
"""Reads the same of many nodes at once; nodes that have nothing of it may be missing in the answer."""

Guidelines = tuple[
    Sequence[tuple[Row, Sequence[Key]]], Sequence[tuple[str, int]], Sequence[tuple[str, str, float]] | None
]
"""Rows with the keys of what supersedes each; graphs with their priorities; graph, id and score of what matches."""


class ReadsOneValue(Protocol):
    """Runs one reading statement."""

    async def read_one(
        self, text: str, params: dict[str, Any] | None = None, *, timeout_s: float | None = None
    ) -> Any | None:
        """The first value of the only record, or None."""


class KnowledgeReads(Protocol):
    """The reads of one request. What may not be read is never in an answer.

    Raises:
        TooComplex: the conditions are nested too deep, or too many.
    """

    async def cypher(self, build: Callable[[Any, str], str], described: Description) -> Any:
        """The value of a root subquery that `build` makes of a shape and the name of its result.

        Raises:
            Unavailable: the store does not speak Cypher.
        """

    async def statement(self, text: str, params: dict[str, Any]) -> Any:
        """The value of one reading statement.

        Raises:
            Unavailable: the store does not speak Cypher.
        """

    async def node(self, described: Description) -> list[Row]:
        """The node with this id, in each graph that has one (at most two)."""

    async def page(self, described: Description) -> list[tuple[Any, ...]]:
        """Nodes in order, one more than `first`: each with its `Order.row_key`."""

    async def total(self, described: Description) -> int:
        """How many nodes `page` would go through."""

    async def keys(self, described: Description) -> list[Key]:
        """Keys of the nodes that satisfy the conditions."""

    async def search(self, described: Description) -> list[tuple[float, Row, list[Key], Key]]:
        """Nodes that match `text`, best first: score, row, the keys of what supersedes it, its own key."""

    async def near(self, described: Description) -> list[tuple[int, Row]]:
        """Nodes around a node, with their distances, nearest first; of the present."""

    async def path(self, described: Description) -> tuple[list[Row], list[RelationRow]] | None:
        """Nodes and relations of a shortest path; None: there is none. Of the present."""

    async def pattern(self, described: Description) -> list[RelationRow]:
        """Relations of some types between nodes that satisfy `from` and nodes that satisfy `to`, by the ends' ids."""

    async def graph_slice(self, described: Description) -> list[Any]:
        """[columns of nodes, columns of relations] as `graph.selection.roots.graph_slice` describes them."""

    async def history(self, described: Description) -> list[list[RevisionRow]]:
        """The states of the node with this id, newest first, for each graph that has or had one (at most two)."""

    async def tags(self, described: Description) -> list[tuple[str, int]]:
        """Tags and how many nodes have them, most used first."""

    async def growth(self, described: Description) -> list[tuple[str, str, int]]:
        """First day of a period, type and number of nodes created in it, the newest period first."""

    async def graphs(self, names: Sequence[str]) -> list[tuple[Row, list[tuple[str, int]], int]]:
        """Named graphs by name: properties, inherited graphs with their priorities, number of nodes."""

    async def server(self, names: Sequence[str]) -> tuple[int | None, str, str, int]:
        """Version of the store's schema, its product and version, and how many nodes the named graphs hold."""

    async def nodes_by_id(self, graph: str, ids: Sequence[str]) -> list[Row]:
        """The live nodes of a graph with these ids, in no order."""

    async def relation(self, described: Description) -> RelationRow | None:
        """The relation of this type from `source` to `target`: the one that holds, or that ended last."""

    async def guidelines(self, graphs: Sequence[str], topic: str | None) -> Guidelines:
        """The guidelines of graphs, those of highest priority first in each, the priorities of the graphs, and what
        matches a topic, best first; None: there is no topic."""

    def related(self, described: Description) -> Batch:
        """Rows of the nodes at the other end of relations, each once."""

    def relations(self, described: Description) -> Batch:
        """Rows of relations, in order of the other end's id."""

    def relation_count(self, described: Description) -> Batch:
        """How many relations there are."""

    def states(self, described: Description) -> Batch:
        """Rows of states, newest first."""


class BlockReads(Protocol):
    """The reads of blocks of one request; a block's row holds its stored properties."""

    async def page(self, described: Description) -> Sequence[Row]:
        """Blocks in order of graph, path, node and place, one beyond `first`."""

    async def total(self, described: Description) -> int:
        """How many blocks `page` would go through."""

    async def by_key(self, keys: Sequence[tuple[str, ...]]) -> Mapping[tuple[str, ...], Row]:
        """Blocks by graph, node id and id."""

    async def nodes(self, keys: Sequence[tuple[str, ...]]) -> Mapping[tuple[str, ...], Row]:
        """Nodes by graph and id."""

    async def references(
        self, keys: Sequence[tuple[str, ...]]
    ) -> Mapping[tuple[str, ...], Sequence[tuple[Row, Row | None]]]:
        """What blocks refer to: rows of the node, and of the block or None. By graph, node id and id."""


class KnowledgeWrites(Protocol):
    """Changes of knowledge, each whole or not at all; see `graph.store.knowledge.KnowledgeWriter` for the errors.

    With an idempotency key a change is made once, and later calls get the first one's result.
    """

    async def create_nodes(
        self, nodes: Sequence[Node], edges: Sequence[Edge] = (), *, actor: str, idempotency_key: str | None = None
    ) -> list[str]:
        """Create nodes of one graph and relations among them or to others; the ids in order."""

    async def update_node(
        self,
        graph: str,
        node_id: str,
        rev: int,
        changes: Mapping[str, Any],
        *,
        actor: str,
        idempotency_key: str | None = None,
    ) -> Mapping[str, Any]:
        """Change stored properties of a node, by name; None removes one."""

    async def delete_node(
        self, graph: str, node_id: str, rev: int | None = None, *, actor: str, idempotency_key: str | None = None
    ) -> Mapping[str, Any]:
        """Take a node and its relations out of the present; the answer has `rev` and `deleted_at`."""

    async def undelete_node(
        self, graph: str, node_id: str, rev: int | None = None, *, actor: str, idempotency_key: str | None = None
    ) -> Mapping[str, Any]:
        """Bring a deleted node back, with the relations that its deletion ended."""

    async def link(self, edge: Edge, *, actor: str, idempotency_key: str | None = None) -> Edge:
        """Join two live nodes; doing it again changes weight and origin."""

    async def unlink(self, edge: Edge, *, actor: str, idempotency_key: str | None = None) -> Edge:
        """End the relation between two ends, whatever its weight, and return what it was."""


class Retrieval(Protocol):
    """Searches by meaning and by both."""

    async def search(self, request: SearchRequest) -> list[Found]:
        """Hits, best first.

        Raises:
            BadInput: what cannot be asked.
            Unavailable: there are no vectors, or the model is out of reach.
        """

    async def chunks_by_words(self, query: str, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], FoundChunk]:
        """Of each node (graph, id) the chunk with most words of a question; those without chunks left out."""

    async def status(self, graphs: Sequence[str]) -> EmbeddingReport:
        """How far the vectors of these graphs are."""
