"""What is asked of a search, and what it finds: plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

MAX_FIRST: Final = 100
"""Most hits of a search by meaning or by both."""


class SearchMode(StrEnum):
    """How nodes are looked for."""

    TEXT = "text"
    SEMANTIC = "semantic"
    HYBRID = "hybrid"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """One question.

    Args:
        graphs: the named graphs that are searched.
        visible: the graphs that may be read; neighbours and successors lie in one of them.
        where: conditions by the store's names, as `graph.selection.where` takes them.
        first: how many hits, at most 100.
        threshold: least cosine of the question and a chunk, -1 to 1; hits by words alone are not touched by it.
        expand: neighbours of the best hits take part.
        mmr: 0 to 1; 1 is relevance alone, less prefers hits that differ from those above them.
        rerank: a cross-encoder reads the best hits, unless the ranking is clear.
    """

    query: str
    graphs: tuple[str, ...]
    visible: tuple[str, ...]
    mode: SearchMode = SearchMode.HYBRID
    where: Mapping[str, Any] | None = None
    first: int = 10
    threshold: float | None = None
    expand: bool = False
    mmr: float | None = None
    rerank: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundChunk:
    """The part of a node that speaks to the question. Lines count from 1 in the node's content."""

    text: str
    heading: tuple[str, ...] = ()
    start_line: int = 1
    end_line: int = 1
    similarity: float | None = None
    vector: Sequence[float] | None = None


@dataclass(slots=True, kw_only=True)
class Found:
    """A hit. `node` has the stored properties of the node, `successors` graph, id and title of what supersedes it.

    Ranks count from 1, None where a half has not found it. `mode` is how it was really looked for; `notice` says
    why that is not what was asked for.
    """

    node: Mapping[str, Any]
    score: float
    mode: SearchMode
    text_rank: int | None = None
    text_score: float | None = None
    semantic_rank: int | None = None
    similarity: float | None = None
    graph_rank: int | None = None
    rerank_score: float | None = None
    chunk: FoundChunk | None = None
    successors: Sequence[Mapping[str, Any]] = ()
    notice: str | None = None
    reasons: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """Graph and id of the node."""
        return self.node["graph"], self.node["id"]

    @property
    def ranks(self) -> dict[str, int]:
        """Its rank in each half that found it."""
        found = {"text": self.text_rank, "semantic": self.semantic_rank, "graph": self.graph_rank}
        return {name: rank for name, rank in found.items() if rank is not None}
