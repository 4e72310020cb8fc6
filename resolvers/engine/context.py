"""What resolvers find in `info.context`."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

import strawberry

from stratumiops.resolvers.context import Principal, RequestContext
from stratumiops.resolvers.engine.scope import Scope

if TYPE_CHECKING:
    from stratumiops.resolvers.bootstrap import Services
    from stratumiops.resolvers.knowledge.blocks import BlockReader
    from stratumiops.resolvers.knowledge.reader import Reader
    from stratumiops.resolvers.vault.session import Vault
    from stratumiops.resolvers.vault.uses import UseReader


class ResolverContext:
    """One operation: who asks, what serves, and the reads made for it."""

    def __init__(self, request: RequestContext, scope: Scope) -> None:
        self.request = request
        self.scope = scope

    @property
    def principal(self) -> Principal:
        """Who asks."""
        return self.request.principal

    @property
    def services(self) -> "Services":
        """What serves."""
        return self.request.services

    @cached_property
    def reader(self) -> "Reader":
        """Reads of this operation."""
        from stratumiops.resolvers.knowledge.reader import Reader

        return Reader(self.services.reads(self.scope), self.scope, self.services.retrieval)

    @cached_property
    def blocks(self) -> "BlockReader":
        """Reads of blocks of this operation."""
        from stratumiops.resolvers.knowledge.blocks import BlockReader

        return BlockReader(self.services.block_reads(self.reader.reads), self.scope)

    @cached_property
    def vault(self) -> "Vault":
        """The vault with the rights of whoever asks."""
        from stratumiops.resolvers.vault.session import Vault

        return Vault(self.services.vault, self.request.vault)

    @cached_property
    def secret_uses(self) -> "UseReader":
        """Which nodes use which secrets."""
        from stratumiops.resolvers.vault.uses import UseReader

        return UseReader(self.services.secret_uses, self.scope)

    def forget_reads(self) -> None:
        """Start afresh: what was read for one event must not be shown for the next."""
        for name in ("reader", "blocks", "vault", "secret_uses"):
            self.__dict__.pop(name, None)


Info = strawberry.Info[ResolverContext, Any]
