"""A cross-encoder of sentence-transformers, which is an extra."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from stratumiops.graph.errors import Unavailable
from stratumiops.ingest.embedding.extras import extra


class CrossEncoderReranker:
    """A model by its name or its folder; loaded when it is first used, and kept."""

    def __init__(self, model: str) -> None:
        self.model = model

    def scores(self, query: str, passages: Sequence[str]) -> list[float]:
        """See `Reranker.scores`."""
        found = _load(self.model).predict([(query, passage) for passage in passages], show_progress_bar=False)
        return [float(score) for score in found]


@lru_cache(maxsize=2)
def _load(model: str) -> Any:
    library = extra("sentence_transformers", "sentence-transformers")
    try:
        return library.CrossEncoder(model, device="cpu", num_labels=1)
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        hint = "check search.reranker: the name of a cross-encoder, or a folder that holds one"
        raise Unavailable(f"{model} cannot be loaded: {reason}", hint=hint) from error
