"""Which nodes use which secrets."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Protocol

import strawberry
from strawberry.dataloader import DataLoader

from stratumiops.graph.secret_references import SecretReference
from stratumiops.graph.store.secrets import Key, SecretUse
from stratumiops.resolvers.context import Role
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.engine.describe import first_of
from stratumiops.resolvers.engine.scope import Scope
from stratumiops.schema.knowledge import KnowledgeNode, node_of
from stratumiops.schema.scalars import DateTime
from stratumiops.schema.vault import uses as types

Found = list[list[SecretUse]]
_INPUT = strawberry.argument(description="What is to be done.")
_Input = Annotated[types.SecretUseInput, _INPUT]


class StoredUses(Protocol):
    """The uses that the store holds; see `graph.store.secrets.SecretUses`."""

    async def of_nodes(self, keys: Sequence[Key], first: int) -> Found:
        """What each of these nodes uses."""

    async def of_secrets(self, secrets: Sequence[str], graphs: Sequence[str], first: int) -> Found:
        """What uses each of these secrets, in some graphs."""


class UseReader:
    """Reads of uses for one operation, many at once."""

    def __init__(self, stored: StoredUses, scope: Scope) -> None:
        self._stored = stored
        self._scope = scope
        self._loaders: dict[tuple[str, int], DataLoader[Any, list[SecretUse]]] = {}

    async def of_node(self, node: KnowledgeNode, *, first: int) -> list[types.SecretUse]:
        """The secrets that a node uses."""
        limit = first_of({"first": first}, self._scope)
        loader = self._loader("node", limit, lambda keys: self._stored.of_nodes(keys, limit))
        return [shown(one) for one in await asyncio.shield(loader.load((str(node.graph), str(node.id))))]

    async def of_secret(self, secret: str, *, first: int) -> list[types.SecretUse]:
        """The nodes that use a secret, or a part of it."""
        limit, graphs = first_of({"first": first}, self._scope), self._scope.visible
        loader = self._loader("secret", limit, lambda keys: self._stored.of_secrets(keys, graphs, limit))
        return [shown(one) for one in await asyncio.shield(loader.load(str(secret)))]

    def _loader(
        self, kind: str, limit: int, load: Callable[[list[Any]], Awaitable[Found]]
    ) -> DataLoader[Any, list[SecretUse]]:
        found = self._loaders.get((kind, limit))
        if found is None:

            async def load_all(keys: list[Any]) -> Found:
                return await load(keys)

            found = self._loaders[kind, limit] = DataLoader(load_fn=load_all, max_batch_size=1_000)
        return found


@strawberry.type
class UseMutation:
    """Mutations of uses."""

    @strawberry.mutation(
        description="Note that a node uses a secret, or a part of it. Noting it again changes nothing. No token of "
        "the vault is needed: the graph learns where the secret is, and whether it exists is not looked at."
    )
    async def use_secret(self, info: Info, input: _Input) -> types.UseSecretPayload:
        """Note that a node uses a secret."""
        principal, services = info.context.principal, info.context.services
        principal.require(Role.DEVELOPER, input.graph)
        reference = SecretReference.parse(input.reference)
        found = await services.secret_uses.use(input.graph, input.node, reference, actor=principal.name)
        return types.UseSecretPayload(use=shown(found))

    @strawberry.mutation(description="Note that a node does not use a secret any more; that it never did is no error.")
    async def stop_using_secret(self, info: Info, input: _Input) -> types.StopUsingSecretPayload:
        """Note that a node does not use a secret any more."""
        principal, services = info.context.principal, info.context.services
        principal.require(Role.DEVELOPER, input.graph)
        reference = SecretReference.parse(input.reference)
        await services.secret_uses.stop(input.graph, input.node, reference)
        return types.StopUsingSecretPayload(reference=str(reference))


def shown(found: SecretUse) -> types.SecretUse:
    """The use as an object of the schema."""
    node = node_of(dict(found.node))
    return types.SecretUse(
        id=strawberry.ID(f"{node.graph}/{node.id}/{found.reference}"),
        reference=found.reference,
        key=found.key,
        node=node,
        created_at=DateTime(found.created_at),
        created_by=found.created_by,
    )
