"""The writing side of knowledge: nodes and relations with revisions, tombstones and events."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any, TypedDict, cast

from stratumiops.graph.claims import claim
from stratumiops.graph.errors import BadInput, Conflict, NotFound
from stratumiops.graph.ids import uuid7
from stratumiops.graph.models import Edge, Node
from stratumiops.graph.store import statements
from stratumiops.graph.store.database import Database, Row, Transaction
from stratumiops.graph.store.idempotency import once
from stratumiops.graph.store.records import edge_from
from stratumiops.graph.store.statements import MAX_NODES_PER_STATEMENT, WriteStatement
from stratumiops.graph.validation import (
    MAX_BATCH,
    check_changes,
    check_edge,
    check_graph_name,
    check_id,
    check_node,
)

_EDGES_PER_STATEMENT = 2_000
_NODE = "RETURN n{.graph, .id, .type, .rev, .updated_at, .deleted_at} AS change"
_EDGE = "RETURN s.id AS source, t.id AS target, type(r) AS type, properties(r) AS relation"


class NodeChange(TypedDict):
    """What a change made of a node; `deleted_at` is None while it lives."""

    graph: str
    id: str
    type: str
    rev: int
    updated_at: str
    deleted_at: str | None


class KnowledgeWriter:
    """Changes of knowledge, each one statement in one round trip, checked before it is sent.

    The `…_statement` methods give the statement to whoever wants to append a selection; the others run it.
    With an idempotency key a change is made once, and later calls get the first one's result.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    # ---- statements

    def create_statement(self, nodes: Sequence[Node], actor: str) -> WriteStatement:
        """New nodes of one graph, at most 1,000; a node without id gets one. Binds n and ord."""
        chosen = any(node.id for node in nodes)
        return statements.create_statement(_checked(nodes), actor, chosen_ids=chosen)

    def update_statement(
        self, graph: str, node_id: str, rev: int, changes: Mapping[str, Any], actor: str
    ) -> WriteStatement:
        """New values of stored properties of the node whose revision is `rev`. Binds n."""
        checked, of_types = check_changes(changes)
        graph, node_id = check_graph_name(graph), check_id(node_id)
        return statements.update_statement(graph, node_id, rev, checked, actor, of_types=of_types)

    def delete_statement(self, graph: str, node_id: str, rev: int | None, actor: str) -> WriteStatement:
        """The node and its relations leave the present; with `rev`, only that revision. Binds n."""
        return statements.delete_statement(check_graph_name(graph), check_id(node_id), rev, actor)

    def undelete_statement(self, graph: str, node_id: str, rev: int | None, actor: str) -> WriteStatement:
        """The deleted node comes back with the relations its deletion ended. Binds n."""
        return statements.undelete_statement(check_graph_name(graph), check_id(node_id), rev, actor)

    def link_statement(self, edge: Edge, actor: str) -> WriteStatement:
        """A relation of two live nodes of one graph. Binds s, r and t."""
        return statements.link_statement(check_edge(edge), actor)

    def unlink_statement(self, edge: Edge, actor: str) -> WriteStatement:
        """The relation between these two ends, whatever its weight. Binds s, r (what it was) and t."""
        return statements.unlink_statement(check_edge(edge), actor)

    # ---- changes

    async def create_nodes(
        self,
        nodes: Sequence[Node],
        edges: Sequence[Edge] = (),
        *,
        actor: str,
        idempotency_key: str | None = None,
    ) -> list[str]:
        """Create nodes of one graph and relations among them or to others, all or nothing; the ids in order.

        Raises:
            BadInput: nothing given, too much, several graphs, or a value outside the limits.
            NotFound: no such graph, or an end of a relation is not there.
            Conflict: an id is taken, by a live node or a deleted one.
        """
        if not nodes or len(nodes) > MAX_BATCH or len(edges) > MAX_BATCH:
            raise BadInput(f"Give 1 to {MAX_BATCH:,} nodes and at most {MAX_BATCH:,} relations.", field="nodes")
        chosen = any(node.id for node in nodes)
        ready = _checked(nodes)
        links = [check_edge(edge) for edge in edges]
        if len({node.graph for node in ready} | {edge.graph for edge in links}) > 1:
            raise BadInput("All nodes and relations of one call belong to one graph.", field="graph")

        async def work(transaction: Transaction) -> list[str]:
            for first in range(0, len(ready), MAX_NODES_PER_STATEMENT):
                batch = ready[first : first + MAX_NODES_PER_STATEMENT]
                await self._create(transaction.run, batch, actor, chosen_ids=chosen)
            for some in _batches(links):
                await self._link_many(transaction, some, actor)
            return [node.id for node in ready]

        if idempotency_key is not None:
            given = [[asdict(node) for node in nodes], [asdict(edge) for edge in edges]]
            return list(await once(self._db, claim(actor, idempotency_key, "createNodes", given), work))
        if links or len(ready) > MAX_NODES_PER_STATEMENT:
            return await self._db.transaction(work)
        await self._create(self._db.write, ready, actor, chosen_ids=chosen)
        return [node.id for node in ready]

    async def update_node(
        self,
        graph: str,
        node_id: str,
        rev: int,
        changes: Mapping[str, Any],
        *,
        actor: str,
        idempotency_key: str | None = None,
    ) -> NodeChange:
        """Change stored properties of a node, by name; None removes one.

        Raises:
            BadInput: no such property, or a value outside the limits.
            NotFound: no live node of this id.
            Conflict: it has another revision by now.
        """
        statement = self.update_statement(graph, node_id, rev, changes, actor)
        given = [graph, node_id, rev, dict(changes)]
        row = await self._one(statement, _NODE, "updateNode", given, idempotency_key)
        return cast("NodeChange", row["change"])

    async def delete_node(
        self,
        graph: str,
        node_id: str,
        rev: int | None = None,
        *,
        actor: str,
        idempotency_key: str | None = None,
    ) -> NodeChange:
        """Take a node and its relations out of the present; `undelete_node` brings them back.

        Raises:
            NotFound: no live node of this id.
            Conflict: it has another revision than the one named.
        """
        statement = self.delete_statement(graph, node_id, rev, actor)
        given = [graph, node_id, rev]
        row = await self._one(statement, _NODE, "deleteNode", given, idempotency_key)
        return cast("NodeChange", row["change"])

    async def undelete_node(
        self,
        graph: str,
        node_id: str,
        rev: int | None = None,
        *,
        actor: str,
        idempotency_key: str | None = None,
    ) -> NodeChange:
        """Bring a deleted node back, with the relations that its deletion ended.

        Raises:
            NotFound: no node of this id.
            Conflict: it is not deleted, or has another revision than the one named.
        """
        statement = self.undelete_statement(graph, node_id, rev, actor)
        given = [graph, node_id, rev]
        row = await self._one(statement, _NODE, "undeleteNode", given, idempotency_key)
        return cast("NodeChange", row["change"])

    async def link(self, edge: Edge, *, actor: str, idempotency_key: str | None = None) -> Edge:
        """Join two live nodes; doing it again changes weight and origin, or nothing when they are the same.

        Raises:
            BadInput: source and target are the same node, or a value does not fit.
            NotFound: one of the two is not there.
        """
        statement = self.link_statement(edge, actor)
        row = await self._one(statement, _EDGE, "linkNodes", asdict(edge), idempotency_key)
        return edge_from(edge.graph, row)

    async def unlink(self, edge: Edge, *, actor: str, idempotency_key: str | None = None) -> Edge:
        """End the relation between two ends, whatever its weight, and return what it was.

        Raises:
            NotFound: there is no such live relation.
        """
        statement = self.unlink_statement(edge, actor)
        given = [edge.graph, edge.source, edge.target, edge.relation.value]
        row = await self._one(statement, _EDGE, "unlinkNodes", given, idempotency_key)
        return edge_from(edge.graph, row)

    # ---- inside

    async def _one(
        self,
        statement: WriteStatement,
        returning: str,
        operation: str,
        given: object,
        idempotency_key: str | None,
    ) -> Row:
        """The single row of a statement; a statement with no row raises what was wrong."""

        async def work(transaction: Transaction) -> Row:
            rows = await transaction.run(statement.head + returning, statement.params)
            return rows[0] if rows else await statement.diagnose(self._db)

        if idempotency_key is not None:
            actor = statement.params["actor"]
            return dict(await once(self._db, claim(actor, idempotency_key, operation, given), work))
        rows = await self._db.write(statement.head + returning, statement.params)
        return rows[0] if rows else await statement.diagnose(self._db)

    async def _create(
        self,
        run: Callable[[str, dict[str, Any]], Awaitable[list[Row]]],
        batch: Sequence[Node],
        actor: str,
        *,
        chosen_ids: bool,
    ) -> None:
        statement = statements.create_statement(batch, actor, chosen_ids=chosen_ids)
        made = (await run(statement.head + "RETURN count(n) AS made", statement.params))[0]["made"]
        if made != len(batch):
            await statement.diagnose(self._db)

    async def _link_many(self, transaction: Transaction, batch: Sequence[Edge], actor: str) -> None:
        statement = statements.link_many_statement(batch, actor)
        row = (await transaction.run(statement.head + "RETURN matched", statement.params))[0]
        if row["matched"] != len(statement.params["edges"]):
            ids = statement.params["ids"]
            found = await transaction.run(
                "MATCH (n:KnowledgeNode {graph: $graph}) WHERE n.id IN $ids RETURN n.id AS id",
                {"graph": statement.graph, "ids": ids},
            )
            missing = sorted(set(ids) - {each["id"] for each in found})
            if not missing:
                raise Conflict("The change met another one at the same moment.", hint="Try again.")
            names = ", ".join(map(repr, missing[:5]))
            raise NotFound(f"A relation names nodes that are not in {statement.graph!r}: {names}.")


def _checked(nodes: Sequence[Node]) -> list[Node]:
    return [check_node(node, node.id or uuid7()) for node in nodes]


def _batches(edges: Sequence[Edge]) -> Iterator[list[Edge]]:
    """Edges by relation, in order of the relation's name: writers that meet lock in the same order."""
    for _, group in groupby(sorted(edges, key=_by_relation), key=_by_relation):
        same = list(group)
        for first in range(0, len(same), _EDGES_PER_STATEMENT):
            yield same[first : first + _EDGES_PER_STATEMENT]


def _by_relation(edge: Edge) -> str:
    return edge.relation.value
