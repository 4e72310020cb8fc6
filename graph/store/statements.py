"""Changes of knowledge as single statements, to which a caller may append what it wants back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from stratumiops.graph import refusals
from stratumiops.graph.errors import BadInput, Conflict
from stratumiops.graph.ids import utc_now, uuid7
from stratumiops.graph.models import Edge, Node, RelationType
from stratumiops.graph.store import queries
from stratumiops.graph.store.database import Database, Params
from stratumiops.graph.store.records import node_properties

MAX_NODES_PER_STATEMENT: Final = 1_000


@dataclass(frozen=True, slots=True)
class WriteStatement:
    """One statement that changes the graph: `head` ends with `binds` bound and has no RETURN.

    A statement that gives no row changed nothing; `diagnose` then raises the reason.

    Args:
        graph: the named graph it changes.
        ids: the nodes that must be there (or, for a new node, must not).
        rev: the revision the caller has seen, when it named one.
        deleted: the nodes must be deleted ones.
    """

    head: str
    params: Params
    binds: tuple[str, ...]
    graph: str
    ids: tuple[str, ...] = ()
    rev: int | None = None
    deleted: bool = False
    relation: RelationType | None = None
    of_types: tuple[str, ...] = ()

    async def diagnose(self, db: Database) -> NoReturn:
        """Raise why the statement changed nothing.

        Raises:
            NotFound: the graph, a node or the relation is not there.
            Conflict: the node has another revision, or is deleted or live already.
        """
        for node_id in self.ids or ("",):
            row = (await db.read(queries.DIAGNOSE, {"graph": self.graph, "id": node_id}))[0]
            if not row["graph"]:
                raise refusals.unknown_graph(self.graph)
            if self.ids:
                self._judge(node_id, row)
        if self.relation is not None:
            source, target = self.ids
            raise refusals.no_relation(Edge(graph=self.graph, source=source, target=target, relation=self.relation))
        raise Conflict("The change met another one at the same moment and was not made.", hint="Try again.")

    def _judge(self, node_id: str, row: Mapping[str, Any]) -> None:
        live, gone = row["live"], row["deleted"]
        if live is None and gone is None:
            raise refusals.no_node(self.graph, node_id)
        if self.deleted and live is not None:
            raise refusals.not_deleted(self.graph, node_id)
        if not self.deleted and live is None:
            raise refusals.deleted_node(self.graph, node_id, row["deleted_at"])
        found = gone if self.deleted else live
        if self.rev is not None and found != self.rev:
            raise refusals.stale(self.graph, node_id, found, self.rev)
        if self.of_types and row["type"] not in self.of_types:
            raise refusals.other_type(self.graph, node_id, row["type"], self.of_types)


def event(at: str, actor: str) -> Params:
    """The parameters of the event that a statement writes to the outbox."""
    return {"event_id": uuid7(), "at": at, "actor": actor}


def create_statement(nodes: Sequence[Node], actor: str, *, chosen_ids: bool = True) -> WriteStatement:
    """New nodes of one graph, at most 1,000. Binds n and ord.

    Args:
        nodes: checked ones.
        chosen_ids: an id may have been used before; ids fresh from `uuid7` need no such check.
    """
    graph = nodes[0].graph
    if len(nodes) > MAX_NODES_PER_STATEMENT or any(node.graph != graph for node in nodes):
        raise BadInput(f"One statement creates at most {MAX_NODES_PER_STATEMENT} nodes of one graph.")
    at = utc_now()
    params = {
        "graph": graph,
        "nodes": [node_properties(node, at, actor) for node in nodes],
        "labels": [node.type.label for node in nodes],
        "ids": [node.id for node in nodes],
        "types": [node.type.value for node in nodes],
        "revs": [1] * len(nodes),
        "event_id": uuid7(),
        "at": at,
        "actor": actor,
    }
    head = queries.CREATE_NODES_CHECKED if chosen_ids else queries.CREATE_NODES
    return WriteStatement(head, params, ("n", "ord"), graph)


def update_statement(
    graph: str,
    node_id: str,
    rev: int,
    changes: Mapping[str, Any],
    actor: str,
    *,
    of_types: Sequence[str] | None = None,
) -> WriteStatement:
    """New values for properties of one node, as `check_changes` gives them. Binds n."""
    params = {
        "graph": graph,
        "id": node_id,
        "rev": rev,
        "changes": changes,
        "of_types": of_types,
        **event(utc_now(), actor),
    }
    head = queries.UPDATE_NODE
    return WriteStatement(head, params, ("n",), graph, (node_id,), rev, of_types=tuple(of_types or ()))


def delete_statement(graph: str, node_id: str, rev: int | None, actor: str) -> WriteStatement:
    """One node and its relations leave the present. Binds n."""
    params = {"graph": graph, "id": node_id, "rev": rev, **event(utc_now(), actor)}
    return WriteStatement(queries.DELETE_NODE, params, ("n",), graph, (node_id,), rev)


def undelete_statement(graph: str, node_id: str, rev: int | None, actor: str) -> WriteStatement:
    """One deleted node comes back, with the relations its deletion ended. Binds n."""
    params = {"graph": graph, "id": node_id, "rev": rev, **event(utc_now(), actor)}
    return WriteStatement(queries.UNDELETE_NODE, params, ("n",), graph, (node_id,), rev, deleted=True)


def link_statement(edge: Edge, actor: str) -> WriteStatement:
    """One relation, or another weight and origin for it. Binds s, r and t."""
    params = {**_ends(edge, actor), "weight": edge.weight, "origin": edge.origin}
    head = queries.LINK[edge.relation, edge.source < edge.target]
    return WriteStatement(head, params, ("s", "r", "t"), edge.graph, (edge.source, edge.target))


def unlink_statement(edge: Edge, actor: str) -> WriteStatement:
    """One relation ends. Binds s, r (what it was) and t."""
    head = queries.UNLINK[edge.relation, edge.source < edge.target]
    ends = (edge.source, edge.target)
    return WriteStatement(head, _ends(edge, actor), ("s", "r", "t"), edge.graph, ends, relation=edge.relation)


def link_many_statement(edges: Sequence[Edge], actor: str) -> WriteStatement:
    """Relations of one type in one graph; of doubles the last counts. Binds matched and made.

    `matched` below the number of different pairs means that an end is missing: roll back.
    """
    graph, relation = edges[0].graph, edges[0].relation
    unique = {(edge.source, edge.target): edge for edge in edges}
    params = {
        "graph": graph,
        "ids": sorted({end for pair in unique for end in pair}),
        "edges": [
            {"source": e.source, "target": e.target, "weight": e.weight, "origin": e.origin} for e in unique.values()
        ],
        "relation": relation.value,
        **event(utc_now(), actor),
    }
    return WriteStatement(queries.LINK_MANY[relation], params, ("matched", "made"), graph, tuple(params["ids"]))


def _ends(edge: Edge, actor: str) -> Params:
    return {
        "graph": edge.graph,
        "source": edge.source,
        "target": edge.target,
        "relation": edge.relation.value,
        **event(utc_now(), actor),
    }
