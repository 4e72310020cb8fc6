"""Reading a backup file, and making sure first that it is whole."""

import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from stratumiops.graph.backup.format import FORMAT, VERSION, Header, Summary
from stratumiops.graph.errors import BadInput, Conflict

_GZIP = 31
_CHUNK = 1 << 20
_LONGEST_LINE = 1 << 28
_MAKE_ANOTHER = "use another backup; nothing was touched"


def verify(path: Path, newest_schema: int) -> Summary:
    """Read the whole file and compare counts and SHA-256; nothing is decoded that is not needed.

    Raises:
        BadInput: it is no backup, or it is damaged or cut short.
        Conflict: a newer program wrote it.
    """
    digest = hashlib.sha256()
    lines = _lines(path)
    first = next(lines, b"")
    header = _header(path, first, newest_schema)
    digest.update(first)
    count, last = 0, b""
    for line in lines:
        if last:
            digest.update(last)
            count += 1
        last = line
    end = _end(path, last)
    if (end.get("nodes"), end.get("relationships")) != (header.nodes, header.relationships):
        raise _damaged(path, "its end does not fit its header")
    if count != header.nodes + header.relationships:
        raise _damaged(path, f"it has {count} rows and should have {header.nodes + header.relationships}")
    if end.get("sha256") != digest.hexdigest():
        raise _damaged(path, "its content has another SHA-256 than the one it carries")
    return Summary(str(path), digest.hexdigest(), header.schema, header.nodes, header.relationships)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """All nodes, then all relationships, of a file that was verified. Yields the size too, as `bytes`."""
    lines = _lines(path)
    next(lines)
    for line in lines:
        row = orjson.loads(line)
        if "end" in row:
            return
        row["bytes"] = len(line)
        yield row


def _lines(path: Path) -> Iterator[bytes]:
    """Lines with their line feeds, in bounded memory."""
    pending = b""
    for piece in _inflated(path):
        *whole, pending = (pending + piece).split(b"\n")
        for line in whole:
            yield line + b"\n"
        if len(pending) > _LONGEST_LINE:
            raise _damaged(path, "it has an endless line")
    if pending:
        raise _damaged(path, "it ends in the middle of a line")


def _inflated(path: Path) -> Iterator[bytes]:
    inflator = zlib.decompressobj(_GZIP)
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                if inflator.eof:
                    raise _damaged(path, "something follows its end")
                while chunk and not inflator.eof:
                    yield inflator.decompress(chunk, _CHUNK)
                    chunk = inflator.unconsumed_tail
    except zlib.error as error:
        raise _damaged(path, str(error)) from error
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}", field="file") from error
    if not inflator.eof:
        raise _damaged(path, "it is cut short")
    if inflator.unused_data:
        raise _damaged(path, "something follows its end")


def _header(path: Path, line: bytes, newest_schema: int) -> Header:
    values = _object(line)
    if values.get("format") != FORMAT:
        raise BadInput(f"{path} is no StratumIOps backup", hint=_MAKE_ANOTHER, field="file")
    if values.get("version") != VERSION:
        raise Conflict(
            f"{path} has backup format {values.get('version')}; this program knows {VERSION}",
            hint="restore it with a newer stratumiops; nothing was touched",
        )
    try:
        header = Header.parse(values)
    except (KeyError, TypeError, ValueError):
        raise _damaged(path, "its header is not complete") from None
    if header.schema > newest_schema:
        raise Conflict(
            f"{path} has schema version {header.schema}; this program knows versions up to {newest_schema}",
            hint=f"restore it with stratumiops {header.stratumiops} or newer; nothing was touched",
        )
    return header


def _end(path: Path, line: bytes) -> dict[str, Any]:
    end = _object(line).get("end")
    if not isinstance(end, dict):
        raise _damaged(path, "it has no end")
    return end


def _object(line: bytes) -> dict[str, Any]:
    try:
        values = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}
    return values if isinstance(values, dict) else {}


def _damaged(path: Path, how: str) -> BadInput:
    return BadInput(f"{path} is damaged: {how}", hint=_MAKE_ANOTHER, field="file")
