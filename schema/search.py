"""Searches: what they find and why, the vectors they need, and answers made of what they find."""

from collections.abc import Awaitable, Callable
from typing import Any

import strawberry
from strawberry import UNSET, Info, Private

from stratumiops.graph.models import Direction, RelationType
from stratumiops.schema.enums import EmbeddingState, SearchMode
from stratumiops.schema.knowledge import KnowledgeNode

MAX_SUCCESSORS = 10
"""Nodes that a hit names as taking its place, at the most."""


@strawberry.type(description="A part of a text that matched, with some of what is around it.")
class Highlight:
    """A part of a text that matched."""

    field: str = strawberry.field(description="title, aliases, tags or content.")
    text: str = strawberry.field(description="The part of the text.")
    ranges: list[list[int]] = strawberry.field(
        description="Start and end of each match in `text`, in UTF-16 code units as JavaScript counts."
    )


@strawberry.type(description="The part of a node that speaks to a question.")
class SearchChunk:
    """The part of a node that speaks to a question."""

    text: str = strawberry.field(description="The part of the text.")
    heading: list[str] = strawberry.field(description="The headings it stands under, outermost first.")
    start_line: int = strawberry.field(description="Its first line in `content`, from 1.")
    end_line: int = strawberry.field(description="Its last line.")
    similarity: float | None = strawberry.field(
        description="Cosine of its vector and that of the question, -1 to 1; null when the search went by words."
    )


@strawberry.type(description="Why a hit stands where it does. Ranks count from 1; null: not found that way.")
class SearchExplanation:
    """Why a hit stands where it does."""

    text_rank: int | None = strawberry.field(description="Its rank by words.")
    text_score: float | None = strawberry.field(description="Its score by words (BM25), without an upper bound.")
    semantic_rank: int | None = strawberry.field(description="Its rank by meaning.")
    similarity: float | None = strawberry.field(description="Cosine of its nearest part and the question.")
    graph_rank: int | None = strawberry.field(description="Its rank among the neighbours of the best hits.")
    rerank_score: float | None = strawberry.field(description="What the cross-encoder gives it.")
    reasons: list[str] = strawberry.field(description="The same in words, and what else moved it.")


@strawberry.type(description="A node that a search found.")
class SearchHit:
    """A node that a search found."""

    node: KnowledgeNode = strawberry.field(description="The node.")
    score: float = strawberry.field(description="Higher is better; scores of two searches do not compare.")
    highlights: list[Highlight] = strawberry.field(description="Where it matched, at most four parts.")
    path: str | None = strawberry.field(description="The file the node came from, relative to what was imported.")
    mode: SearchMode = strawberry.field(
        description="How it was looked for: TEXT although HYBRID was asked for while the model is out of reach."
    )
    explanation: SearchExplanation | None = strawberry.field(
        description="Why it stands where it does; null unless the search was asked to `explain`."
    )
    find_chunk: Private[Callable[[], Awaitable[SearchChunk | None]]]

    @strawberry.field(
        description="The part of its text that speaks to the question best; null while it has not been cut into parts."
    )
    async def chunk(self) -> SearchChunk | None:
        """The part of its text that speaks to the question best."""
        return await self.find_chunk()

    @strawberry.field(description="What takes its place, at most ten, by id; those that were found stand above it.")
    async def superseded_by(self, info: Info[Any, Any]) -> list[KnowledgeNode]:
        """What takes its place."""
        return await info.context.reader.related(  # type: ignore[no-any-return]
            self.node,
            types=[RelationType.SUPERSEDES],
            direction=Direction.IN,
            where=UNSET,
            order_by=UNSET,
            first=MAX_SUCCESSORS,
        )


@strawberry.type(description="Which model makes vectors, and how far it is.")
class EmbeddingStatus:
    """Which model makes vectors, and how far it is."""

    state: EmbeddingState = strawberry.field(description="What it is at.")
    provider: str = strawberry.field(description="Who runs the model that searches use.")
    model: str = strawberry.field(description="The model that searches use.")
    dimensions: int | None = strawberry.field(description="Length of its vectors; null before the first.")
    index: str | None = strawberry.field(description="The vector index that searches use; null before the first.")
    chunks: int = strawberry.field(description="Parts of texts that searches by meaning find.")
    pending: int = strawberry.field(description="Nodes whose present revision is not embedded yet.")
    rate: float = strawberry.field(description="Parts of texts embedded a second over the last half minute, here.")
    building: str | None = strawberry.field(description="The model that is taking over.")
    building_pending: int = strawberry.field(description="Nodes that it has not embedded yet.")
    problem: str | None = strawberry.field(description="What is wrong, while it is.")


@strawberry.type(description="A passage that an answer leans on.")
class Citation:
    """A passage that an answer leans on."""

    number: int = strawberry.field(description="The number in the answer's text: `[1]`.")
    node: KnowledgeNode = strawberry.field(description="The node that the passage is of.")
    path: str | None = strawberry.field(description="The file the node came from.")
    heading: list[str] = strawberry.field(description="The headings the passage stands under.")
    start_line: int = strawberry.field(description="The passage's first line in the node's content, from 1.")
    end_line: int = strawberry.field(description="Its last line.")
    text: str = strawberry.field(description="The passage.")


@strawberry.type(description="An answer to a question, made by a language model of what a search found.")
class Answer:
    """An answer to a question."""

    text: str = strawberry.field(description="The answer; `[1]` names the first citation.")
    citations: list[Citation] = strawberry.field(description="The passages that the text names, by number.")
    model: str = strawberry.field(description="The model that wrote it.")
    mode: SearchMode = strawberry.field(description="How the passages were looked for.")
