"""Mutations of named graphs."""

from typing import Annotated

import strawberry

from stratumiops.resolvers.catalogue.query import graphs_named
from stratumiops.resolvers.context import Role
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.knowledge.writes import values_of
from stratumiops.schema import inputs, payloads

_INPUT = strawberry.argument(description="What is to be done.")


async def _shown(info: Info, name: str) -> payloads.GraphPayload:
    info.context.services.events.poke()
    [graph] = await graphs_named(info.context.reader, [name])
    return payloads.GraphPayload(graph=graph)


def _inherits(given: dict[str, object]) -> dict[str, int] | None:
    inherits = given.get("inherits")
    if not isinstance(inherits, list):
        return None
    return {item["graph"]: item["priority"] for item in inherits}


@strawberry.type
class CatalogueMutation:
    """Mutations of named graphs."""

    @strawberry.mutation(description="Create a named graph.")
    async def create_graph(
        self, info: Info, input: Annotated[inputs.CreateGraphInput, _INPUT]
    ) -> payloads.GraphPayload:
        """Create a named graph."""
        given = values_of(input)
        info.context.principal.require(Role.ADMIN, given["name"])
        await info.context.services.registry.create(
            given["name"],
            title=given.get("title") or "",
            description=given.get("description") or "",
            priority=given["priority"],
            inherits=_inherits(given) or {},
            actor=info.context.principal.name,
        )
        return await _shown(info, given["name"])

    @strawberry.mutation(description="Change a named graph.")
    async def update_graph(
        self, info: Info, input: Annotated[inputs.UpdateGraphInput, _INPUT]
    ) -> payloads.GraphPayload:
        """Change a named graph."""
        given = values_of(input)
        info.context.principal.require(Role.ADMIN, given["name"])
        await info.context.services.registry.update(
            given["name"],
            given["rev"],
            title=given.get("title"),
            description=given.get("description"),
            priority=given.get("priority"),
            inherits=_inherits(given),
            actor=info.context.principal.name,
        )
        return await _shown(info, given["name"])

    @strawberry.mutation(description="Delete a named graph that holds no nodes and that no other inherits from.")
    async def delete_graph(
        self, info: Info, input: Annotated[inputs.DeleteGraphInput, _INPUT]
    ) -> payloads.DeleteGraphPayload:
        """Delete a named graph."""
        principal = info.context.principal
        principal.require(Role.ADMIN, input.name)
        await info.context.services.registry.delete(input.name, actor=principal.name)
        info.context.services.events.poke()
        return payloads.DeleteGraphPayload(name=input.name)
