"""Full-text indexes in other languages than English."""

import secrets

import pytest

from stratumiops.graph.errors import BadInput
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.text_indexes import ensure_text_index, ensure_text_indexes

SEARCH = (
    "CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh() "
    "CALL db.index.fulltext.queryNodes($index, $query) YIELD node RETURN collect(node.id)"
)
CREATED = "SHOW FULLTEXT INDEXES YIELD name, id WHERE name = $name RETURN id"


async def test_words_are_stemmed_as_the_language_does(database: Database) -> None:
    """A label of the test's own: the store that tests share stays English."""
    label = f"Text{secrets.token_hex(4)}"
    name = label.lower()
    properties = {"title": "Decisiones", "content": "Las colas de mensajes", "aliases": ["Resoluciones"]}
    await database.write(f"CREATE (n:{label} {{id: 'n'}}) SET n += $properties", {"properties": properties})

    async def found(query: str) -> list[str]:
        return list(await database.read_one(SEARCH, {"index": name, "query": query}))

    try:
        await ensure_text_index(database, name, label, "english")
        assert (await found("resolución"), await found("decisiones"), await found("de")) == ([], ["n"], ["n"])
        await ensure_text_index(database, name, label, "spanish")
        assert (await found("mensaje"), await found("resolución"), await found("de")) == (["n"], ["n"], [])
        before = await database.read(CREATED, {"name": name})
        await ensure_text_index(database, name, label, "spanish")
        assert await database.read(CREATED, {"name": name}) == before
    finally:
        await database.write(f"DROP INDEX {name} IF EXISTS", past_gate=True)
        await database.write(f"MATCH (n:{label}) DELETE n")


async def test_a_language_that_is_none_is_told(database: Database) -> None:
    with pytest.raises(BadInput, match="spanich") as caught:
        await ensure_text_indexes(database, "spanich")
    assert caught.value.hint == "did you mean spanish?"
