"""Vectors as the port promises them: of one length, finite, of length 1."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from stratumiops.graph.errors import Unavailable
from stratumiops.ingest.embedding.ports import Vector

TOGETHER: Final = 512
"""Tokens that go through the model together. What lies between its layers then fits the processor's cache: texts of
256 tokens by the 32 take 1.4 times as long and five times the memory (1.5 GB)."""
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


def by_length(lengths: Sequence[int], size: int, together: int = TOGETHER) -> list[list[int]]:
    """Places of texts in batches of about equal length, longest first: padding costs as much as text.

    Args:
        lengths: of the texts, in tokens.
        size: texts of a batch at the most.
        together: tokens of a batch at the most, padding included; a longer text is a batch of its own.
    """
    batches: list[list[int]] = []
    left = 0
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        if not left:
            batches.append([])
            left = max(1, min(size, together // max(1, lengths[place])))
        batches[-1].append(place)
        left -= 1
    return batches
