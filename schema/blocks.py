"""Blocks: the parts of a document that can be referred to, and the tasks among them."""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import strawberry
from strawberry import UNSET, Info, Private

from stratumiops.ingest.models import TaskState
from stratumiops.schema.connections import PageInfo
from stratumiops.schema.enums import described
from stratumiops.schema.knowledge import KnowledgeNode
from stratumiops.schema.scalars import Json

described(
    TaskState,
    "Where a task stands, whatever its marker is called.",
    {
        "TODO": "To do: TODO, LATER, `[ ]` and every checkbox that means nothing else.",
        "DOING": "Being done: DOING, NOW, IN-PROGRESS, `[/]`.",
        "WAITING": "Waiting for something: WAITING, WAIT.",
        "DONE": "Done: DONE, `[x]`.",
        "CANCELLED": "Given up: CANCELLED, CANCELED, `[-]`.",
    },
)


@strawberry.type(
    description="A part of a document that can be referred to: a bullet of a Logseq page; in other markdown a task, or "
    "what ends with `^id`. It is as the node's text is now; blocks have no history of their own."
)
class Block:
    """A part of a document that can be referred to."""

    id: strawberry.ID = strawberry.field(
        description="Identifies the block in its node: the id that the file gives it, or one made of its text."
    )
    graph: str = strawberry.field(description="The named graph it belongs to.")
    path: str = strawberry.field(
        description="The file it stands in, relative to what was imported; empty where the node has none."
    )
    order: int = strawberry.field(description="Its place among the blocks of its node, from 0.")
    depth: int = strawberry.field(description="How many blocks are above it.")
    text: str = strawberry.field(description="What it says, without bullet, marker, priority, properties and planning.")
    marker: str | None = strawberry.field(description="The marker of a task as written: TODO, DONE, [x] …")
    state: TaskState | None = strawberry.field(description="Where the task stands; null: it is none.")
    priority: str | None = strawberry.field(description="The task's priority: A, B, C; or highest to lowest.")
    scheduled: str | None = strawberry.field(description="When work on it begins: YYYY-MM-DD, maybe with THH:MM.")
    deadline: str | None = strawberry.field(description="When it is due: YYYY-MM-DD, maybe with THH:MM.")
    tags: list[str] = strawberry.field(description="Its tags, without `#`.")
    properties: Json = strawberry.field(description="Its properties by name, values as written.")
    start_line: int = strawberry.field(
        description="Its first line in the file, or in the content where there is no file; from 1."
    )
    end_line: int = strawberry.field(description="Its last own line; blocks under it come after.")
    parent_id: strawberry.ID | None = strawberry.field(description="The id of the block above it.")
    node_id: Private[str]

    @strawberry.field(description="The block above it.")
    async def parent(self, info: Info[Any, Any]) -> "Block | None":
        """The block above it."""
        return await info.context.blocks.parent(self)  # type: ignore[no-any-return]

    @strawberry.field(description="The node of the document it stands in.")
    async def node(self, info: Info[Any, Any]) -> KnowledgeNode:
        """The node of the document it stands in."""
        return await info.context.blocks.node(self)  # type: ignore[no-any-return]

    @strawberry.field(description="What it refers to by links, embeds, references and tags.")
    async def refers_to(self, info: Info[Any, Any]) -> "list[BlockReference]":
        """What it refers to."""
        return await info.context.blocks.references(self)  # type: ignore[no-any-return]


@strawberry.type(description="Something that a block refers to.")
class BlockReference:
    """Something that a block refers to."""

    node: KnowledgeNode = strawberry.field(description="The node that is meant, or that has the block.")
    block: Block | None = strawberry.field(description="The block that is meant; null: the node.")


@strawberry.type(description="One place in a page of blocks.")
class BlockEdge:
    """One place in a page of blocks."""

    cursor: str = strawberry.field(description="Names this place, for `after`.")
    node: Block = strawberry.field(description="What is there.")


@strawberry.type(description="A page of blocks.")
class BlockConnection:
    """A page of blocks."""

    edges: list[BlockEdge] = strawberry.field(description="The page, with cursors.")
    nodes: list[Block] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where it stands.")
    count: Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="How many there are on all pages; counted only when asked for.")
    async def total_count(self) -> int:
        """How many there are on all pages."""
        return await self.count()


@strawberry.input(description="Which blocks. All the conditions given must hold; letters' case does not count.")
class BlockWhere:
    """Which blocks."""

    tag: str | None = strawberry.field(default=UNSET, description="Has this tag, or one below it: `a` finds `a/b`.")
    property: str | None = strawberry.field(default=UNSET, description="Has this property; `_` and `-` are the same.")
    property_value: str | None = strawberry.field(
        default=UNSET, description="The property has this value, whole or as one of several; without `property`, any."
    )
    state: list[TaskState] | None = strawberry.field(default=UNSET, description="Is a task in one of these states.")
    marker: str | None = strawberry.field(default=UNSET, description="Has this marker, exactly as written.")
    priority: str | None = strawberry.field(default=UNSET, description="Is a task of this priority.")
    text: str | None = strawberry.field(default=UNSET, description="Has this part in its text.")


def block_of(held: dict[str, Any]) -> Block:
    """The block with these stored properties."""
    state = held.get("state")
    return Block(
        id=held["id"],
        graph=held["graph"],
        path=held["path"],
        order=held["order"],
        depth=held["depth"],
        text=held["text"],
        marker=held.get("marker"),
        state=TaskState(state) if state else None,
        priority=held.get("priority"),
        scheduled=held.get("scheduled"),
        deadline=held.get("deadline"),
        tags=held["tags"],
        properties=Json(orjson.Fragment(held["properties"])),
        start_line=held["start_line"],
        end_line=held["end_line"],
        parent_id=held.get("parent_id"),
        node_id=held["node_id"],
    )
