"""A local model in a process of its own: a server that embeds stays small, and lets go of the memory when it rests.

Messages are pickled and go between these two processes only.
"""

import pickle
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from stratumiops.graph.child import Child, answer_questions
from stratumiops.graph.errors import BadInput, Conflict, ErrorCode, StratumError, Unavailable
from stratumiops.ingest.embedding.cutting import Cut, cut_some
from stratumiops.ingest.embedding.generations import Generation
from stratumiops.ingest.embedding.models import Models
from stratumiops.ingest.embedding.opening import open_embedder
from stratumiops.ingest.embedding.ports import Embedder, ModelSpec, Provider, Vector

IDLE_S: Final = 300.0
"""How long the process waits for more before it ends. To start it again takes about a second."""
_AT_ONCE: Final = 16
"""Texts of one message: a question that comes meanwhile waits for these, not for all."""
_LOCAL: Final = {Provider.ONNX, Provider.SENTENCE_TRANSFORMERS, Provider.FASTEMBED}
_NICE: Final = 5
_ERRORS: Final = {one.code: one for one in (BadInput, Conflict, Unavailable)}


class ApartEmbedder:
    """A model behind a pipe; see `Embedder`. Calls take turns.

    Raises:
        StratumError: the model cannot be opened; see `open_embedder`.
    """

    def __init__(self, spec: ModelSpec, *, idle_s: float = IDLE_S) -> None:
        self._spec = spec
        self._child = Child("stratumiops.ingest.embedding.apart", idle_s=idle_s)
        self.provider: Provider
        self.model: str
        self.dimensions: int
        self.provider, self.model, self.dimensions = self._call("about")

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return self._child.pid

    def embed(self, text: str) -> Vector:
        """See `Embedder.embed`."""
        found: Vector = self._call("embed", text)
        return found

    def embed_batch(self, texts: Sequence[str]) -> list[Vector]:
        """See `Embedder.embed_batch`."""
        found: list[Vector] = [[] for _ in texts]
        order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
        for begin in range(0, len(order), _AT_ONCE):
            places = order[begin : begin + _AT_ONCE]
            for place, vector in zip(places, self._call("embed_batch", [texts[p] for p in places]), strict=True):
                found[place] = vector
        return found

    def tokens(self, text: str) -> list[int]:
        """See `Embedder.tokens`."""
        found: list[int] = self._call("tokens", text)
        return found

    def cut(self, rows: Sequence[Any], generation: Generation) -> tuple[list[Cut], Sequence[Any]]:
        """See `cut_some`."""
        found: tuple[list[Cut], Sequence[Any]] = self._call("cut", rows, generation)
        return found

    def close(self) -> None:
        """End the process; the next call starts another one."""
        self._child.close()

    def _call(self, name: str, *given: Any) -> Any:
        try:
            kind, found = pickle.loads(self._child.ask(pickle.dumps((self._spec, name, given))))  # noqa: S301 - ours
        except (OSError, EOFError, pickle.UnpicklingError):
            message = f"the process that runs {self._spec.model or 'the model'} ended"
            raise Unavailable(message, hint="is there enough memory? it is started again") from None
        if kind == "error":
            code, message, hint, field = found
            raise _ERRORS.get(code, StratumError)(message, hint=hint, field=field)
        return found


class ApartModels(Models):
    """Models of a server: local ones in processes of their own."""

    def open(self, spec: ModelSpec) -> Embedder:
        """See `Models.open`."""
        return ApartEmbedder(spec) if spec.provider in _LOCAL else super().open(spec)

    def cut(self, embedder: Embedder, rows: Sequence[Any], generation: Generation) -> tuple[list[Cut], Sequence[Any]]:
        """See `Models.cut`."""
        return (
            embedder.cut(rows, generation)
            if isinstance(embedder, ApartEmbedder)
            else super().cut(embedder, rows, generation)
        )


def main() -> None:
    """Answer until nobody asks any more."""
    answer_questions(_answer, nice=_NICE)


def _answer(body: bytes) -> bytes:
    spec, name, given = pickle.loads(body)  # noqa: S301 - from the process that started this one
    try:
        answer: tuple[str, Any] = ("ok", _found(_opened(spec), name, given))
    except StratumError as error:
        answer = ("error", (ErrorCode(error.code), error.message, error.hint, error.field))
    return pickle.dumps(answer)


@cache
def _opened(spec: ModelSpec) -> Embedder:
    return open_embedder(spec)


def _found(embedder: Embedder, name: str, given: tuple[Any, ...]) -> Any:
    if name == "about":
        return embedder.provider, embedder.model, embedder.dimensions
    if name == "cut":
        rows, generation = given
        return cut_some(rows, generation, embedder.tokens)
    return getattr(embedder, name)(*given)


if __name__ == "__main__":
    main()
