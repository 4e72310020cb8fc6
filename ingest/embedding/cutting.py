"""Nodes into chunks, and chunks into what is written of them. Pure, and slow enough to be run in a thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from stratumiops.ingest.chunks import Chunk, Tokens, chunk_id, chunks
from stratumiops.ingest.embedding.generations import Generation
from stratumiops.ingest.embedding.ports import Vector

CHUNKS_AT_ONCE: Final = 256
"""About how many chunks are embedded and written together: enough to sort them by length."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A node in chunks; `known` are ids of chunks that are there already."""

    graph: str
    id: str
    rev: int
    type: str
    title: str
    chunks: list[tuple[str, Chunk]]
    known: frozenset[str]

    @property
    def fresh(self) -> list[tuple[str, Chunk]]:
        """Chunks that are not there yet."""
        return [(name, chunk) for name, chunk in self.chunks if name not in self.known]


def cut_some(rows: Sequence[Any], generation: Generation, tokens: Tokens) -> tuple[list[Cut], Sequence[Any]]:
    """The first nodes in chunks, about `CHUNKS_AT_ONCE` of these, and the rows that are left."""
    nodes: list[Cut] = []
    made = 0
    for row in rows:
        graph, node_id, rev, kind, title, content, known = row
        found = [
            (chunk_id(generation.name, graph, node_id, one), one)
            for one in chunks(title, content, tokens, generation.chunking)
        ]
        nodes.append(Cut(graph, node_id, rev, kind, title, found, frozenset(known)))
        made += len(found)
        if made >= CHUNKS_AT_ONCE:
            break
    return nodes, rows[len(nodes) :]


def row_of(node: Cut, generation: Generation, vectors: Mapping[str, Vector]) -> dict[str, Any]:
    """What `queries.write` is told of one node."""
    keep: list[dict[str, Any]] = []
    make: list[dict[str, Any]] = []
    for place, (name, chunk) in enumerate(node.chunks):
        values: dict[str, Any] = {"type": node.type, "rev": node.rev, "place": place}
        values |= {"start_line": chunk.start_line, "end_line": chunk.end_line}
        if name in node.known:
            keep.append({"id": name, "values": values})
            continue
        values |= {"id": name, "graph": node.graph, "index": generation.name, "hash": chunk.hash}
        values |= {"text": chunk.text, "heading": list(chunk.heading)}
        make.append({"id": name, "values": values, "vector": vectors[name]})
    return {"graph": node.graph, "id": node.id, "rev": node.rev, "keep": keep, "make": make}
