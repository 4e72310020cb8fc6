"""Documents as a sync sees them: the base, the node now, and what the file is to become."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from stratumiops.graph.models import Node
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.records import node_from
from stratumiops.ingest.identity import content_hash
from stratumiops.ingest.models import ParsedDocument
from stratumiops.ingest.reading import Reading
from stratumiops.ingest.render import Rendered, overlaid, render, render_new
from stratumiops.ingest.sync import queries
from stratumiops.ingest.sync.reports import ConflictKind


@dataclass(frozen=True, slots=True)
class Standing:
    """How one document and its node stand, without their texts.

    `hash` is empty where it is agreed that there is no file; `changed` means that the graph has something that
    the file has not; `parser` is 0 when the bytes were not kept.
    """

    path: str
    hash: str
    reading: Reading
    parser: int
    node_id: str | None
    rev: int
    live: bool
    changed: bool
    conflict: str | None
    conflict_kind: ConflictKind | None
    conflict_since: str | None


def standing(row: Sequence[Any]) -> Standing:
    """From a row of PLAN or KNOWN."""
    path, digest, wanted, parser, node_id, rev, live, changed, conflict, kind, since, layout = row
    return Standing(
        path, digest, Reading.of(wanted, layout), parser, node_id, rev or 0, live, changed, conflict,
        ConflictKind(kind) if kind else None, since,
    )  # fmt: skip


@dataclass(frozen=True)
class Held:
    """One document with all that a merge needs. `merged` is what a merge made that no file has yet."""

    path: str
    hash: str
    reading: Reading
    base: bytes | None
    merged: bytes | None
    node: Node | None
    agreed: Node | None
    node_rev: int | None

    @cached_property
    def said(self) -> ParsedDocument:
        """What the file's version says from which the graph went on."""
        return self.reading.parse(self.path, self._start or b"")

    @property
    def _start(self) -> bytes | None:
        return self.merged if self.merged is not None else self.base

    @property
    def rev(self) -> int:
        """The node's revision; 0 without a node."""
        return self.node.rev if self.node is not None else 0

    @property
    def readable(self) -> bool:
        """False: it was imported before bytes were kept, and has to be imported again."""
        return self._start is not None or not self.hash

    @cached_property
    def rendered(self) -> Rendered:
        """The file as the graph wants it.

        Raises:
            LookupError: there is no live node.
        """
        if self.node is None:
            raise LookupError(self.path)
        start = self._start
        if start is None:
            return render_new(self.path, self.node, self.reading)
        if self.node.rev == self.node_rev:
            return Rendered(start)
        return render(start, self.said, self.node, reading=self.reading, agreed=self.agreed)

    def as_written(self, data: bytes) -> ParsedDocument:
        """What a file says that was made of this node, with the node's own word for what files cannot say."""
        parsed = self.reading.parse(self.path, data)
        if self.node is None:
            return parsed
        return overlaid(parsed, self.node, self.agreed if self._start is not None else None)

    def as_merged(self, data: bytes) -> ParsedDocument:
        """What a file says that was made of both sides; of what no file can say of the node, the node's word."""
        document = self.reading.parse(self.path, data)
        node = self.node
        if node is None or not self.rendered.unsaid:
            return document
        metadata, extra = dict(document.metadata), dict(document.extra)
        kept: dict[str, Any] = {}
        for name in self.rendered.unsaid:
            if name.startswith("metadata."):
                _keep(metadata, name.removeprefix("metadata."), node.metadata)
            elif name in ("title", "tags", "aliases", "status", "date"):
                kept[name] = getattr(node, name)
            elif name != "content":
                _keep(extra, name, node.extra)
        return replace(document, metadata=metadata, extra=extra, **kept)


def _keep(into: dict[str, Any], key: str, of: Mapping[str, Any]) -> None:
    if key in of:
        into[key] = of[key]
    else:
        into.pop(key, None)


async def known(db: Database, graph: str, source: str, paths: Sequence[str]) -> dict[str, Standing]:
    """How some documents stand, by path; those that are not known are left out."""
    rows = await db.read_one(queries.KNOWN, {"graph": graph, "source": source, "paths": list(paths)})
    return {row[0]: standing(row) for row in rows or ()}


async def load(db: Database, graph: str, source: str, paths: Sequence[str]) -> dict[str, Held]:
    """Some documents with their texts, by path; those that are not known are left out."""
    rows = await db.read(queries.LOAD, {"graph": graph, "source": source, "paths": list(paths)})
    return {row["document"]["path"]: held(row) for row in rows}


def held(row: Mapping[str, Any]) -> Held:
    """From a row of LOAD."""
    document, node, agreed = row["document"], row["node"], row["agreed"]
    return Held(
        document["path"],
        document["hash"],
        Reading.of(document["format"], document.get("layout")),
        unpacked(document.get("bytes")),
        unpacked(document.get("merged")),
        None if node is None or node.get("deleted_at") else node_from(node),
        None if agreed is None else node_from(agreed),
        document.get("node_rev"),
    )


def file_record(data: bytes, merged: bytes | None = None) -> dict[str, Any]:
    """The properties of a document that say which bytes its file has, and which it is to get."""
    return {
        "hash": content_hash(data),
        "size": len(data),
        "bytes": packed(data),
        "merged": None if merged is None or merged == data else packed(merged),
    }


def packed(data: bytes) -> bytes:
    """Bytes as they are stored."""
    return zlib.compress(data, 1)


def unpacked(data: bytes | None) -> bytes | None:
    """The inverse of `packed`."""
    return None if data is None else zlib.decompress(data)
