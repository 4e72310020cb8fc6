"""Root fields that read blocks, and the reads around them: one statement for all blocks of an answer."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any

import strawberry
from strawberry import UNSET
from strawberry.dataloader import DataLoader

from stratumiops.graph.errors import NotFound
from stratumiops.graph.selection import blocks as selection
from stratumiops.ingest.logseq.properties import fold
from stratumiops.ingest.models import TaskState
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.engine.describe import first_of, graphs_of
from stratumiops.resolvers.engine.scope import Scope
from stratumiops.resolvers.knowledge.ports import BlockReads
from stratumiops.schema.arguments import After, First, GraphName, Inherited
from stratumiops.schema.blocks import Block, BlockConnection, BlockEdge, BlockReference, BlockWhere, block_of
from stratumiops.schema.connections import page_info
from stratumiops.schema.filters import plain
from stratumiops.schema.knowledge import KnowledgeNode, node_of
from stratumiops.schema.scalars import Date

_Where = Annotated[BlockWhere | None, strawberry.argument(description="Which blocks; without it, all.")]
_Node = Annotated[strawberry.ID | None, strawberry.argument(description="Only blocks of the node with this id.")]
_States = Annotated[
    list[TaskState] | None, strawberry.argument(description="Only tasks in these states; without it, all.")
]


class BlockReader:
    """Reads around blocks, for one operation."""

    def __init__(self, reads: BlockReads, scope: Scope) -> None:
        self._reads = reads
        self._scope = scope
        self._blocks = _loader(reads.by_key)
        self._nodes = _loader(reads.nodes)
        self._references = _loader(reads.references)

    async def page(self, given: Mapping[str, Any], where: Mapping[str, Any]) -> BlockConnection:
        """A page of blocks, in order of graph, path, node and place."""
        scope = self._scope
        described = graphs_of(given, scope) | {"first": first_of(given, scope), "where": dict(where)}
        if given.get("node") is not None:
            described["node"] = given["node"]
        counted = dict(described)
        if given.get("after"):
            described["after"] = selection.decode_cursor(given["after"])
        found = await self._reads.page(described)
        rows = found[: described["first"]]
        blocks = [block_of(row) for row in rows]
        cursors = [selection.encode_cursor(row) for row in rows]
        return BlockConnection(
            edges=[BlockEdge(cursor=cursor, node=one) for cursor, one in zip(cursors, blocks, strict=True)],
            nodes=blocks,
            page_info=page_info(cursors, more=len(found) > len(rows), after="after" in described),
            count=partial(self._reads.total, counted),
        )

    async def parent(self, block: Block) -> Block | None:
        """The block above it."""
        if block.parent_id is None:
            return None
        held = await self._load(self._blocks, (block.graph, block.node_id, str(block.parent_id)))
        return block_of(held) if held else None

    async def node(self, block: Block) -> KnowledgeNode:
        """The node it is part of.

        Raises:
            NotFound: it was deleted a moment ago.
        """
        held = await self._load(self._nodes, (block.graph, block.node_id))
        if held is None:
            raise NotFound(f"The node of the block {block.id!r} was deleted in the meantime.", hint="Read again.")
        return node_of(held)

    async def references(self, block: Block) -> list[BlockReference]:
        """What it refers to."""
        found = await self._load(self._references, (block.graph, block.node_id, str(block.id)))
        return [
            BlockReference(node=node_of(node), block=block_of(held) if held else None) for node, held in found or ()
        ]

    async def _load(self, loader: DataLoader[tuple[str, ...], Any], key: tuple[str, ...]) -> Any:
        # Fields that the executor gives up must not take the read from others that wait for it.
        return await asyncio.shield(loader.load(key))


def _loader(read: Callable[[Sequence[tuple[str, ...]]], Awaitable[Mapping[tuple[str, ...], Any]]]) -> Any:
    async def load(keys: list[tuple[str, ...]]) -> list[Any]:
        found = await read(keys)
        return [found.get(key) for key in keys]

    return DataLoader(load_fn=load, max_batch_size=1_000)


def _conditions(where: BlockWhere | None) -> dict[str, Any]:
    """Conditions as the statement takes them; unset and null ones are none."""
    given = {} if where in (None, UNSET) else plain(where)
    found = {name: value for name, value in given.items() if value is not None}
    name, value = found.pop("property", None), found.pop("property_value", None)
    if name is not None and value is not None:
        found["fact"] = f"{fold(name)}={value.lower()}"
    elif name is not None:
        found["property"] = fold(name)
    elif value is not None:
        found["property_value"] = value.lower()
    if "state" in found:
        found["state"] = _values(found["state"])
    return found


def _values(states: list[TaskState]) -> list[str]:
    return [state.value for state in states] or [""]


@strawberry.type
class BlockQuery:
    """Root fields that read blocks."""

    @strawberry.field(
        description="Blocks of documents: bullets of Logseq pages; in other markdown tasks and what ends with `^id`. "
        "In order of graph, path and place."
    )
    async def blocks(
        self,
        info: Info,
        graph: GraphName = UNSET,
        include_inherited: Inherited = True,
        node: _Node = UNSET,
        where: _Where = UNSET,
        first: First = 50,
        after: After = UNSET,
    ) -> BlockConnection:
        """Blocks of documents."""
        given = _given(graph=graph, include_inherited=include_inherited, node=node, first=first, after=after)
        return await info.context.blocks.page(given, _conditions(where))

    @strawberry.field(description="Tasks in documents, in order of graph, path and place.")
    async def todos(
        self,
        info: Info,
        graph: GraphName = UNSET,
        include_inherited: Inherited = True,
        node: _Node = UNSET,
        state: _States = UNSET,
        tag: Annotated[str | None, strawberry.argument(description="Only with this tag, or one below it.")] = UNSET,
        priority: Annotated[str | None, strawberry.argument(description="Only of this priority.")] = UNSET,
        due: Annotated[
            Date | None, strawberry.argument(description="Only scheduled or due on this day or before.")
        ] = UNSET,
        first: First = 50,
        after: After = UNSET,
    ) -> BlockConnection:
        """Tasks in documents."""
        where: dict[str, Any] = {"task": True}
        if state not in (None, UNSET):
            where = {"state": _values(state)}
        where |= {name: value for name, value in _given(tag=tag, priority=priority, due=due).items() if value}
        given = _given(graph=graph, include_inherited=include_inherited, node=node, first=first, after=after)
        return await info.context.blocks.page(given, where)


def _given(**arguments: Any) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value is not UNSET}
