"""The write gate: a backup finds the graph at rest, and nobody waits for one that died."""

import asyncio

import pytest

from stratumiops.graph.errors import Conflict, Unavailable
from stratumiops.graph.store import gate
from stratumiops.graph.store.database import Database, Transaction
from stratumiops.graph.store.gate import guarded, hold_writers, prefixed

SET_TITLE = "MATCH (g:Graph {name: $graph}) SET g.title = $title RETURN g.title AS title"
TITLE = "MATCH (g:Graph {name: $graph}) RETURN g.title"
_STATE = "MATCH (gate:WriteGate {name: 'writers'}) RETURN gate.held_until"


@pytest.fixture(autouse=True)
async def open_gate(database: Database, write_gate: None) -> None:
    """Tests of one server share its gate."""
    await gate.wait_until_open(database)


async def until(condition: asyncio.Event) -> None:
    async with asyncio.timeout(20):
        await condition.wait()


async def test_writers_wait_while_the_gate_is_held_and_readers_do_not(database: Database, graph_name: str) -> None:
    async with hold_writers(database, "a backup"):
        writing = asyncio.create_task(database.write(SET_TITLE, {"graph": graph_name, "title": "late"}))

        async def work(transaction: Transaction) -> str:
            rows = await transaction.run("MATCH (g:Graph {name: $graph}) RETURN g.title AS t", {"graph": graph_name})
            return str(rows[0]["t"])

        transacting = asyncio.create_task(database.transaction(work))
        for _ in range(20):
            assert await database.read_one(TITLE, {"graph": graph_name}) == graph_name
        assert not writing.done()
        assert not transacting.done()
        forced = await database.write(SET_TITLE, {"graph": graph_name, "title": "holder"}, past_gate=True)
        assert forced == [{"title": "holder"}]
    assert await writing == [{"title": "late"}]
    assert await transacting in ("holder", "late")


async def test_the_holder_waits_for_transactions_under_way(database: Database, graph_name: str) -> None:
    began, finish = asyncio.Event(), asyncio.Event()

    async def slow(transaction: Transaction) -> None:
        await transaction.run(SET_TITLE, {"graph": graph_name, "title": "before the backup"})
        began.set()
        await until(finish)

    async def backup() -> object:
        async with hold_writers(database, "a backup"):
            return await database.read_one(TITLE, {"graph": graph_name})

    writing = asyncio.create_task(database.transaction(slow))
    await until(began)
    copying = asyncio.create_task(backup())
    while not await database.read_one(_STATE):
        await asyncio.sleep(0)
    assert not copying.done()
    finish.set()
    assert await copying == "before the backup"
    await writing


async def test_only_one_holds_the_gate(database: Database) -> None:
    async with hold_writers(database, "the first"):
        with pytest.raises(Conflict, match="held already: the first"):
            async with hold_writers(database, "the second"):
                pytest.fail("two hold the writers")
    async with hold_writers(database, "the third"):
        assert (await database.read_one(_STATE) or 0) > 0
    assert await database.read_one(_STATE) == 0


async def test_the_gate_of_a_holder_that_died_opens_by_itself(database: Database, graph_name: str) -> None:
    await database.write(
        "MATCH (gate:WriteGate) SET gate.held_until = timestamp() + 700, gate.holder = 'dead', gate.reason = 'x'",
        past_gate=True,
    )
    assert await database.write(SET_TITLE, {"graph": graph_name, "title": "on"}) == [{"title": "on"}]
    async with hold_writers(database, "the next"):
        assert (await database.read_one(_STATE) or 0) > 0


async def test_a_gate_that_stays_shut_is_unavailable_with_its_reason(
    database: Database, graph_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "WAIT_S", 0.2)
    async with hold_writers(database, "the nightly backup"):
        with pytest.raises(Unavailable, match="the nightly backup"):
            await database.write(SET_TITLE, {"graph": graph_name, "title": "no"})


async def test_a_long_hold_is_renewed(database: Database, graph_name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "LEASE_MS", 600)
    monkeypatch.setattr(gate, "RENEW_S", 0.1)
    async with hold_writers(database, "a long backup"):
        first = await database.read_one(_STATE)
        async with asyncio.timeout(20):
            while (await database.read_one(_STATE) or 0) < first + 1_000:
                await asyncio.sleep(0.05)


async def test_a_hold_that_was_lost_is_an_error(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "RENEW_S", 0.05)
    taken = "MATCH (gate:WriteGate) SET gate.holder = 'thief' RETURN gate.holder AS holder"
    lost = asyncio.Event()

    async def backup() -> None:
        async with hold_writers(database, "a backup"):
            await database.write(taken, past_gate=True)
            async with asyncio.timeout(20):
                while any("_renew" in repr(task.get_coro()) for task in asyncio.all_tasks()):
                    await asyncio.sleep(0.01)
            lost.set()

    with pytest.raises(Unavailable, match="was lost"):
        await backup()
    assert lost.is_set()
    await database.write(
        "MATCH (gate:WriteGate {holder: 'thief'}) SET gate.held_until = 0 REMOVE gate.holder", past_gate=True
    )


def test_words_go_behind_the_language_version() -> None:
    assert prefixed("PROFILE ", "RETURN 1") == "PROFILE RETURN 1"
    assert prefixed("PROFILE ", "CYPHER 25 RETURN 1") == "CYPHER 25 PROFILE RETURN 1"
    assert guarded("CYPHER 25 MATCH (n) RETURN n").startswith("CYPHER 25 MATCH (gate:WriteGate")
