"""Languages of texts: how words are cut to their stems, and where they are looked for."""

from typing import Final

ENGLISH: Final = "english"
TEXT_INDEX: Final = "knowledge_text"
"""The full-text index of live nodes. A store has one language: that of its server."""
PAST_TEXT_INDEX: Final = "revision_text"
"""The full-text index of past states."""
