"""What the resolvers of knowledge need of others."""

from collections.abc import Sequence
from typing import Any, Protocol

from stratumiops.ingest.embedding.progress import EmbeddingReport
from stratumiops.ingest.retrieval.models import Found, FoundChunk, SearchRequest


class ReadsOneValue(Protocol):
    """Runs one reading statement."""

    async def read_one(
        self, text: str, params: dict[str, Any] | None = None, *, timeout_s: float | None = None
    ) -> Any | None:
        """The first value of the only record, or None."""


class Retrieval(Protocol):
    """Searches by meaning and by both."""

    async def search(self, request: SearchRequest) -> list[Found]:
        """Hits, best first.

        Raises:
            BadInput: what cannot be asked.
            Unavailable: there are no vectors, or the model is out of reach.
        """

    async def chunks_by_words(self, query: str, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], FoundChunk]:
        """Of each node (graph, id) the chunk with most words of a question; those without chunks left out."""

    async def status(self, graphs: Sequence[str]) -> EmbeddingReport:
        """How far the vectors of these graphs are."""
