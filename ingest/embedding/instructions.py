"""What some families of models want to see before a question or a passage, as their model cards say.

A model that was trained with such words finds less without them.
"""

from typing import Final

_FAMILIES: Final = (
    ("bge-", "Represent this sentence for searching relevant passages: ", "", ("m3", "-zh")),
    ("e5-", "query: ", "passage: ", ("instruct",)),
    ("nomic-embed-text", "search_query: ", "search_document: ", ()),
    ("mxbai-embed", "Represent this sentence for searching relevant passages: ", "", ()),
    ("snowflake-arctic-embed", "Represent this sentence for searching relevant passages: ", "", ()),
)
"""Part of the name, before a question, before a passage, parts of names that are of another family."""


def instructions(model: str) -> tuple[str, str]:
    """What goes before questions and before passages; empty for models that make no difference."""
    name = model.lower()
    for part, question, passage, others in _FAMILIES:
        if part in name and not any(other in name for other in others):
            return question, passage
    return "", ""
