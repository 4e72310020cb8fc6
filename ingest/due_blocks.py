"""Blocks of nodes whose text was changed in the graph: read again before anyone asks for them.

Whatever changes a text marks its node in the same transaction, so nothing is missed, whoever wrote it. An import or a
sync that reads the file takes the mark away with the blocks that it writes. While a backup holds writers, readers get
the blocks that are there. After thousands of changes at once a reader waits for the first of them; the rest are read
behind it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from math import inf
from typing import Any, Final

import structlog

from stratumiops.graph.errors import StratumError
from stratumiops.graph.ids import utc_now
from stratumiops.graph.models import Node, NodeType
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.records import node_from
from stratumiops.ingest import queries
from stratumiops.ingest.document import parse_document
from stratumiops.ingest.models import DocumentFormat, ParsedDocument
from stratumiops.ingest.records import block_rows
from stratumiops.ingest.sync.state import Held, held

_AT_ONCE: Final = 200
_WAITED_FOR: Final = 2_000
"""Nodes whose blocks a reader waits for."""

log = structlog.get_logger("stratumiops.blocks")


class DueBlocks:
    """Keeps blocks as new as the texts that they are parts of."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._turn = asyncio.Lock()
        self._behind: asyncio.Task[None] | None = None

    async def renew(self, graphs: Sequence[str], at_most: float = _WAITED_FOR) -> int:
        """Read the blocks that are due in these graphs, of so many nodes now; how many they were."""
        done = 0
        while await self._db.read_one(queries.ANY_BLOCKS_DUE, {"graphs": list(graphs)}):
            if done >= at_most:
                if self._behind is None or self._behind.done():
                    self._behind = asyncio.create_task(self._go_on(list(graphs)))
                break
            async with self._turn:
                rows = await self._db.read(queries.BLOCKS_DUE, {"graphs": list(graphs), "first": _AT_ONCE})
                at = utc_now()
                made = await asyncio.to_thread(_made, rows, at)
                for graph, of_graph in groupby(sorted(made, key=_place), key=lambda row: str(row["graph"])):
                    params = {"graph": graph, "rows": list(of_graph), "at": at}
                    await self._db.write(queries.RENEW_BLOCKS, params, retry=True)
                done += len(made)
        return done

    async def _go_on(self, graphs: Sequence[str]) -> None:
        try:
            await self.renew(graphs, inf)
        except StratumError as error:  # whoever asks next tries again
            log.warning("blocks wait", reason=error.message)


def changed_document(one: Held) -> ParsedDocument:
    """What the file of a node says once the graph's changes are in it.

    Raises:
        LookupError: there is no live node.
    """
    if one.node is None:
        raise LookupError(one.path)
    return one.reading.parse(one.path, one.rendered.data) if one.readable else document_of(one.node)


def document_of(node: Node) -> ParsedDocument:
    """What a node without a file says; lines are counted in its content."""
    return replace(parse_own(node.path or f"{node.id}.md", node.content.encode(), node), path=node.path or "")


def parse_own(path: str, data: bytes, node: Node) -> ParsedDocument:
    """What a node's own file says."""
    return parse_document(path, data, DocumentFormat.ADR if node.type is NodeType.DECISION else DocumentFormat.AUTO)


def _made(rows: Sequence[Mapping[str, Any]], at: str) -> list[dict[str, Any]]:
    """The blocks of nodes as they are written."""
    found = []
    for row in rows:
        node = node_from(row["node"])
        read = document_of(node) if row["document"] is None else changed_document(held(row))
        blocks = block_rows(node.graph, node.id, read, at)
        found.append({**blocks, "graph": node.graph, "rev": node.rev})
    return found


def _place(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["graph"], row["node"]
