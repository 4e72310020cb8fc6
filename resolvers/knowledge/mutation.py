"""Mutations of knowledge."""

from typing import Annotated, Any

import strawberry

from stratumiops.graph.errors import NotFound
from stratumiops.graph.models import NodeType, RelationType
from stratumiops.graph.selection.shapes import MAX_VALUES
from stratumiops.resolvers.context import Role
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.knowledge import writes
from stratumiops.resolvers.knowledge.reader import relation_of
from stratumiops.schema import inputs, payloads
from stratumiops.schema.knowledge import KnowledgeNode, node_of
from stratumiops.schema.mapping import Write, mapped
from stratumiops.schema.relations import Relation
from stratumiops.schema.scalars import DateTime

_INPUT = strawberry.argument(description="What is to be done.")


async def written(info: Info, graph: str, ids: list[str]) -> list[KnowledgeNode]:
    """The nodes as they are now, in the order of the ids.

    Raises:
        NotFound: one was deleted since, as by now what a used idempotency key once created.
    """
    by_id: dict[str, KnowledgeNode] = {}
    for start in range(0, len(ids), MAX_VALUES):
        for row in await info.context.reader.reads.nodes_by_id(graph, ids[start : start + MAX_VALUES]):
            by_id[row["id"]] = node_of(row)
    for node_id in ids:
        if node_id not in by_id:
            raise NotFound(f"The node {node_id!r} in graph {graph!r} was written, and is deleted by now.", field="id")
    return [by_id[node_id] for node_id in ids]


async def _create(info: Info, kind: NodeType, given: dict[str, Any]) -> KnowledgeNode:
    principal = info.context.principal
    principal.require(Role.DEVELOPER, given["graph"])
    node = writes.new_node(kind, given["graph"], given)
    ids = await info.context.services.writer.create_nodes(
        [node], actor=principal.name, idempotency_key=given.get("idempotency_key")
    )
    info.context.services.events.poke()
    return (await written(info, given["graph"], ids))[0]


def _creates(kind: NodeType, input_type: type, payload_type: type, what: str) -> Any:
    """The mutation that creates a node of one kind."""
    name = kind.value

    async def resolve(info: Info, input: Any) -> Any:
        node = await _create(info, kind, writes.values_of(input))
        return payload_type(**{name: node})

    resolve.__annotations__["input"] = Annotated[input_type, _INPUT]
    resolve.__annotations__["return"] = payload_type
    return strawberry.field(
        resolver=resolve, description=f"Create {what}.", metadata=mapped(Write("create", name, kind))
    )


