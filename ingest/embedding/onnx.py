"""Sentence embeddings by onnxruntime: no torch, no network. The default is the packaged model."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from stratumiops.graph.errors import BadInput, Unavailable
from stratumiops.ingest.embedding.instructions import instructions
from stratumiops.ingest.embedding.packaged import MODEL_NAME, load_tokenizer, packaged_model, tokenize
from stratumiops.ingest.embedding.ports import ModelSpec, Provider, Vector
from stratumiops.ingest.embedding.vectors import by_length, unit

_WINDOW: Final = 256
"""Tokens that the packaged model was tuned to read at once, special ones included."""


class OnnxEmbedder:
    """A sentence-transformers model exported to ONNX: mean of the token vectors, scaled to length 1.

    Args of the spec:
        model: None or `all-MiniLM-L6-v2` for the packaged model, else a folder that has `model.onnx` (or
            `onnx/model.onnx`) and `tokenizer.json`.

    Raises:
        Unavailable: files are missing, or onnxruntime cannot load them.
        BadInput: no such folder.
    """

    provider = Provider.ONNX

    def __init__(self, spec: ModelSpec) -> None:
        self.model = spec.model or MODEL_NAME
        weights, tokenizer, window = _files(self.model)
        self._session = _session(weights, spec.threads)
        self._inputs = [each.name for each in self._session.get_inputs()]
        self._batch = spec.batch
        self._tokenizer = load_tokenizer(tokenizer)
        self._tokenizer.enable_truncation(window)
        self.tokens = tokenize(load_tokenizer(tokenizer))
        self._question, self._passage = instructions(self.model)
        self.dimensions = len(self.embed("dimension"))
        if spec.dimensions not in (None, self.dimensions):
            message = f"{self.model} has {self.dimensions} dimensions, not {spec.dimensions}"
            raise BadInput(message, hint="leave embeddings.dimensions out", field="embeddings.dimensions")

    def embed(self, text: str) -> Vector:
        """See `Embedder.embed`."""
        return self._run(self._tokenizer.encode_batch([self._question + text]))[0]

    def embed_batch(self, texts: Sequence[str]) -> list[Vector]:
        """See `Embedder.embed_batch`."""
        encoded = self._tokenizer.encode_batch([self._passage + text for text in texts])
        found: list[Vector] = [[] for _ in texts]
        for places in by_length([len(each.ids) for each in encoded], self._batch):
            vectors = self._run([encoded[place] for place in places])
            for place, vector in zip(places, vectors, strict=True):
                found[place] = vector
        return found

    def _run(self, encoded: Sequence[Any]) -> list[Vector]:
        import numpy as np

        length = max(len(each.ids) for each in encoded)
        ids = np.zeros((len(encoded), length), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, each in enumerate(encoded):
            ids[row, : len(each.ids)] = each.ids
            mask[row, : len(each.ids)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        try:
            states: Any = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        except (RuntimeError, KeyError, ValueError) as error:
            raise Unavailable(f"{self.model} failed: {error}", hint="is it a sentence embedding model?") from error
        weights = mask[:, :, None].astype(states.dtype)
        means = (states * weights).sum(axis=1) / weights.sum(axis=1)
        return [unit(vector, None, self.model) for vector in means.tolist()]


def _files(model: str) -> tuple[Path, Path, int]:
    """Weights, tokenizer, and how many tokens the model reads."""
    if model == MODEL_NAME:
        return *packaged_model(), _WINDOW
    folder = Path(model).expanduser()
    weights = next((path for path in (folder / "model.onnx", folder / "onnx" / "model.onnx") if path.is_file()), None)
    tokenizer = folder / "tokenizer.json"
    if weights is None or not tokenizer.is_file():
        message = f"{folder} has no model.onnx and tokenizer.json"
        hint = f"name a folder that has both, or leave embeddings.model out for {MODEL_NAME}"
        raise BadInput(message, hint=hint, field="embeddings.model")
    return weights, tokenizer, _window(folder)


def _window(folder: Path) -> int:
    for name, key in (("sentence_bert_config.json", "max_seq_length"), ("config.json", "max_position_embeddings")):
        try:
            found = json.loads((folder / name).read_bytes()).get(key)
        except (OSError, ValueError, AttributeError):
            continue
        if isinstance(found, int) and found > 2:
            return found
    return _WINDOW


def _session(weights: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads would burn a core
    try:
        return onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own errors have no common base that it exports
        raise Unavailable(f"{weights.name} cannot be loaded: {error}", hint="is the file whole?") from error
