"""The writing side of a directory: the changes that `graph.store.knowledge` makes in Neo4j, made of files."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any, TypedDict, TypeVar

from stratumiops.graph import refusals
from stratumiops.graph.claims import Claim, claim
from stratumiops.graph.errors import BadInput, NotFound
from stratumiops.graph.ids import uuid7
from stratumiops.graph.local.keys import once
from stratumiops.graph.local.library import Directory, Library
from stratumiops.graph.local.work import Work, with_changes, writing
from stratumiops.graph.models import EXTRA_FIELDS, Edge, Node, RelationType
from stratumiops.graph.validation import (
    MAX_BATCH,
    check_changes,
    check_edge,
    check_graph_name,
    check_id,
    check_node,
)

T = TypeVar("T")
_EXTRA = {name for names in EXTRA_FIELDS.values() for name in names}


class NodeChange(TypedDict):
    """What a change made of a node; `deleted_at` is None while it lives."""

    graph: str
    id: str
    type: str
    rev: int
    updated_at: str
    deleted_at: str | None


class LocalWriter:
    """Changes of the directories of a library, each whole or not at all."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def create_nodes(
        self, nodes: Sequence[Node], edges: Sequence[Edge] = (), *, actor: str, idempotency_key: str | None = None
    ) -> list[str]:
        """Create nodes of one graph and relations among them or to others; the ids in order.

        Raises:
            BadInput: nothing given, too much, several graphs, or a value outside the limits.
            NotFound: no such graph, or an end of a relation is not there.
            Conflict: an id is taken, by a live node or a deleted one.
        """
        if not nodes or len(nodes) > MAX_BATCH or len(edges) > MAX_BATCH:
            raise BadInput(f"Give 1 to {MAX_BATCH:,} nodes and at most {MAX_BATCH:,} relations.", field="nodes")
        given = [[asdict(node) for node in nodes], [asdict(edge) for edge in edges]]
        ready = [check_node(node if node.id else replace(node, id=uuid7())) for node in nodes]
        links = [check_edge(edge) for edge in edges]
        graphs = {node.graph for node in ready} | {edge.graph for edge in links}
        if len(graphs) > 1:
            raise BadInput("All nodes and relations of one call belong to one graph.", field="graph")
        directory = self._directory(graphs.pop())

        def make(work: Work) -> list[str]:
            for node in ready:
                work.create(replace(node, graph=directory.name))
            _check_ends(work, directory, links)
            for edge in links:
                work.link(replace(edge, graph=directory.name))
            return [node.id for node in ready]

        return list(self._once(directory, actor, _claim(actor, idempotency_key, "createNodes", given), make))

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
        checked, of_types = check_changes(changes)
        directory, node_id = self._directory(graph), check_id(node_id)

        def make(work: Work) -> NodeChange:
            known = _live(work, directory, node_id, rev)
            if of_types is not None and known.type.value not in of_types:
                raise refusals.other_type(directory.name, node_id, known.type.value, tuple(of_types))
            return _change(work.update(with_changes(known, checked, _EXTRA.__contains__)))

        mine = _claim(actor, idempotency_key, "updateNode", [graph, node_id, rev, dict(changes)])
        return self._once(directory, actor, mine, make)

    async def delete_node(
        self, graph: str, node_id: str, rev: int | None = None, *, actor: str, idempotency_key: str | None = None
    ) -> NodeChange:
        """Take a node and its relations out of the present; `undelete_node` brings them back.

        Raises:
            NotFound: no live node of this id.
            Conflict: it has another revision than the one named.
        """
        directory, node_id = self._directory(graph), check_id(node_id)

        def make(work: Work) -> NodeChange:
            known = _live(work, directory, node_id, rev)
            gone = work.delete(node_id)
            return {**_change(known), "rev": gone.rev, "deleted_at": gone.at}

        return self._once(directory, actor, _claim(actor, idempotency_key, "deleteNode", [graph, node_id, rev]), make)

    async def undelete_node(
        self, graph: str, node_id: str, rev: int | None = None, *, actor: str, idempotency_key: str | None = None
    ) -> NodeChange:
        """Bring a deleted node back, with the relations that its deletion ended.

        Raises:
            NotFound: no node of this id.
            Conflict: it is not deleted, or has another revision than the one named.
        """
        directory, node_id = self._directory(graph), check_id(node_id)

        def make(work: Work) -> NodeChange:
            if work.node(node_id) is not None:
                raise refusals.not_deleted(directory.name, node_id)
            deletion = work.deletion(node_id)
            if deletion is None:
                raise refusals.no_node(directory.name, node_id)
            if rev is not None and deletion.rev != rev:
                raise refusals.stale(directory.name, node_id, deletion.rev, rev)
            return _change(work.undelete(deletion))

        return self._once(directory, actor, _claim(actor, idempotency_key, "undeleteNode", [graph, node_id, rev]), make)

    async def link(self, edge: Edge, *, actor: str, idempotency_key: str | None = None) -> Edge:
        """Join two live nodes; doing it again changes weight and origin, or nothing when they are the same.

        Raises:
            BadInput: source and target are the same node, or a value does not fit.
            NotFound: one of the two is not there.
        """
        checked = check_edge(edge)
        directory = self._directory(checked.graph)

        def make(work: Work) -> dict[str, Any]:
            for end in (checked.source, checked.target):
                _live(work, directory, end)
            return asdict(work.link(replace(checked, graph=directory.name))[0])

        return _edge(self._once(directory, actor, _claim(actor, idempotency_key, "linkNodes", asdict(edge)), make))

    async def unlink(self, edge: Edge, *, actor: str, idempotency_key: str | None = None) -> Edge:
        """End the relation between two ends, whatever its weight, and return what it was.

        Raises:
            NotFound: there is no such live relation.
        """
        checked = check_edge(edge)
        directory = self._directory(checked.graph)

        def make(work: Work) -> dict[str, Any]:
            for end in (checked.source, checked.target):
                _live(work, directory, end)
            return asdict(work.unlink(replace(checked, graph=directory.name)))

        given = [edge.graph, edge.source, edge.target, edge.relation.value]
        return _edge(self._once(directory, actor, _claim(actor, idempotency_key, "unlinkNodes", given), make))

    # ---- inside

    def _directory(self, graph: str) -> Directory:
        return self._library.directory(check_graph_name(graph))

    def _once(self, directory: Directory, actor: str, mine: Claim | None, make: Callable[[Work], T]) -> T:
        with changing(directory, actor) as work:
            return once(directory.root, work, mine, lambda: make(work))


