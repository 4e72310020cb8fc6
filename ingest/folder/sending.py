"""Files as GraphQL carries them, in batches that are bounded in number and bytes."""

import base64
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

BATCH_FILES = 200
BATCH_BYTES = 3_000_000
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


def batches(documents: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Inputs, so many at once as one call should take."""
    batch: list[dict[str, Any]] = []
    size = 0
    for one in documents:
        length = len(one.get("content") or one.get("contentBase64") or "")
        if batch and (len(batch) >= BATCH_FILES or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += length
    if batch:
        yield batch


def chunks(items: list[str], length: int) -> Iterator[list[str]]:
    """Parts of a list."""
    for start in range(0, len(items), length):
        yield items[start : start + length]
