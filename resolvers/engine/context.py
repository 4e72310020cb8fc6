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

    def forget_reads(self) -> None:
        """Start afresh: what was read for one event must not be shown for the next."""
        self.__dict__.pop("reader", None)
        self.__dict__.pop("blocks", None)


Info = strawberry.Info[ResolverContext, Any]
