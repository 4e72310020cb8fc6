"""Pages of what the vault lists: Relay connections without a total, which the vault would have to count."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import strawberry

from stratumiops.schema.connections import PageInfo, page_info

T = TypeVar("T")


@strawberry.type(name="Edge", description="One place in a page.")
class PageEdge(Generic[T]):
    """One place in a page."""

    cursor: str = strawberry.field(description="Names this place, for `after`.")
    node: T = strawberry.field(description="What is there.")


@strawberry.type(name="Connection", description="A page of a list.")
class Page(Generic[T]):
    """A page of a list."""

    edges: list[PageEdge[T]] = strawberry.field(description="The page, with cursors.")
    nodes: list[T] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where it stands.")


def page_of(
    nodes: Sequence[T], cursor: Callable[[T], str], *, more: bool, after: bool, end: str | None = None
) -> Page[T]:
    """The page of these nodes.

    Args:
        cursor: the cursor of a node.
        more: there is more after the page.
        after: the page was asked for with `after`.
        end: where to go on, when that is not after the last node.
    """
    marks = [cursor(node) for node in nodes]
    return Page(
        edges=[PageEdge(cursor=mark, node=node) for mark, node in zip(marks, nodes, strict=True)],
        nodes=list(nodes),
        page_info=page_info(marks, more=more, after=after, end=end),
    )