@contextmanager
def changing(directory: Directory, actor: str) -> Iterator[Work]:
    """A work on a directory, after which nothing that was made of its files before is used any more."""
    try:
        with writing(directory.tree, directory.past, actor) as work:
            yield work
    finally:
        directory.forget()


def _edge(values: Mapping[str, Any]) -> Edge:
    """A relation of its values, which may have been JSON."""
    return Edge(**{**values, "relation": RelationType(values["relation"])})


def _claim(actor: str, key: str | None, operation: str, given: object) -> Claim | None:
    return None if key is None else claim(actor, key, operation, given)


def _live(work: Work, directory: Directory, node_id: str, rev: int | None = None) -> Node:
    """The live node, at the revision that the caller has seen."""
    known = work.node(node_id)
    if known is None:
        deletion = work.deletion(node_id)
        if deletion is None:
            raise refusals.no_node(directory.name, node_id)
        raise refusals.deleted_node(directory.name, node_id, deletion.at)
    if rev is not None and known.rev != rev:
        raise refusals.stale(directory.name, node_id, known.rev, rev)
    return known


def _check_ends(work: Work, directory: Directory, links: Sequence[Edge]) -> None:
    ends = {end for edge in links for end in (edge.source, edge.target)}
    missing = sorted(end for end in ends if work.node(end) is None)
    if missing:
        names = ", ".join(map(repr, missing[:5]))
        raise NotFound(f"A relation names nodes that are not in {directory.name!r}: {names}.")


def _change(node: Node) -> NodeChange:
    return {
        "graph": node.graph,
        "id": node.id,
        "type": node.type.value,
        "rev": node.rev,
        "updated_at": node.updated_at,
        "deleted_at": None,
    }
