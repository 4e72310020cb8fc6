"""Files of a directory that were read before, remembered outside of it: YAML is slow, and most files do not change.

The memory is JSON in the user's own cache folder, by the directory's path. An entry counts only while the file has
the time, size and inode that it had when it was read; files that were changed in the moments before the memory was
written are not remembered at all, because a second change within the clock's tick would go unseen.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import orjson

import stratumiops
from stratumiops.graph.adapters import folder as disk
from stratumiops.graph.adapters.markdown_file import Page
from stratumiops.graph.models import Edge, Node, NodeType, RelationType

WORTH_KEEPING: Final = 200
"""So many files have to be read anew before the memory is written."""
MAX_BYTES: Final = 256_000_000
"""A larger memory is not written: reading it would take as long as the files."""
_FORMAT: Final = 3
_TICK_NS: Final = 2_000_000_000
_NODE: Final = (
    "id", "graph", "type", "title", "content", "tags", "aliases", "status", "date", "metadata", "path",
    "created_at", "updated_at", "created_by", "updated_by", "rev", "extra", "embedding",
)  # fmt: skip
_EDGE: Final = ("target", "relation", "weight", "origin", "valid_from", "recorded_at", "created_by")


class PageCache:
    """The memory of one directory; whatever is wrong with it, the directory is read without it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @classmethod
    def of(cls, root: Path) -> "PageCache":
        """The memory of a directory."""
        digest = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:32]
        return cls(_folder() / f"{digest}.json")

    def load(self) -> dict[str, tuple[disk.Stamp, Page]]:
        """What is remembered, by path."""
        try:
            held = orjson.loads(disk.read_plain(self._file))
            if held["format"] != _FORMAT or held["version"] != stratumiops.__version__:
                return {}
            return {
                path: (disk.Stamp(*stamp), _page(node, edges, links))
                for path, stamp, node, edges, links in held["files"]
            }
        except (OSError, ValueError, TypeError, KeyError):
            return {}

    def keep(self, read: int, files: Callable[[], Iterable[tuple[str, disk.Stamp, Page]]]) -> None:
        """Remember the files, when enough of them had to be read anew."""
        if read < WORTH_KEEPING:
            return
        settled = time.time_ns() - _TICK_NS
        rows = [
            (
                path,
                (stamp.changed_ns, stamp.size, stamp.inode),
                _node_row(page.node),
                _edge_rows(page.edges),
                page.links if page.by_hand else None,
            )
            for path, stamp, page in files()
            if stamp.changed_ns < settled
        ]
        if not rows:
            return
        held = {"format": _FORMAT, "version": stratumiops.__version__, "files": rows}
        try:
            data = orjson.dumps(held)
            if len(data) <= MAX_BYTES:
                self._write(data)
        except (TypeError, OSError):
            return

    def _write(self, data: bytes) -> None:
        """For the user's own eyes; nothing is lost when it does not reach the disk."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = self._file.with_name(f".{self._file.name}.{os.getpid()}.tmp")
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
            with open(descriptor, "wb") as file:  # noqa: PTH123  # a descriptor, not a path
                file.write(data)
            temporary.replace(self._file)
        finally:
            temporary.unlink(missing_ok=True)


def _folder() -> Path:
    named = os.environ.get("STRATUMIOPS_CACHE")
    base = Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stratumiops"
    return base / "kogral"


def _node_row(node: Node) -> list[Any]:
    return [getattr(node, name) for name in _NODE]


def _edge_rows(edges: Iterable[Edge]) -> list[list[Any]]:
    return [[getattr(edge, name) for name in _EDGE] for edge in edges]


def _page(row: list[Any], edges: list[list[Any]], links: str | None) -> Page:
    values = dict(zip(_NODE, row, strict=True))
    values["type"], values["tags"] = NodeType(values["type"]), tuple(values["tags"])
    values["aliases"] = tuple(values["aliases"])
    node = Node(**values)
    return Page(node, tuple(_edge(node, each) for each in edges), links is not None, links or "")


def _edge(node: Node, row: list[Any]) -> Edge:
    values = dict(zip(_EDGE, row, strict=True))
    values["relation"] = RelationType(values["relation"])
    return Edge(graph=node.graph, source=node.id, **values)
