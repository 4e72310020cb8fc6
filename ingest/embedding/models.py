"""Loaded models, each once, and the vectors of questions asked lately."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final

from stratumiops.graph.errors import StratumError
from stratumiops.ingest.embedding.cutting import Cut, cut_some
from stratumiops.ingest.embedding.generations import Generation
from stratumiops.ingest.embedding.keys import KeySource
from stratumiops.ingest.embedding.opening import open_embedder
from stratumiops.ingest.embedding.ports import Embedder, ModelSpec, Vector

QUESTIONS: Final = 1_000
"""Vectors of questions that are kept."""
_FAILED_S: Final = 5.0


class Models:
    """Opens models when they are first needed, in a worker thread; safe to share among tasks of one loop.

    A model that could not be opened is not tried again for five seconds: a search must not wait for a dead
    provider each time.
    """

    def __init__(self, secrets: KeySource | None = None) -> None:
        self._secrets = secrets
        self._open: dict[ModelSpec, Embedder] = {}
        self._failed: dict[ModelSpec, tuple[float, StratumError]] = {}
        self._locks: dict[ModelSpec, asyncio.Lock] = {}
        self._questions: OrderedDict[tuple[ModelSpec, str], Vector] = OrderedDict()

    def opened(self, spec: ModelSpec) -> Embedder | None:
        """The model if it is loaded."""
        return self._open.get(spec)

    def forget(self, spec: ModelSpec) -> None:
        """Open it anew next time: it failed, and may be another one by then."""
        self._open.pop(spec, None)

    async def get(self, spec: ModelSpec) -> Embedder:
        """The model.

        Raises:
            StratumError: it cannot be opened; see `open_embedder`.
        """
        async with self._locks.setdefault(spec, asyncio.Lock()):
            found = self._open.get(spec)
            if found is None:
                failed = self._failed.get(spec)
                if failed is not None and time.monotonic() < failed[0]:
                    raise failed[1]
                found = await self._load(spec)
        return found

    def open(self, spec: ModelSpec) -> Embedder:
        """See `open_embedder`."""
        return open_embedder(spec, self._secrets)

    def cut(self, embedder: Embedder, rows: Sequence[Any], generation: Generation) -> tuple[list[Cut], Sequence[Any]]:
        """See `cut_some`."""
        return cut_some(rows, generation, embedder.tokens)

    async def _load(self, spec: ModelSpec) -> Embedder:
        try:
            found = self._open[spec] = await asyncio.to_thread(self.open, spec)
        except StratumError as error:
            self._failed[spec] = (time.monotonic() + _FAILED_S, error)
            raise
        return found

    async def question(self, spec: ModelSpec, text: str) -> Vector:
        """The vector of a question; one asked before costs nothing.

        Raises:
            StratumError: the model cannot be opened, or its provider does not answer.
        """
        key = (spec, text)
        known = self._questions.get(key)
        if known is not None:
            self._questions.move_to_end(key)
            return known
        embedder = await self.get(spec)
        try:
            vector = await asyncio.to_thread(embedder.embed, text)
        except StratumError as error:
            self._failed[spec] = (time.monotonic() + _FAILED_S, error)
            self.forget(spec)
            raise
        self._questions[key] = vector
        while len(self._questions) > QUESTIONS:
            self._questions.popitem(last=False)
        return vector
