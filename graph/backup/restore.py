"""File to graph."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from stratumiops.graph.backup import queries
from stratumiops.graph.backup.format import Summary
from stratumiops.graph.backup.marker import interrupted
from stratumiops.graph.backup.reader import rows, verify
from stratumiops.graph.backup.values import decode
from stratumiops.graph.errors import Conflict, Unavailable
from stratumiops.graph.ids import utc_now
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.gate import hold_writers
from stratumiops.graph.store.migrations.runner import available, migrate

_BATCH_ROWS = 1_000
_BATCH_BYTES = 4_000_000
_WIPE_NODES = 2_000
_WIPE_RELATIONSHIPS = 10_000
_STATEMENT_S = 600.0

Row = dict[str, Any]
Progress = Callable[[int, int], None]
"""Called with (rows so far, rows in all)."""


async def restore(db: Database, file: Path, *, replace: bool = False, progress: Progress | None = None) -> Summary:
    """Bring the graph back from a file that is checked as a whole before anything is touched.

    A restore that was cut off is taken up by running it again, with the same file or another: it starts anew.

    Raises:
        BadInput: the file is no backup, or damaged.
        Conflict: a newer program wrote the file; or the graph has content and not `replace`.
        Unavailable: the server went away; run it again.
    """
    summary = verify(file, available()[-1].version)
    await migrate(db)
    async with hold_writers(db, f"restore of {file.name}"):
        if not replace and await interrupted(db) is None:
            await _refuse_content(db)
        await _write(db, queries.MARK, at=utc_now(), file=file.name, sha256=summary.sha256)
        await _wipe(db)
        await _Load(db, summary, progress).run(file)
        await _write(db, queries.AWAIT_INDEXES)
        await migrate(db)
        await _write(db, queries.UNMARK)
    await _write(db, queries.REPLAN)
    return summary


async def _refuse_content(db: Database) -> None:
    count = await db.read_one(queries.CONTENT, timeout_s=_STATEMENT_S)
    if count:
        raise Conflict(
            f"the graph has content ({count} nodes)",
            hint="make a backup of it, then restore with --replace, which deletes it",
        )


async def _wipe(db: Database) -> None:
    """Relationships first: a node with very many of them would not fit into one transaction."""
    for statement, limit in (
        (queries.DELETE_RELATIONSHIPS, _WIPE_RELATIONSHIPS),
        (queries.DELETE_NODES, _WIPE_NODES),
    ):
        while (await _write(db, statement, limit=limit))[0]["count"]:
            continue


async def _write(db: Database, statement: str, **values: Any) -> list[Row]:
    return await db.write(statement, values, past_gate=True, timeout_s=_STATEMENT_S)


class _Load:
    """One pass over the rows. Numbers of the file lead to nodes of the graph by two sorted columns."""

    def __init__(self, db: Database, summary: Summary, progress: Progress | None) -> None:
        self._db = db
        self._total = summary.nodes + summary.relationships
        self._progress = progress
        self._done = 0
        self._in_file = array("q")
        self._in_graph = array("q")

    async def run(self, file: Path) -> None:
        """Make all nodes, then all relationships."""
        indexed = False
        for batch in _batches(rows(file)):
            if "labels" in batch[0]:
                await self._create_nodes(batch)
            else:
                indexed = indexed or self._index()
                await self._create_relationships(batch)
            self._done += len(batch)
            if self._progress:
                self._progress(self._done, self._total)

    async def _create_nodes(self, batch: list[Row]) -> None:
        values = [{"labels": row["labels"], "properties": decode(row["properties"])} for row in batch]
        ids = (await _write(self._db, queries.CREATE_NODES, rows=values))[0]["ids"]
        self._in_file.extend(row["id"] for row in batch)
        self._in_graph.extend(ids)

    async def _create_relationships(self, batch: list[Row]) -> None:
        values = [
            {
                "source": self._node(row["source"]),
                "target": self._node(row["target"]),
                "type": row["type"],
                "properties": decode(row["properties"]),
            }
            for row in batch
        ]
        made = (await _write(self._db, queries.CREATE_RELATIONSHIPS, rows=values))[0]["count"]
        if made != len(batch):
            raise Unavailable("nodes disappeared during the restore", hint="run it again while nothing else writes")

    def _index(self) -> bool:
        """Sort both columns by the first; a scan returns nodes in that order, but does not promise it."""
        pairs = sorted(zip(self._in_file, self._in_graph, strict=True))
        self._in_file = array("q", (pair[0] for pair in pairs))
        self._in_graph = array("q", (pair[1] for pair in pairs))
        return True

    def _node(self, number: int) -> int:
        return self._in_graph[bisect_left(self._in_file, number)]


def _batches(found: Iterator[Row]) -> Iterator[list[Row]]:
    """Rows of one kind together, bounded by number and by size."""
    batch: list[Row] = []
    size = 0
    for row in found:
        full = len(batch) >= _BATCH_ROWS or size >= _BATCH_BYTES
        if batch and (full or ("labels" in row) != ("labels" in batch[0])):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += row["bytes"]
    if batch:
        yield batch