@strawberry.type
class KnowledgeMutation:
    """Mutations of knowledge."""

    create_note: payloads.CreateNotePayload = _creates(
        NodeType.NOTE, inputs.CreateNoteInput, payloads.CreateNotePayload, "a note"
    )
    create_decision: payloads.CreateDecisionPayload = _creates(
        NodeType.DECISION, inputs.CreateDecisionInput, payloads.CreateDecisionPayload, "a decision"
    )
    create_guideline: payloads.CreateGuidelinePayload = _creates(
        NodeType.GUIDELINE, inputs.CreateGuidelineInput, payloads.CreateGuidelinePayload, "a guideline"
    )
    create_pattern: payloads.CreatePatternPayload = _creates(
        NodeType.PATTERN, inputs.CreatePatternInput, payloads.CreatePatternPayload, "a pattern"
    )
    create_journal: payloads.CreateJournalPayload = _creates(
        NodeType.JOURNAL, inputs.CreateJournalInput, payloads.CreateJournalPayload, "an entry of the journal"
    )
    create_execution: payloads.CreateExecutionPayload = _creates(
        NodeType.EXECUTION, inputs.CreateExecutionInput, payloads.CreateExecutionPayload, "a record of a run"
    )

    @strawberry.mutation(
        description="Create many nodes, and relations among them: all or none.",
        metadata=mapped(Write("create_many", "nodes")),
    )
    async def create_nodes(
        self, info: Info, input: Annotated[inputs.CreateNodesInput, _INPUT]
    ) -> payloads.CreateNodesPayload:
        """Create many nodes."""
        given, principal = writes.values_of(input), info.context.principal
        principal.require(Role.DEVELOPER, given["graph"])
        services = info.context.services
        ids = await services.writer.create_nodes(
            writes.new_nodes(given),
            writes.new_edges(given),
            actor=principal.name,
            idempotency_key=given.get("idempotency_key"),
        )
        services.events.poke()
        return payloads.CreateNodesPayload(nodes=await written(info, given["graph"], ids), count=len(ids))

    @strawberry.mutation(
        description="Change a node. CONFLICT when it has another revision by now: read it again, then decide.",
        metadata=mapped(Write("update", "node")),
    )
    async def update_node(self, info: Info, input: Annotated[inputs.UpdateNodeInput, _INPUT]) -> payloads.NodePayload:
        """Change a node."""
        given, principal = writes.values_of(input), info.context.principal
        principal.require(Role.DEVELOPER, given["graph"])
        services, key = info.context.services, given.get("idempotency_key")
        await services.writer.update_node(
            given["graph"], given["id"], given["rev"], writes.changes(given), actor=principal.name,
            idempotency_key=key,
        )  # fmt: skip
        services.events.poke()
        return payloads.NodePayload(node=(await written(info, given["graph"], [given["id"]]))[0])

    @strawberry.mutation(
        description="Delete a node and end its relations. History keeps both; `undeleteNode` brings them back."
    )
    async def delete_node(
        self, info: Info, input: Annotated[inputs.DeleteNodeInput, _INPUT]
    ) -> payloads.DeleteNodePayload:
        """Delete a node."""
        given, principal = writes.values_of(input), info.context.principal
        principal.require(Role.DEVELOPER, given["graph"])
        services = info.context.services
        gone = await services.writer.delete_node(
            given["graph"], given["id"], given.get("rev"), actor=principal.name,
            idempotency_key=given.get("idempotency_key"),
        )  # fmt: skip
        services.events.poke()
        return payloads.DeleteNodePayload(
            id=given["id"], graph=given["graph"], rev=gone["rev"], deleted_at=DateTime(gone["deleted_at"] or "")
        )

    @strawberry.mutation(
        description="Bring a deleted node back, with the relations that its deletion ended where the other end lives."
    )
    async def undelete_node(
        self, info: Info, input: Annotated[inputs.UndeleteNodeInput, _INPUT]
    ) -> payloads.NodePayload:
        """Bring a deleted node back."""
        given, principal = writes.values_of(input), info.context.principal
        principal.require(Role.DEVELOPER, given["graph"])
        services = info.context.services
        await services.writer.undelete_node(
            given["graph"], given["id"], actor=principal.name, idempotency_key=given.get("idempotency_key")
        )
        services.events.poke()
        return payloads.NodePayload(node=(await written(info, given["graph"], [given["id"]]))[0])

    @strawberry.mutation(
        description="Join two nodes. Joined by this relation already: change its weight.",
        metadata=mapped(Write("link", "relation")),
    )
    async def link_nodes(self, info: Info, input: Annotated[inputs.LinkNodesInput, _INPUT]) -> payloads.RelationPayload:
        """Join two nodes."""
        given, principal = writes.values_of(input), info.context.principal
        principal.require(Role.DEVELOPER, given["graph"])
        services, edge = info.context.services, writes.edge(given["graph"], given)
        await services.writer.link(edge, actor=principal.name, idempotency_key=given.get("idempotency_key"))
        services.events.poke()
        return payloads.RelationPayload(relation=await _relation(info, given, ended=False))

    @strawberry.mutation(description="End a relation. History keeps it.")
    async def unlink_nodes(
        self, info: Info, input: Annotated[inputs.UnlinkNodesInput, _INPUT]
    ) -> payloads.RelationPayload:
        """End a relation."""
        given, principal = writes.values_of(input), info.context.principal
        principal.require(Role.DEVELOPER, given["graph"])
        services, edge = info.context.services, writes.edge(given["graph"], given)
        await services.writer.unlink(edge, actor=principal.name, idempotency_key=given.get("idempotency_key"))
        services.events.poke()
        return payloads.RelationPayload(relation=await _relation(info, given, ended=True))


async def _relation(info: Info, given: dict[str, Any], *, ended: bool) -> Relation:
    """The relation between two nodes: the one that holds, or the one that ended last."""
    kind = RelationType(given["relation"])
    described = {
        "graph": given["graph"], "source": given["source"], "target": given["target"], "relation": (kind,),
        "ended": ended,
    }  # fmt: skip
    row = await info.context.reader.reads.relation(described)
    if row is None:
        raise NotFound("The relation was written, and is gone by now.", hint="Look at the relations of the node.")
    return relation_of(row)
