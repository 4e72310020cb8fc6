"""The subscription to committed changes."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from stratumiops.graph.errors import BadInput
from stratumiops.graph.models import NodeType, RelationType
from stratumiops.graph.selection import roots
from stratumiops.graph.store.outbox import ChangeEvent
from stratumiops.resolvers.engine.context import Info
from stratumiops.schema.arguments import GraphName
from stratumiops.schema.enums import ChangeOp
from stratumiops.schema.knowledge import KnowledgeNode, node_of
from stratumiops.schema.payloads import NodeChange


def _cursor(after: str | None) -> int | None:
    if after is None or after is UNSET:
        return None
    if not after.isdecimal():
        raise BadInput("`after` is not a cursor of this subscription", field="after")
    return int(after)


def changes_of(event: ChangeEvent) -> list[NodeChange]:
    """What an event tells, one change for each node, or one for a relation."""
    nothing = {"type": None, "rev": None, "target": None, "relation": None, "node": None}
    shared: dict[str, Any] = {
        "cursor": str(event.seq),
        "op": ChangeOp(event.op),
        "at": event.at,
        "actor": event.actor,
        "graph": event.graph,
        **nothing,
    }
    if event.op.startswith("relation."):
        pairs = zip(event.ids[::2], event.ids[1::2], event.types, strict=False)
        return [
            NodeChange(**shared | {"id": source, "target": target, "relation": RelationType(kind)})
            for source, target, kind in pairs
        ]
    if event.op.startswith("node."):
        return [
            NodeChange(**shared | {"id": node_id, "type": NodeType(kind), "rev": rev})
            for node_id, kind, rev in zip(event.ids, event.types, event.revs, strict=True)
        ]
    return [NodeChange(**shared | {"id": event.graph})]


async def _with_nodes(info: Info, changes: list[NodeChange]) -> list[NodeChange]:
    """The changes with the nodes as they are now, where somebody asked for them."""
    asked = any(field.name == "node" for selected in info.selected_fields for field in selected.selections)  # type: ignore[union-attr]
    wanted = [c for c in changes if c.type is not None and c.op is not ChangeOp.NODE_DELETED]
    if not asked or not wanted:
        return changes
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        described = {"graph": some[0].graph, "ids": [str(c.id) for c in some]}
        found: dict[str, KnowledgeNode] = {
            row["id"]: node_of(row) for row in await info.context.reader.run(roots.nodes_by_id, described)
        }
        for change in some:
            change.node = found.get(str(change.id))
    return changes


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
        async with aclosing(context.services.events.listen(_cursor(after))) as events:
            async for event in events:
                if (graph and event.graph != graph) or not context.principal.may_see(event.graph):
                    continue
                context.forget_reads()
                changes = [
                    change
                    for change in changes_of(event)
                    if (not wanted_types or change.type in wanted_types)
                    and (not wanted_ids or change.id in wanted_ids or change.target in wanted_ids)
                ]
                for change in await _with_nodes(info, changes):
                    yield change
