"""How far the embedding job is."""

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from stratumiops.graph.errors import StratumError

_RATE_S: Final = 30.0


@dataclass(slots=True)
class Progress:
    """What the job is at, for those who watch it."""

    problem: StratumError | None = None
    holder: bool = False
    embedded: int = 0
    marks: deque[tuple[float, int]] = field(default_factory=deque)

    def add(self, made: int) -> None:
        """Count chunks that were embedded and written."""
        self.embedded += made
        now = time.monotonic()
        self.marks.append((now, made))
        while self.marks and self.marks[0][0] < now - _RATE_S:
            self.marks.popleft()

    @property
    def rate(self) -> float:
        """Chunks a second over the last half minute; 0 when nothing was done."""
        now = time.monotonic()
        recent = [(at, made) for at, made in self.marks if at >= now - _RATE_S]
        return sum(made for _, made in recent) / max(now - recent[0][0], 1.0) if recent else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingReport:
    """How far the vectors of some graphs are. `state` is off, idle, embedding, reembedding or waiting."""

    state: str
    provider: str
    model: str
    dimensions: int | None = None
    index: str | None = None
    chunks: int = 0
    pending: int = 0
    rate: float = 0.0
    building: str | None = None
    building_pending: int = 0
    problem: str | None = None
