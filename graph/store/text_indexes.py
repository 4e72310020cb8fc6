"""Full-text indexes for languages other than English, whose indexes come with the first migration."""

import difflib
from typing import Final

from stratumiops.graph.errors import BadInput
from stratumiops.graph.selection.language import ENGLISH, past_text_index, text_index
from stratumiops.graph.store.database import Database

_ANALYZERS: Final = "CALL db.index.fulltext.listAvailableAnalyzers() YIELD analyzer RETURN analyzer"
_AWAIT: Final = "CALL db.awaitIndexes(300)"
_TIMEOUT_S: Final = 300.0


async def ensure_text_indexes(db: Database, language: str) -> None:
    """Make the indexes of a language when they are missing.

    Raises:
        BadInput: the store has no analyzer of this name.
    """
    if language == ENGLISH:
        return
    known = [row["analyzer"] for row in await db.read(_ANALYZERS)]
    if language not in known:
        near = difflib.get_close_matches(language, known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(known))}"
        raise BadInput(f"there is no analyzer {language[:60]!r}", hint=hint, field="search.language")
    for label, name in (("KnowledgeNode", text_index(language)), ("Revision", past_text_index(language))):
        await db.write(_create(label, name, language), retry=True, past_gate=True, timeout_s=_TIMEOUT_S)
    await db.read(_AWAIT, timeout_s=_TIMEOUT_S)


def _create(label: str, name: str, analyzer: str) -> str:
    """All three are safe as text: the analyzer is one of the store's own list."""
    return (
        f"CREATE FULLTEXT INDEX `{name}` IF NOT EXISTS FOR (n:{label}) ON EACH [n.title, n.content, n.tags]"
        f" OPTIONS {{indexConfig: {{`fulltext.analyzer`: '{analyzer}', `fulltext.eventually_consistent`: true}}}}"
    )
