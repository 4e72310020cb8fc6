"""What retrieval needs of an embedding model, whoever runs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

Vector = list[float]


class Provider(StrEnum):
    """Who runs the model; the value is what is set and stored."""

    ONNX = "onnx"
    SENTENCE_TRANSFORMERS = "sentence-transformers"
    FASTEMBED = "fastembed"
    OPENAI = "openai"
    OLLAMA = "ollama"


class Embedder(Protocol):
    """A loaded model. Calls block: they are made in worker threads, several at a time.

    Vectors are unit vectors of `dimensions` numbers, so that their dot product is their cosine.
    """

    @property
    def provider(self) -> Provider:
        """Who runs it."""

    @property
    def model(self) -> str:
        """Its name, as in the settings."""

    @property
    def dimensions(self) -> int:
        """Length of its vectors."""

    def embed(self, text: str) -> Vector:
        """The vector of a question; models that tell questions from passages get their instruction.

        Raises:
            Unavailable: the provider does not answer, or refuses.
        """

    def embed_batch(self, texts: Sequence[str]) -> list[Vector]:
        """The vectors of passages, in their order. What is longer than the model reads is cut.

        Raises:
            Unavailable: the provider does not answer, or refuses.
        """

    def tokens(self, text: str) -> list[int]:
        """The text's tokens without special ones, by the model's tokenizer where there is one to be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """Which model is wanted, and how to reach it.

    Args:
        model: its name at the provider; a folder with `model.onnx` and `tokenizer.json` for `onnx`; None: the
            provider's default.
        dimensions: length of its vectors, for models that offer several; None: its own.
        url: base address of `openai` and `ollama`.
        api_key: a reference, see `keys`; never a key itself.
        threads: processor threads that a local model may use.
        batch: texts that go to the model together.
    """

    provider: Provider = Provider.ONNX
    model: str | None = None
    dimensions: int | None = None
    url: str | None = None
    api_key: str | None = None
    threads: int = 1
    batch: int = 32
