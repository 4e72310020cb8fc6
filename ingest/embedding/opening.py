"""From the settings to a loaded model."""

from stratumiops.ingest.embedding.keys import KeySource
from stratumiops.ingest.embedding.ports import Embedder, ModelSpec, Provider


def open_embedder(spec: ModelSpec, secrets: KeySource | None = None) -> Embedder:
    """Load the model, or reach its provider. Blocks, for seconds with large models.

    Args:
        secrets: looks up a provider's key where it is in the vault.

    Raises:
        BadInput: settings that cannot be.
        Unavailable: what it needs is not installed or does not answer.
    """
    match spec.provider:
        case Provider.ONNX:
            from stratumiops.ingest.embedding.onnx import OnnxEmbedder

            return OnnxEmbedder(spec)
        case Provider.SENTENCE_TRANSFORMERS:
            from stratumiops.ingest.embedding.extras import SentenceTransformersEmbedder

            return SentenceTransformersEmbedder(spec)
        case Provider.FASTEMBED:
            from stratumiops.ingest.embedding.extras import FastembedEmbedder

            return FastembedEmbedder(spec)
        case Provider.OPENAI | Provider.OLLAMA:
            from stratumiops.ingest.embedding.http import HttpEmbedder

            return HttpEmbedder(spec, secrets)


def default_model(spec: ModelSpec) -> str:
    """The name of the model that a spec means, without loading it."""
    if spec.model:
        return spec.model
    if spec.provider is Provider.ONNX:
        from stratumiops.ingest.embedding.packaged import MODEL_NAME

        return MODEL_NAME
    if spec.provider in (Provider.OPENAI, Provider.OLLAMA):
        from stratumiops.ingest.embedding.http import DEFAULT_MODELS

        return DEFAULT_MODELS[spec.provider]
    from stratumiops.ingest.embedding.extras import DEFAULT_MODEL

    return DEFAULT_MODEL
