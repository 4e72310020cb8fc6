"""Models that need more than the platform installs: sentence-transformers (with torch) and fastembed."""

import importlib
from collections.abc import Sequence
from typing import Any, Final

from stratumiops.graph.errors import BadInput, Unavailable
from stratumiops.ingest.embedding.instructions import instructions
from stratumiops.ingest.embedding.packaged import packaged_tokenizer
from stratumiops.ingest.embedding.ports import ModelSpec, Provider, Vector
from stratumiops.ingest.embedding.vectors import by_length, unit

DEFAULT_MODEL: Final = "BAAI/bge-small-en-v1.5"


def extra(module: str, name: str) -> Any:
    """A module of an extra.

    Raises:
        Unavailable: it is not installed; the hint says how it is.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        message = f"{name} is not installed"
        raise Unavailable(message, hint=f"pip install 'stratumiops[{name}]', or set another provider") from None


class SentenceTransformersEmbedder:
    """Any model of sentence-transformers, by its name or its folder.

    Raises:
        Unavailable: the extra is not installed, or the model cannot be had.
    """

    provider = Provider.SENTENCE_TRANSFORMERS

    def __init__(self, spec: ModelSpec) -> None:
        library = extra("sentence_transformers", "sentence-transformers")
        importlib.import_module("torch").set_num_threads(spec.threads)
        self.model = spec.model or DEFAULT_MODEL
        self._batch = spec.batch
        self._question, self._passage = instructions(self.model)
        try:
            self._inner = library.SentenceTransformer(self.model, device="cpu", truncate_dim=spec.dimensions)
        except (OSError, ValueError, RuntimeError) as error:
            raise _not_loaded(self.model, error) from error
        self.dimensions = len(self.embed("dimension"))
        _check_dimensions(self.model, self.dimensions, spec.dimensions)

    def embed(self, text: str) -> Vector:
        """See `Embedder.embed`."""
        return self._run([self._question + text])[0]

    def embed_batch(self, texts: Sequence[str]) -> list[Vector]:
        """See `Embedder.embed_batch`."""
        return self._run([self._passage + text for text in texts]) if texts else []

    def tokens(self, text: str) -> list[int]:
        """See `Embedder.tokens`."""
        return list(self._inner.tokenizer.encode(text, add_special_tokens=False, truncation=False, verbose=False))

    def _run(self, texts: list[str]) -> list[Vector]:
        found = self._inner.encode(
            texts, batch_size=self._batch, show_progress_bar=False, convert_to_numpy=True, prompt=""
        )
        return [unit(vector, None, self.model) for vector in found.tolist()]


class FastembedEmbedder:
    """A model of fastembed, by its name; a folder with `model.onnx` and `tokenizer.json` works too.

    Raises:
        Unavailable: the extra is not installed, or the model cannot be had.
    """

    provider = Provider.FASTEMBED

    def __init__(self, spec: ModelSpec) -> None:
        library = extra("fastembed", "fastembed")
        self.model = spec.model or DEFAULT_MODEL
        self._batch = spec.batch
        self._question, self._passage = instructions(self.model)
        try:
            self._inner = _fastembed(library, self.model, spec.threads)
        except (OSError, ValueError, RuntimeError) as error:
            raise _not_loaded(self.model, error) from error
        self.dimensions = len(self.embed("dimension"))
        _check_dimensions(self.model, self.dimensions, spec.dimensions)

    def embed(self, text: str) -> Vector:
        """See `Embedder.embed`."""
        return self._run([self._question + text])[0]

    def embed_batch(self, texts: Sequence[str]) -> list[Vector]:
        """See `Embedder.embed_batch`."""
        found: list[Vector] = [[] for _ in texts]
        for places in by_length([len(self.tokens(text)) for text in texts], self._batch):
            vectors = self._run([self._passage + texts[place] for place in places])
            for place, vector in zip(places, vectors, strict=True):
                found[place] = vector
        return found

    def tokens(self, text: str) -> list[int]:
        """See `Embedder.tokens`: by the packaged tokenizer, which is close enough for sizes."""
        return packaged_tokenizer()(text)

    def _run(self, texts: list[str]) -> list[Vector]:
        return [unit(vector.tolist(), None, self.model) for vector in self._inner.embed(texts, batch_size=self._batch)]


def _fastembed(library: Any, model: str, threads: int) -> Any:
    """The model: one that fastembed knows, or one in a folder, which it takes under a name of its own."""
    from pathlib import Path

    folder = Path(model).expanduser()
    if not folder.is_dir():
        return library.TextEmbedding(model, threads=threads)
    descriptions = importlib.import_module("fastembed.common.model_description")
    name = f"folder/{folder.name}"
    if name not in {each["model"] for each in library.TextEmbedding.list_supported_models()}:
        library.TextEmbedding.add_custom_model(
            model=name,
            pooling=descriptions.PoolingType.MEAN,
            normalization=True,
            sources=descriptions.ModelSource(url="file://" + folder.name),
            dim=_dimensions(folder / "config.json"),
            model_file="model.onnx",
        )
    return library.TextEmbedding(name, specific_model_path=str(folder), threads=threads)


def _dimensions(config: Any) -> int:
    import json

    return int(json.loads(config.read_bytes())["hidden_size"])


def _check_dimensions(model: str, found: int, wanted: int | None) -> None:
    if wanted not in (None, found):
        message = f"{model} has {found} dimensions, not {wanted}"
        raise BadInput(message, hint="leave embeddings.dimensions out", field="embeddings.dimensions")


def _not_loaded(model: str, error: Exception) -> Unavailable:
    reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    hint = "name a folder that holds the model, or let this machine reach the model hub"
    return Unavailable(f"{model} cannot be loaded: {reason}", hint=hint)
