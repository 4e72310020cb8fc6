"""What finding suggestions needs of others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Similar:
    """A node that is like another one: `score` is 0 to 1."""

    id: str
    title: str
    score: float


class SimilarNodes(Protocol):
    """Finds nodes that are like some others: by words, or by embeddings where there are some."""

    async def similar(self, graph: str, nodes: Sequence[Mapping[str, Any]]) -> dict[str, list[Similar]]:
        """For each node (maps of id, title, tags, content) the nodes of its graph that are most like it, best first."""


class LanguageModel(Protocol):
    """Answers a prompt with JSON."""

    async def answer(self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]) -> str:
        """The answer's text, which should be JSON of this schema.

        Raises:
            Unavailable or TimedOut: the provider does not answer.
        """
