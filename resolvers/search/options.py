"""Sections of the settings as the options of what they configure."""

from stratumiops.ingest.answers import AnswerOptions
from stratumiops.ingest.chunks import ChunkOptions
from stratumiops.ingest.embedding.options import EmbeddingOptions
from stratumiops.ingest.embedding.ports import ModelSpec, Provider
from stratumiops.ingest.retrieval.cross_encoder import CrossEncoderReranker
from stratumiops.ingest.retrieval.neo4j import SearchOptions
from stratumiops.ingest.retrieval.ranking import Reranker
from stratumiops.resolvers.settings import AskSettings, EmbeddingSettings, SearchSettings


def embedding_options(section: EmbeddingSettings) -> EmbeddingOptions:
    """Options of the embedding job."""
    spec = ModelSpec(
        provider=Provider(section.provider),
        model=section.model,
        dimensions=section.dimensions,
        url=section.url,
        api_key=section.api_key.get_secret_value() if section.api_key else None,
        threads=section.threads,
        batch=section.batch,
    )
    return EmbeddingOptions(
        enabled=section.enabled,
        spec=spec,
        graphs=section.graphs,
        family=section.index,
        chunking=ChunkOptions(section.chunk_tokens, min(section.chunk_overlap, section.chunk_tokens // 2)),
    )


def search_options(section: SearchSettings) -> SearchOptions:
    """Options of searches."""
    return SearchOptions(
        language=section.language,
        rrf_k=section.rrf_k,
        pool=section.candidates,
    )


def reranker(section: SearchSettings) -> Reranker | None:
    """The cross-encoder, not loaded yet; None without one."""
    return CrossEncoderReranker(section.reranker) if section.reranker else None


def answer_options(section: AskSettings) -> AnswerOptions:
    """Options of answers."""
    return AnswerOptions(
        model=section.model,
        url=section.url,
        api_key=section.api_key.get_secret_value() if section.api_key else None,
        passages=section.passages,
        max_tokens=section.max_tokens,
        timeout_s=section.timeout_s,
    )
