"""Pages of nodes: Relay connections with keyset cursors."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import strawberry
from strawberry import Private

from stratumiops.schema.knowledge import KnowledgeNode

N = TypeVar("N", bound=KnowledgeNode)


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool = strawberry.field(description="There is more after this page.")
    has_previous_page: bool = strawberry.field(description="The page was asked for with `after`.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last: the next page's `after`.")


def page_info(cursors: Sequence[str], *, more: bool, after: bool, end: str | None = None) -> PageInfo:
    """Where the page with these cursors stands.

    Args:
        more: there is more after the page.
        after: the page was asked for with `after`.
        end: where to go on, when that is not after the last one.
    """
    return PageInfo(
        has_next_page=more,
        has_previous_page=after,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=end or (cursors[-1] if cursors else None),
    )


@strawberry.type(description="One place in a page.")
class Edge(Generic[N]):
    """One place in a page."""

    cursor: str = strawberry.field(description="Names this place, for `after`.")
    node: N = strawberry.field(description="What is there.")


@strawberry.type(description="A page of nodes.")
class Connection(Generic[N]):
    """A page of nodes."""

    edges: list[Edge[N]] = strawberry.field(description="The page, with cursors.")
    nodes: list[N] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where it stands.")
    count: Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="How many there are on all pages; counted only when asked for.")
    async def total_count(self) -> int:
        """How many there are on all pages."""
        return await self.count()
