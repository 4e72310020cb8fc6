"""A kept response is never older than the last change that was acknowledged before the request."""

import asyncio
import base64
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratumiops.graph.errors import Unavailable
from stratumiops.graph.store.database import Database
from stratumiops.resolvers.context import LOCAL_ADMIN, RequestContext
from stratumiops.resolvers.engine import Engine, cache
from stratumiops.resolvers.engine.cache import ResponseCache
from stratumiops.resolvers.schema import schema
from stratumiops.resolvers.settings import CacheSettings, Settings

from .conftest import Answer, Asker
from .world import World

DEADLINE_S = 30
# In order of id: Neo4j reads what is committed row by row, so a scan by `updated_at` can miss a node that an update
# moves past it meanwhile. That is no matter of the cache.
TITLES = (
    "query($g: String!) { nodes(graph: $g, first: 50, orderBy: {field: ID, direction: ASC}) { nodes { id title } } }"
)


@pytest.fixture(autouse=True)
def _everything_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "WORTH_KEEPING_MS", 0)


def caching(ask: Asker, size: int = 1_000_000) -> Asker:
    """The same with a cache of so many bytes."""
    return Asker(Engine(schema, Settings(cache=CacheSettings(response_bytes=size))), ask.services, ask.principal)


async def hit(ask: Asker, text: str, variables: dict[str, Any] | None = None) -> Answer:
    """The response once it comes out of the cache; others on the same server keep changing its version."""
    async with asyncio.timeout(DEADLINE_S):
        while (answer := await ask(text, variables)).context.cache != "hit":
            assert answer.data is not None
    return answer


# ---- the version of the store


def transaction(bookmark: str) -> int:
    """The number of a transaction in its bookmark: a packed list of the database's id, 16 bytes, and the number."""
    packed = base64.b64decode(bookmark.partition(":")[2])
    at = packed.index(b"\xcc\x10") + 18
    size = {0xC8: 1, 0xC9: 2, 0xCA: 4, 0xCB: 8}.get(packed[at], 0)
    return int.from_bytes(packed[at + 1 : at + 1 + size], "big") if size else packed[at]


async def test_version_stays_without_a_commit(database: Database) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while await database.version() != await database.version():
            assert database.driver  # somebody else on the same server committed something between the two


async def test_version_changes_with_every_commit_of_anybody(database: Database, graph_name: str) -> None:
    other = Database(database.settings)
    await other.connect()
    try:
        versions = [await database.version()]
        for writer in (database, other, database, other):
            await writer.write("MATCH (g:Graph {name: $name}) SET g.touched = rand()", {"name": graph_name})
            versions.append(await database.version())
        assert len(set(versions)) == len(versions)
        assert await other.version() >= versions[-1]
    finally:
        await other.close()


async def test_version_is_never_behind_an_acknowledged_commit(database: Database, graph_name: str) -> None:
    """Also while other commits, begun before or after, are under way."""

    async def write(number: int) -> None:
        for round_ in range(25):
            async with database.driver.session(database=database.settings.database) as session:
                size = 1 if (number + round_) % 3 else 200
                text = "UNWIND range(1, $size) AS i CREATE (:KnowledgeNode {graph: $graph, id: $id + i})"
                await (await session.run(text, size=size, graph=graph_name, id=f"{number}-{round_}-")).consume()
                [mine] = (await session.last_bookmarks()).raw_values
            seen.append(transaction(await database.version()) - transaction(mine))

    seen: list[int] = []
    await asyncio.gather(*(write(number) for number in range(8)))
    assert len(seen) == 200
    assert min(seen) >= 0


# ---- what is kept


