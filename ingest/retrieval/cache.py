"""Chunks and vectors of a folder's notes, kept in one SQLite file beside them: what did not change costs nothing.

Everything in it can be made again, so a file that is damaged, or of another version, is thrown away.
"""

import sqlite3
from array import array
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import orjson

from stratumiops.ingest.chunks import Chunk
from stratumiops.ingest.embedding.ports import Vector

_VERSION: Final = 1
_AT_ONCE: Final = 500
_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS cuts (key TEXT PRIMARY KEY, chunks BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS vectors (name TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;"
    f"PRAGMA user_version = {_VERSION};"
)


class ChunkCache:
    """Chunks by a key of the text they were cut from, and vectors by a name for the model and what it read.

    Args:
        file: where it is kept; None keeps it in memory.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._memory: sqlite3.Connection | None = None

    def chunks(self, keys: Iterable[str]) -> dict[str, list[Chunk]]:
        """The chunks that are known."""
        rows = self._select("SELECT key, chunks FROM cuts WHERE key IN (%s)", list(keys))
        return {key: [_chunk(one) for one in orjson.loads(held)] for key, held in rows}

    def vectors(self, names: Iterable[str]) -> dict[str, Vector]:
        """The vectors that are known."""
        rows = self._select("SELECT name, vector FROM vectors WHERE name IN (%s)", list(names))
        return {name: array("f", held).tolist() for name, held in rows}

    def put(self, chunks: Mapping[str, Sequence[Chunk]], vectors: Mapping[str, Vector]) -> None:
        """Keep more of both, all or nothing."""
        cuts = [(key, orjson.dumps([_row(one) for one in found])) for key, found in chunks.items()]
        packed = [(name, array("f", vector).tobytes()) for name, vector in vectors.items()]
        with suppress(sqlite3.OperationalError), closing(self._open()) as db, db.inner:  # a folder one may only read
            db.inner.executemany("INSERT OR REPLACE INTO cuts VALUES (?, ?)", cuts)
            db.inner.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", packed)

    def _select(self, text: str, keys: list[str]) -> list[tuple[str, bytes]]:
        found: list[tuple[str, bytes]] = []
        with closing(self._open()) as db:
            for begin in range(0, len(keys), _AT_ONCE):
                some = keys[begin : begin + _AT_ONCE]
                found += db.inner.execute(text % ",".join("?" * len(some)), some).fetchall()
        return found

    def _open(self) -> "_Connection":
        if self._file is None:
            if self._memory is None:
                self._memory = sqlite3.connect(":memory:", check_same_thread=False)
                self._memory.executescript(_SCHEMA)
            return _Connection(self._memory, keep=True)
        try:
            return self._connect(self._file)
        except sqlite3.DatabaseError:
            with suppress(OSError):
                self._file.unlink(missing_ok=True)
            return self._connect(self._file)

    def _connect(self, file: Path) -> "_Connection":
        file.parent.mkdir(parents=True, exist_ok=True)
        ignore = file.parent / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
        inner = sqlite3.connect(file, timeout=10.0, check_same_thread=False)
        try:
            version = inner.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, _VERSION):
                raise sqlite3.DatabaseError("another version")  # noqa: TRY301 - handled like damage
            if version == 0:
                inner.executescript(_SCHEMA)
        except sqlite3.DatabaseError:
            inner.close()
            raise
        return _Connection(inner, keep=False)


class _Connection:
    """A connection that `closing` closes, unless it is to be kept."""

    def __init__(self, inner: sqlite3.Connection, *, keep: bool) -> None:
        self.inner = inner
        self._keep = keep

    def close(self) -> None:
        if not self._keep:
            self.inner.close()


def _row(one: Chunk) -> list[object]:
    return [one.text, list(one.heading), one.start_line, one.end_line, one.hash, one.occurrence]


def _chunk(row: list[object]) -> Chunk:
    text, heading, start, end, digest, occurrence = row
    return Chunk(str(text), tuple(heading), int(start), int(end), str(digest), int(occurrence))  # type: ignore[arg-type, call-overload]
