"""Files as GraphQL carries them, in batches that are bounded in number and bytes."""

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

from stratumiops.ingest.reports import SourceDocument

_T = TypeVar("_T")
BATCH_FILES = 200
"""Files of one step of a sync: each may be merged and rendered."""
IMPORTED_FILES = 1_000
"""Files that are imported together."""
BATCH_BYTES = 3_000_000
"""Bytes of either."""
_TEXT_BYTES = 2_500_000
_ESCAPED = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def document(path: str, data: bytes, **more: Any) -> dict[str, Any]:
    """A file as an input: as text, unless it is none or JSON would make it much longer."""
    with suppress(UnicodeDecodeError):
        if len(data) <= _TEXT_BYTES and not _ESCAPED.search(data):
            return {"path": path, **more, "content": data.decode("utf-8")}
    return {"path": path, **more, "contentBase64": base64.b64encode(data).decode("ascii")}


def received(found: dict[str, Any]) -> bytes:
    """The bytes of a file that was received."""
    if found["content"] is not None:
        return str(found["content"]).encode("utf-8")
    return base64.b64decode(found["contentBase64"] or "")


def portions(files: Iterable[SourceDocument]) -> Iterator[list[SourceDocument]]:
    """Files, so many at once as are imported together, read as they are asked for."""
    return _bounded(files, lambda one: len(one.data), IMPORTED_FILES)


def batches(documents: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Inputs, so many at once as one call should take."""
    return _bounded(documents, lambda one: len(one.get("content") or one.get("contentBase64") or ""), BATCH_FILES)


def _bounded(items: Iterable[_T], length: Callable[[_T], int], most: int) -> Iterator[list[_T]]:
    batch: list[_T] = []
    size = 0
    for one in items:
        if batch and (len(batch) >= most or size + length(one) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += length(one)
    if batch:
        yield batch


def chunks(items: list[str], length: int) -> Iterator[list[str]]:
    """Parts of a list."""
    for start in range(0, len(items), length):
        yield items[start : start + length]
