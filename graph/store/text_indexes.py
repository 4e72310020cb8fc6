"""The full-text indexes in the language of the settings; the first migration makes them in English."""

import difflib
from typing import Final

from stratumiops.graph.errors import BadInput
from stratumiops.graph.selection.language import PAST_TEXT_INDEX, TEXT_INDEX
from stratumiops.graph.store.database import Database

_KNOWN: Final = "CALL db.index.fulltext.listAvailableAnalyzers() YIELD analyzer RETURN analyzer"
_NOW: Final = (
    "SHOW FULLTEXT INDEXES YIELD name, options WHERE name = $name "
    "RETURN options.indexConfig['fulltext.analyzer'] AS analyzer"
)
_AWAIT: Final = "CALL db.awaitIndexes(300)"
_TIMEOUT_S: Final = 300.0


async def ensure_text_indexes(db: Database, language: str) -> None:
    """Give the indexes the analyzer of a language; when they have another one, they are made again.

    Raises:
        BadInput: the store has no analyzer of this name.
    """
    await ensure_text_index(db, TEXT_INDEX, "KnowledgeNode", language)
    await ensure_text_index(db, PAST_TEXT_INDEX, "Revision", language)


async def ensure_text_index(db: Database, name: str, label: str, language: str) -> None:
    """See `ensure_text_indexes`. Name and label become text: they are never from outside."""
    if [row["analyzer"] for row in await db.read(_NOW, {"name": name})] == [language]:
        return
    known = [row["analyzer"] for row in await db.read(_KNOWN)]
    if language not in known:
        near = difflib.get_close_matches(language, known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(known))}"
        raise BadInput(f"there is no analyzer {language[:60]!r}", hint=hint, field="search.language")
    for statement in (f"DROP INDEX {name} IF EXISTS", _create(name, label, language)):
        await db.write(statement, retry=True, past_gate=True, timeout_s=_TIMEOUT_S)
    await db.read(_AWAIT, timeout_s=_TIMEOUT_S)


def _create(name: str, label: str, analyzer: str) -> str:
    return (
        f"CREATE FULLTEXT INDEX {name} IF NOT EXISTS FOR (n:{label})"
        " ON EACH [n.title, n.content, n.tags, n.aliases, n.graph]"
        f" OPTIONS {{indexConfig: {{`fulltext.analyzer`: '{analyzer}', `fulltext.eventually_consistent`: true}}}}"
    )
