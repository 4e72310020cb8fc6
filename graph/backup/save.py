"""Graph to file."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import stratumiops
from stratumiops.graph.backup import format as file_format
from stratumiops.graph.backup import queries
from stratumiops.graph.backup.format import Header, Summary
from stratumiops.graph.backup.marker import interrupted
from stratumiops.graph.backup.values import encode
from stratumiops.graph.backup.writer import new_file
from stratumiops.graph.errors import Conflict, Unavailable
from stratumiops.graph.ids import utc_now
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.gate import hold_writers

STREAM_S = 24 * 3600.0
_REPORT_EVERY = 500

Progress = Callable[[int, int], None]
"""Called with (rows so far, rows in all)."""


async def backup(db: Database, file: Path, *, force: bool = False, progress: Progress | None = None) -> Summary:
    """Write every node and relationship to one file, while writers of all processes wait.

    Raises:
        Conflict: the file exists and not `force`; a backup is running; the graph is half restored.
        BadInput: the file cannot be written.
        Unavailable: the disk is full, the server went away, or a writer got in; no file is left.
    """
    with new_file(file, force=force) as writer:
        async with hold_writers(db, f"backup to {file.name}"):
            header = await _header(db)
            writer.write(header.line())
            total, done = header.nodes + header.relationships, 0
            async for line in _rows(db):
                writer.write(line)
                done += 1
                if progress and done % _REPORT_EVERY == 0:
                    progress(done, total)
        if done != total:
            raise Unavailable(f"the graph changed during the backup: {done} rows instead of {total}")
        sha256 = writer.finish(header)
        if progress:
            progress(total, total)
    return Summary(str(file), sha256, header.schema, header.nodes, header.relationships)


async def _header(db: Database) -> Header:
    unfinished = await interrupted(db)
    if unfinished is not None:
        raise Conflict(
            f"the graph is half restored from {unfinished}", hint="run that restore again, then make backups"
        )
    return Header(
        schema=await db.read_one(queries.SCHEMA) or 0,
        nodes=await db.read_one(queries.COUNT_NODES, timeout_s=STREAM_S) or 0,
        relationships=await db.read_one(queries.COUNT_RELATIONSHIPS, timeout_s=STREAM_S) or 0,
        created_at=utc_now(),
        stratumiops=stratumiops.__version__,
    )


async def _rows(db: Database) -> AsyncIterator[bytes]:
    async for row in db.stream(queries.ALL_NODES, timeout_s=STREAM_S):
        yield file_format.node_line(row["id"], row["labels"], encode(row["properties"]))
    async for row in db.stream(queries.ALL_RELATIONSHIPS, timeout_s=STREAM_S):
        properties = encode(row["properties"])
        yield file_format.relationship_line(row["source"], row["target"], row["type"], properties)
