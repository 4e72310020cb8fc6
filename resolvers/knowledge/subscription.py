"""The subscription to committed changes."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import UNSET

from stratumiops.graph.errors import BadInput
from stratumiops.graph.models import NodeType, RelationType
from stratumiops.resolvers.engine.context import Info, ResolverContext
from stratumiops.schema.arguments import GraphName
from stratumiops.schema.enums import ChangeOp
from stratumiops.schema.knowledge import KnowledgeNode, node_of
from stratumiops.schema.payloads import NodeChange

if TYPE_CHECKING:
    from stratumiops.graph.store.outbox import ChangeEvent

_AT_ONCE = 500
"""Nodes that are read together for one event."""
_CURSOR = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,9}))?")


def _place(after: str | None) -> tuple[int | None, int]:
    """A cursor as the event to begin behind, and how many changes of the next one to pass over."""
    if not after:
        return None, 0
    match = _CURSOR.fullmatch(after)
    if match is None:
        raise BadInput("`after` is not a cursor of this subscription", field="after")
    event, place = match.groups()
    return (int(event), 0) if place is None else (int(event) - 1, int(place))


class _Nodes:
    """The nodes of one event as they are when the first of them is asked for."""

    def __init__(self, context: ResolverContext, event: "ChangeEvent") -> None:
        self._context = context
        self._event = event
        self._reads: dict[int, asyncio.Future[dict[str, KnowledgeNode]]] = {}

    async def find(self, place: int) -> KnowledgeNode | None:
        """The node at this place of the event; None: it is gone."""
        if self._event.op == ChangeOp.NODE_DELETED:
            return None
        start = place // _AT_ONCE
        if start not in self._reads:
            ids = list(self._event.ids[start * _AT_ONCE : (start + 1) * _AT_ONCE])
            self._reads[start] = asyncio.ensure_future(self._read(ids))
        return (await asyncio.shield(self._reads[start])).get(self._event.ids[place])

    async def _read(self, ids: list[str]) -> dict[str, KnowledgeNode]:
        rows = await self._context.reader.reads.nodes_by_id(self._event.graph, ids)
        return {row["id"]: node_of(row) for row in rows}


async def _no_node() -> None:
    """What a relation and a graph show as their node."""


def changes_of(event: "ChangeEvent", nodes: _Nodes) -> list[NodeChange]:
    """What an event tells: a change for each node, a change for each relation, or one of a graph."""
    parts: list[dict[str, Any]]
    match event.op.partition("."):
        case "relation", *_:
            ends = zip(event.ids[::2], event.ids[1::2], event.types, strict=True)
            parts = [{"id": s, "target": t, "relation": RelationType(kind)} for s, t, kind in ends]
        case "node", *_:
            states = enumerate(zip(event.ids, event.types, event.revs, strict=True))
            parts = [
                {"id": node_id, "type": NodeType(kind), "rev": rev, "find": partial(nodes.find, place)}
                for place, (node_id, kind, rev) in states
            ]
        case _:
            parts = [{"id": event.graph}]
    shared = {"op": ChangeOp(event.op), "at": event.at, "actor": event.actor, "graph": event.graph}
    cursors = [f"{event.seq}.{place}" for place in range(1, len(parts))] + [str(event.seq)]
    absent = {"type": None, "rev": None, "target": None, "relation": None, "find": _no_node}
    return [NodeChange(**{**absent, **shared, "cursor": c, **part}) for c, part in zip(cursors, parts, strict=True)]


@strawberry.type
class KnowledgeSubscription:
    """The subscription to committed changes."""

    @strawberry.subscription(
        description="Changes as they are committed, by any process, in order, none twice. After a lost connection "
        "go on with `after: <cursor of the last one>`."
    )
    async def node_changed(
        self,
        info: Info,
        graph: GraphName = UNSET,
        types: Annotated[
            list[NodeType] | None, strawberry.argument(description="Nodes of these types only, no relations.")
        ] = UNSET,
        ids: Annotated[
            list[strawberry.ID] | None,
            strawberry.argument(description="Changes of these nodes, and relations that begin or end there."),
        ] = UNSET,
        after: Annotated[
            str | None, strawberry.argument(description="Begin after this cursor; without it, now.")
        ] = UNSET,
    ) -> AsyncGenerator[NodeChange, None]:
        """Changes as they are committed."""
        context = info.context
        if graph:
            context.scope.graphs(graph, inherited=False)
        wanted_ids, wanted_types = set(ids or ()), set(types or ())
        behind, passed_over = _place(after or None)
        async with aclosing(context.services.events.listen(behind)) as events:
            async for event in events:
                changes, passed_over = changes_of(event, _Nodes(context, event))[passed_over:], 0
                if (graph and event.graph != graph) or not context.principal.may_see(event.graph):
                    continue
                for change in changes:
                    if (not wanted_types or change.type in wanted_types) and (
                        not wanted_ids or change.id in wanted_ids or change.target in wanted_ids
                    ):
                        context.forget_reads()
                        yield change