async def test_a_hit_costs_one_ping(ask: Asker, monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    asker, pings = caching(ask), 0
    version = asker.services.db.version

    async def counted() -> str:
        nonlocal pings
        pings += 1
        return await version()

    monkeypatch.setattr(asker.services.db, "version", counted)
    fresh = await asker(TITLES, {"g": world.main})
    assert (fresh.context.cache, len(fresh.sent), pings) == ("off", 1, 0)
    async with asyncio.timeout(DEADLINE_S):
        kept = fresh
        while kept.context.cache != "hit":
            pings = 0
            kept = await asker(TITLES, {"g": world.main})
    assert (pings, kept.sent, kept.context.statements) == (1, [], 0)
    assert kept.text == fresh.text


async def test_what_is_quick_is_not_kept(ask: Asker, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "WORTH_KEEPING_MS", 60_000)
    asker = caching(ask)
    for _ in range(4):
        assert (await asker(TITLES, {"g": world.main})).context.cache == "off"
    assert len(asker.engine._cache._kept) == 0


async def test_the_ones_used_last_stay(ask: Asker, world: World) -> None:
    asker = caching(ask, 3_000)
    kept = asker.engine._cache._kept
    text = "query($g: String!, $n: Int!) { nodes(graph: $g, first: $n) { nodes { id title content } } }"
    for size in (1, 2, 3, 4, 5, 6):
        await hit(asker, text, {"g": world.main, "n": size})
        assert 0 < kept.weight <= 3_000
    assert len(kept) < 6
    whole = await asker(text, {"g": world.main, "n": 50})
    again = await asker(text, {"g": world.main, "n": 50})
    assert len(whole.text) > 3_000
    assert (again.text, again.context.cache) == (whole.text, "miss")
    assert kept.weight <= 3_000


async def test_principals_who_see_different_graphs_never_share(ask: Asker, world: World) -> None:
    asker = caching(ask)
    text = "query($g: String!) { nodes(graph: $g, includeInherited: false) { nodes { id neighbours { graph id } } } }"
    sights = [asker, asker.seeing(world.main), asker.seeing(world.main, world.extra)]
    answers = [(await hit(who, text, {"g": world.main})).text for who in (*sights, *sights)]
    assert answers[:3] == answers[3:]
    assert len(set(answers)) == 3


async def test_wrong_and_failed_requests_are_not_kept(ask: Asker, world: World) -> None:
    asker = caching(ask)
    for _ in range(3):
        assert (await asker('{ node(id: "twin") { id } }')).error["extensions"]["code"] == "BAD_INPUT"
        assert (await asker('{ neighbours(id: "nowhere") { distance } }')).error["extensions"]["code"] == "NOT_FOUND"
    assert len(asker.engine._cache._kept) == 0


# ---- beside writers


@pytest.mark.parametrize("readers", [1, 6])
async def test_never_stale_beside_concurrent_writers(own: Asker, database: Database, readers: int) -> None:
    """Node k counts the changes of its writer. Whoever reads sees no count below what was acknowledged before."""
    [graph] = own.services.registry.names()
    asker, other = caching(own), Database(database.settings)
    await other.connect()
    create = "mutation($i: CreateNodesInput!) { createNodes(input: $i) { count } }"
    nodes = [{"type": "NOTE", "id": f"k{k}", "title": "0"} for k in range(3)]
    assert (await own(create, {"i": {"graph": graph, "nodes": nodes}})).data
    acknowledged, hits, running, random_ = [0, 0, 0], 0, 3, Random(5)

    async def write(k: int) -> None:
        nonlocal running
        for count in range(1, 41):
            if k == 2:  # by a connection that the engine knows nothing of
                text = "MATCH (n:KnowledgeNode {graph: $g, id: 'k2'}) SET n.title = $title"
                await other.write(text, {"g": graph, "title": str(count)})
            else:
                update = "mutation($i: UpdateNodeInput!) { updateNode(input: $i) { node { rev title } } }"
                given = {"graph": graph, "id": f"k{k}", "rev": count, "title": str(count)}
                assert (await asker(update, {"i": given})).data["updateNode"]["node"]["title"] == str(count)
            acknowledged[k] = count
            before, waits = hits, random_.random() < 0.3
            async with asyncio.timeout(DEADLINE_S):
                while waits and hits == before:
                    await asyncio.sleep(0)
        running -= 1

    async def read() -> None:
        nonlocal hits
        while running:
            floor = list(acknowledged)
            answer = await asker(TITLES, {"g": graph})
            found = {node["id"]: int(node["title"]) for node in answer.data["nodes"]["nodes"]}
            assert [found[f"k{k}"] >= floor[k] for k in range(3)] == [True] * 3
            hits += answer.context.cache == "hit"

    try:
        async with asyncio.TaskGroup() as group:
            for k in range(3):
                group.create_task(write(k))
            for _ in range(readers):
                group.create_task(read())
    finally:
        await other.close()
    assert acknowledged == [40, 40, 40]
    assert hits > 10


@dataclass
class FakeStore:
    """A store whose every step takes a random while; its state is its version."""

    random: Random
    state: int = 0
    failing: bool = False
    pings: int = 0

    async def a_while(self) -> None:
        for _ in range(self.random.randrange(4)):
            await asyncio.sleep(0)

    async def version(self) -> str:
        self.pings += 1
        await self.a_while()
        if self.failing and self.random.random() < 0.3:
            raise Unavailable("away")
        state = self.state
        await self.a_while()
        return str(state)

    async def answer(self) -> bytes:
        await self.a_while()
        state = self.state
        await self.a_while()
        return str(state).encode()


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 1 << 32), st.booleans())
async def test_never_stale_however_steps_interleave(seed: int, failing: bool) -> None:
    """Readers, writers, failures and readers that give up, over a store that is only a number."""
    random_ = Random(seed)
    store, kept = FakeStore(random_, failing=failing), ResponseCache(1_000)
    seen = {"hit": 0, "miss": 0, "off": 0, "failed": 0}

    async def read() -> None:
        for _ in range(8):
            floor = store.state
            context = RequestContext("r", LOCAL_ADMIN, None)  # type: ignore[arg-type]
            identity = (1, "shape", {"n": random_.randrange(2)})
            try:
                async with asyncio.timeout(0 if random_.random() < 0.05 else None):
                    body = await kept.fetch(identity, store.answer, store, context)
            except (TimeoutError, Unavailable):
                seen["failed"] += 1
                continue
            assert body is not None
            assert floor <= int(body) <= store.state
            seen[context.cache] += 1
            await store.a_while()

    async def write() -> None:
        for _ in range(4):
            for _ in range(random_.randrange(30)):
                await asyncio.sleep(0)
            store.state += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(5):
            group.create_task(read())
        group.create_task(write())
    assert sum(seen.values()) == 40
    assert seen["hit"] + seen["miss"] + seen["failed"] > 20


async def test_readers_who_come_together_share_pings() -> None:
    store, kept = FakeStore(Random(1)), ResponseCache(1_000)
    context = RequestContext("r", LOCAL_ADMIN, None)  # type: ignore[arg-type]
    for _ in range(3):
        await kept.fetch((1, "shape", {}), store.answer, store, context)
    store.pings = 0
    async with asyncio.TaskGroup() as group:
        for _ in range(50):
            group.create_task(kept.fetch((1, "shape", {}), store.answer, store, context))
    assert store.pings == 2
