"""Reads of blocks from Neo4j: one statement for all blocks of an answer."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from stratumiops.graph.selection import blocks as selection
from stratumiops.graph.selection.answers import Row
from stratumiops.ingest.due_blocks import DueBlocks
from stratumiops.resolvers.knowledge.ports import Description, KnowledgeReads

Key = tuple[str, ...]


class Neo4jBlocks:
    """`BlockReads` over the platform's graph; what is due is read before a page is."""

    def __init__(self, reads: KnowledgeReads, due: DueBlocks) -> None:
        self._reads = reads
        self._due = due

    async def page(self, described: Description) -> Sequence[Row]:
        """See `BlockReads.page`."""
        await self._due.renew([described["graph"]] if "graph" in described else described["graphs"])
        return await self._reads.cypher(selection.page, described) or []

    async def total(self, described: Description) -> int:
        """See `BlockReads.total`."""
        return cast("int", await self._reads.cypher(selection.total, described))

    async def by_key(self, keys: Sequence[Key]) -> Mapping[Key, Row]:
        """See `BlockReads.by_key`."""
        return await self._of(selection.BY_KEY, keys)

    async def nodes(self, keys: Sequence[Key]) -> Mapping[Key, Row]:
        """See `BlockReads.nodes`."""
        return await self._of(selection.NODES, keys)

    async def references(self, keys: Sequence[Key]) -> Mapping[Key, Sequence[tuple[Row, Row | None]]]:
        """See `BlockReads.references`."""
        return await self._of(selection.REFERENCES, keys)

    async def _of(self, statement: str, keys: Sequence[Key]) -> Mapping[Key, Any]:
        rows = await self._reads.statement(statement, {"keys": [list(key) for key in keys]})
        return {tuple(key): value for key, value in rows or []}
