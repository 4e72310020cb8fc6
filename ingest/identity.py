"""Names that stay the same from one import to the next: of a source folder, of a node, of a content."""

import hashlib
import re
import uuid
from pathlib import Path

_NAMESPACE = uuid.UUID("6f1c3d0e-7a55-5f0b-9b7e-2f4a9a0c51d7")
SOURCE_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?")
"""A source's name: 1 to 128 letters, digits, dots, dashes, underscores."""


def source_key(folder: Path) -> str:
    """A folder's name as a source: its own name and eight digits of its whole path's hash, never the path."""
    whole = folder.resolve()
    digest = hashlib.sha256(str(whole).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", whole.name).strip("-._")[:64] or "folder"
    return f"{name}-{digest}"


def node_id(graph: str, source: str, path: str) -> str:
    """The id of a file that carries none: the same for the same graph, source and path."""
    return str(uuid.uuid5(_NAMESPACE, f"{graph}\n{source}\n{path}"))


def block_id(node_id: str, text: str, nth: int) -> str:
    """The id of a block that carries none: the same wherever in its document the text stands."""
    return str(uuid.uuid5(_NAMESPACE, f"{node_id}\n{text}\n{nth}"))


def content_hash(data: bytes) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
