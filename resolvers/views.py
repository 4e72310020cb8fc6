"""Resolvers of saved views."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from stratumiops.graph.errors import BadInput
from stratumiops.graph.store import views
from stratumiops.resolvers.context import Role
from stratumiops.resolvers.engine.context import Info
from stratumiops.schema import views as types
from stratumiops.schema.arguments import GraphName
from stratumiops.schema.scalars import DateTime

_INPUT = strawberry.argument(description="What is to be done.")
_Id = Annotated[strawberry.ID, strawberry.argument(description="The view's id.")]
_Rev = Annotated[int | None, strawberry.argument(description="Delete it only if this is its revision.")]


@strawberry.type
class ViewQuery:
    """Root field of saved views."""

    @strawberry.field(description="Saved views of a graph, or of all that you may read, and those for all; by name.")
    async def saved_views(self, info: Info, graph: GraphName = UNSET) -> list[types.SavedView]:
        """Saved views."""
        graphs = info.context.scope.graphs(graph or None, inherited=False)
        return [_view(one) for one in await views.SavedViews(info.context.services.db).page(graphs)]


@strawberry.type
class ViewMutation:
    """Mutations of saved views."""

    @strawberry.mutation(description="Save a view under a name, or change one.")
    async def save_view(self, info: Info, input: Annotated[types.SaveViewInput, _INPUT]) -> types.SaveViewPayload:
        """Save a view under a name, or change one."""
        kept, actor = views.SavedViews(info.context.services.db), info.context.principal.name
        if not input.id:
            graph = input.graph or views.EVERYWHERE
            _require(info, graph)
            return types.SaveViewPayload(view=_view(await kept.create(graph, input.name, input.address, actor=actor)))
        found = await kept.get(input.id, info.context.scope.visible)
        _require(info, found.graph)
        if input.graph and input.graph != found.graph:
            raise BadInput("A view stays in its graph.", hint="Save a new one there.", field="graph")
        if input.rev is None or input.rev is UNSET:
            raise BadInput("A change must say which revision it was made from.", field="rev")
        changed = await kept.update(found, input.rev, input.name, input.address, actor=actor)
        return types.SaveViewPayload(view=_view(changed))

    @strawberry.mutation(description="Delete a saved view.")
    async def delete_view(self, info: Info, id: _Id, rev: _Rev = UNSET) -> types.DeleteViewPayload:
        """Delete a saved view."""
        kept = views.SavedViews(info.context.services.db)
        found = await kept.get(id, info.context.scope.visible)
        _require(info, found.graph)
        await kept.delete(found, None if rev is UNSET else rev)
        return types.DeleteViewPayload(id=id)


def _require(info: Info, graph: str) -> None:
    """Refuse who may not change the views of a graph.

    Raises:
        Forbidden: a viewer; and for views of all graphs anybody but an admin.
    """
    if graph == views.EVERYWHERE:
        info.context.principal.require(Role.ADMIN)
    else:
        info.context.principal.require(Role.DEVELOPER, graph)


def _view(found: views.SavedView) -> types.SavedView:
    return types.SavedView(
        id=strawberry.ID(found.id),
        graph=found.graph or None,
        name=found.name,
        address=found.address,
        created_at=DateTime(found.created_at),
        created_by=found.created_by,
        updated_at=DateTime(found.updated_at),
        updated_by=found.updated_by,
        rev=found.rev,
    )
