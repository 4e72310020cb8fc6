"""The connection: one round trip, errors in our own words, marks of versions."""

import pytest

from stratumiops.graph.errors import Conflict, TimedOut, Unauthenticated, Unavailable
from stratumiops.graph.store.database import Database, Transaction
from stratumiops.graph.store.settings import Neo4jSettings


async def test_read_and_read_one_give_rows_and_the_single_value(database: Database) -> None:
    assert await database.read("UNWIND [1, 2] AS x RETURN x, $y AS y", {"y": "z"}) == [
        {"x": 1, "y": "z"},
        {"x": 2, "y": "z"},
    ]
    assert await database.read_one("RETURN {a: [1, null]} AS data") == {"a": [1, None]}
    assert await database.read_one("MATCH (n:NoSuchLabel) RETURN n.x") is None


async def test_record_collects_what_was_sent(database: Database, graph_name: str) -> None:
    with database.record() as sent:
        await database.read_one("MATCH (g:Graph {name: $graph}) RETURN g.name", {"graph": graph_name})
        await database.write("MATCH (g:Graph {name: $graph}) SET g.title = 'x'", {"graph": graph_name})
    await database.read_one("RETURN 1")
    assert [(statement.mode, statement.params) for statement in sent] == [
        ("READ", {"graph": graph_name}),
        ("WRITE", {"graph": graph_name}),
    ]


async def test_version_changes_with_commits_only(database: Database, graph_name: str) -> None:
    other = Database(database.settings)
    await other.connect()
    before = await database.version()
    await other.write("MATCH (g:Graph {name: $graph}) SET g.title = 'x'", {"graph": graph_name})
    assert await database.version() != before
    await other.close()


async def test_a_unique_value_that_is_taken_is_a_conflict(database: Database, graph_name: str) -> None:
    with pytest.raises(Conflict, match="a graph of this name exists"):
        await database.write("CREATE (:Graph {name: $graph})", {"graph": graph_name})


async def test_a_slow_statement_times_out(database: Database) -> None:
    endless = "UNWIND range(1, 100000) AS x UNWIND range(1, 100000) AS y WITH x, y WHERE x = -y RETURN count(*)"
    with pytest.raises(TimedOut):
        await database.read_one(endless, timeout_s=0.2)


async def test_a_wrong_password_is_unauthenticated(neo4j_settings: Neo4jSettings) -> None:
    db = Database(Neo4jSettings(neo4j_settings.uri, user="nobody", password="hunter2-secret"))
    with pytest.raises(Unauthenticated, match="refused the user name or password") as error:
        await db.connect()
    assert "hunter2" not in f"{error.value} {error.value.hint} {db.settings}"


async def test_nothing_listening_is_unavailable() -> None:
    db = Database(Neo4jSettings("bolt://127.0.0.1:9", password="x"))
    with pytest.raises(Unavailable, match="does not answer") as error:
        await db.connect()
    assert error.value.hint is not None
    with pytest.raises(Unavailable, match="not open"):
        await db.read_one("RETURN 1")


async def test_a_transaction_rolls_back_as_a_whole(database: Database, graph_name: str) -> None:
    async def work(transaction: Transaction) -> None:
        await transaction.run("MATCH (g:Graph {name: $graph}) SET g.title = 'half'", {"graph": graph_name})
        raise Conflict("no")

    with pytest.raises(Conflict, match="no"):
        await database.transaction(work)
    title = await database.read_one("MATCH (g:Graph {name: $graph}) RETURN g.title", {"graph": graph_name})
    assert title == graph_name


async def test_profile_counts_hits_and_leaves_nothing(database: Database, graph_name: str) -> None:
    text = "MATCH (g:Graph {name: $graph}) SET g.title = 'x'"
    assert 0 < await database.profile(text, {"graph": graph_name}) < 10
    plan = await database.explain(text, {"graph": graph_name})
    assert "children" in plan
    title = await database.read_one("MATCH (g:Graph {name: $graph}) RETURN g.title", {"graph": graph_name})
    assert title == graph_name
