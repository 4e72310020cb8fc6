"""Languages of texts: the full-text indexes that have their analyzers, and how words are cut to their stems."""

from typing import Final

ENGLISH: Final = "english"


def text_index(language: str) -> str:
    """The full-text index of live nodes."""
    return "knowledge_text" if language == ENGLISH else f"knowledge_text_{_name(language)}"


def past_text_index(language: str) -> str:
    """The full-text index of past states."""
    return "revision_text" if language == ENGLISH else f"revision_text_{_name(language)}"


def _name(language: str) -> str:
    return language.replace("-", "_")
