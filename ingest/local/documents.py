"""What was read of a source, remembered in a directory: `.documents/<source>.jsonl`, a line for each change.

A line holds what Neo4j has in a `Document`, and `node`, the id of the node it stands for; a line with `gone` takes the
document of its path away. The last line of a path counts.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from stratumiops.graph.adapters.folder import file_name, read_plain
from stratumiops.graph.local.work import Work

FOLDER: Final = ".documents"
_BYTES: Final = "base64:"
_SPARE_LINES: Final = 200

Record = dict[str, Any]


class Documents:
    """The documents of a directory."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def of(self, source: str) -> dict[str, Record]:
        """The documents of a source by path, in order of path."""
        found = _last(_lines(self._root / _file(source)))
        return {path: found[path] for path in sorted(found) if found[path].get("source") == source}

    def owners(self) -> dict[str, tuple[str, str]]:
        """By a node's id, the source and path of the document that it belongs to."""
        try:
            files = sorted((self._root / FOLDER).glob("*.jsonl"))
        except OSError:
            return {}
        return {
            record["node"]: (record["source"], path)
            for file in files
            for path, record in _last(_lines(file)).items()
            if "source" in record
        }

    def by_node(self) -> dict[str, Record]:
        """The document of each node that belongs to one."""
        try:
            files = sorted((self._root / FOLDER).glob("*.jsonl"))
        except OSError:
            return {}
        return {
            record["node"]: record for file in files for record in _last(_lines(file)).values() if "source" in record
        }

    def sources(self) -> list[str]:
        """The sources of documents, by name."""
        return sorted({record["source"] for record in self.by_node().values()})

    def tidy(self, source: str, work: Work) -> None:
        """Write the file anew when most of its lines do not count any more."""
        lines = sum(1 for _ in _lines(self._root / _file(source)))
        known = self.of(source)
        if lines > 2 * len(known) + _SPARE_LINES:
            work.staged.write(_file(source), b"".join(_line(record) + b"\n" for record in known.values()))


def remember(work: Work, record: Mapping[str, Any], node_id: str) -> None:
    """Remember a document with the work that writes its node."""
    work.staged.append(_file(record["source"]), _line({**record, "node": node_id}))


def forget(work: Work, source: str, paths: Iterable[str]) -> None:
    """Forget documents with the work."""
    for path in paths:
        work.staged.append(_file(source), _line({"source": source, "path": path, "gone": True}))


def _file(source: str) -> str:
    return f"{FOLDER}/{file_name(source)}.jsonl"


def _line(record: Mapping[str, Any]) -> bytes:
    return orjson.dumps({name: value for name, value in record.items() if value is not None}, default=_packed)


def _packed(value: object) -> str:
    if isinstance(value, bytes):
        return _BYTES + base64.b64encode(value).decode()
    raise TypeError


def _unpacked(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_BYTES):
        return base64.b64decode(value[len(_BYTES) :])
    return value


def _last(lines: Iterable[Record]) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for record in lines:
        if record.get("gone"):
            found.pop(record["path"], None)
        else:
            found[record["path"]] = record
    return found


def _lines(file: Path) -> Iterator[Record]:
    """The lines of a file; those that are none of ours, as after a merge gone wrong, are left out."""
    try:
        lines = read_plain(file).split(b"\n")
    except OSError:
        return
    for line in lines:
        try:
            record = orjson.loads(line) if line else None
        except orjson.JSONDecodeError:
            continue
        if isinstance(record, dict) and isinstance(record.get("path"), str) and ("node" in record or "gone" in record):
            yield {name: _unpacked(value) for name, value in record.items()}
