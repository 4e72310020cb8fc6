"""Vectors as the port promises them: of one length, finite, of length 1."""

import math
from collections.abc import Iterable, Sequence

from stratumiops.graph.errors import Unavailable
from stratumiops.ingest.embedding.ports import Vector

_HINT = "check embeddings.model and embeddings.dimensions"


def unit(vector: Iterable[object], dimensions: int | None, model: str) -> Vector:
    """The vector scaled to length 1.

    Raises:
        Unavailable: it has another dimension, is all zeros, or holds what is no number: a broken model.
    """
    try:
        values = [float(value) for value in vector]  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise Unavailable(f"{model} gave a vector that is not made of numbers", hint=_HINT) from None
    if dimensions is not None and len(values) != dimensions:
        message = f"{model} gave a vector of {len(values)} dimensions; {dimensions} were expected"
        raise Unavailable(message, hint=_HINT)
    norm = math.sqrt(math.fsum(value * value for value in values))
    if not math.isfinite(norm) or norm < 1e-12:
        raise Unavailable(f"{model} gave a vector without direction", hint=_HINT)
    return [value / norm for value in values]


def by_length(texts: Sequence[str], size: int) -> list[list[int]]:
    """Places of the texts in batches of about equal length, longest first: padding costs as much as text."""
    order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
    return [order[begin : begin + size] for begin in range(0, len(order), size)]
