"""What a suggestion is."""

import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from stratumiops.graph.models import RelationType

_NAMESPACE = uuid.UUID("0f6c2a54-9b5d-5c0e-8f43-5a1f4f6a7c11")
ORIGIN = "suggestion"
"""The `origin` of relations that come of accepted suggestions."""


class SuggestionKind(StrEnum):
    """Where a suggestion comes from."""

    MENTION = "mention"
    SIMILAR = "similar"
    RELATION = "relation"
    TAG = "tag"


class SuggestionState(StrEnum):
    """What a person said to it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A suggestion that was found. `target` and `relation`, or `tag`; `score` is 0 to 1; `quote` is from the text."""

    kind: SuggestionKind
    source: str
    score: float
    why: str
    target: str | None = None
    relation: RelationType | None = None
    tag: str | None = None
    quote: str | None = None

    def record(self, graph: str) -> dict[str, Any]:
        """Its properties as they are stored. The same proposal has the same id for ever: what was said to it stays."""
        parts = (graph, self.kind, self.source, self.target or "", self.relation or "", self.tag or "")
        return {
            "id": str(uuid.uuid5(_NAMESPACE, "\n".join(parts))),
            "kind": self.kind.value,
            "source": self.source,
            "target": self.target,
            "relation": self.relation.value if self.relation else None,
            "tag": self.tag,
            "score": round(min(max(self.score, 0.0), 1.0), 4),
            "why": self.why,
            "quote": self.quote,
        }
