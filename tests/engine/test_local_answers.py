"""A directory of files answers what Neo4j answers, byte for byte, whatever the document.

What neither promises is compared by its meaning: the scores of a search and the order of its hits, which of several
shortest paths is shown, the order of the relations of a slice.
"""

import asyncio
import gc
import os
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest
from graphql import parse, validate
from hypothesis import HealthCheck, Phase, assume, given, note, settings
from hypothesis import strategies as st

from stratumiops.graph.local.library import Directory, Library
from stratumiops.graph.store.database import Database
from stratumiops.resolvers.context import LOCAL_ADMIN, RequestContext
from stratumiops.resolvers.engine import Engine, GraphQLRequest
from stratumiops.resolvers.local import LocalServices
from stratumiops.resolvers.schema import schema

from .conftest import UNCACHED, Asker, served
from .directories import write_directory
from .documents import ROOTS, Document, documents, inputs
from .world import World, built

# A directory answers at once, so an error may reach the executor when it has made coroutines that it then gives up.
pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")

EXAMPLES = int(os.environ.get("ENGINE_EXAMPLES", "0"))
GRAPHQL = schema._schema
EXACT = tuple(root for root in ROOTS if root not in {"search", "path", "graphSlice"})


@dataclass
class Local:
    """Asks directories."""

    library: Library
    engine: Engine = field(default_factory=lambda: Engine(schema, UNCACHED))

    async def __call__(self, query: str, variables: dict[str, Any] | None = None) -> Any:
        self.engine.compile = False
        context = RequestContext("request-1", LOCAL_ADMIN, LocalServices(self.library, UNCACHED))  # type: ignore[arg-type]
        response = await self.engine.execute(GraphQLRequest(query, dict(variables or {})), context)
        return response.status, response.body.decode()

    async def data(self, query: str, variables: dict[str, Any] | None = None) -> Any:
        _, text = await self(query, variables)
        body = orjson.loads(text)
        assert "errors" not in body, text
        return body["data"]


@dataclass
class Both:
    """The same world twice: what Neo4j has, and directories; `alone`: one directory without what it inherits."""

    world: World
    neo4j: Asker
    local: Local
    alone: Local


@pytest.fixture(scope="module")
async def both(database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Both]:
    folder = tmp_path_factory.mktemp("directories")
    async with built(database, f"test-{secrets.token_hex(4)}", across=False) as world:
        services = await served(database, world.registry)
        places = {graph: folder / str(place) for place, graph in enumerate(world.graphs)}
        main, shared, extra = places.values()
        await write_directory(database, world.extra, extra)
        await write_directory(database, world.shared, shared, [extra])
        await write_directory(database, world.main, main, [shared, extra])
        library = Library.open(main)
        own = Library(Directory(Path(main), library.own.config), ())
        yield Both(world, Asker(Engine(schema, services.settings), services), Local(library), Local(own))


async def test_no_file_is_left_out(both: Both) -> None:
    found = await both.local.data("{ nodes(first: 100) { totalCount } graphs { name resolved nodeCount } }")
    assert both.local.library.problems() == []
    assert found == (await both.neo4j("{ nodes(first: 100) { totalCount } graphs { name resolved nodeCount } }")).data


@pytest.mark.timeout(900)  # 300 documents, each run two ways
def test_generated_documents(both: Both, loop: asyncio.AbstractEventLoop) -> None:
    seen: Counter[str] = Counter()
    sights = ((both.local, both.world.graphs), (both.local, both.world.graphs), (both.alone, (both.world.main,)))

    @settings(
        max_examples=EXAMPLES or 150,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.sampled_from(sights).flatmap(
            lambda sight: st.tuples(st.just(sight), documents(GRAPHQL, both.world, sight[1], EXACT))
        )
    )
    def compare(given: tuple[tuple[Local, tuple[str, ...]], Document]) -> None:
        (local, sight), document = given
        assume(not validate(GRAPHQL, parse(document.text)))
        note(f"{document.text}\n{document.variables}")
        who = both.neo4j if sight == both.world.graphs else both.neo4j.seeing(*sight)
        expected = loop.run_until_complete(who(document.text, document.variables, compiled=False))
        status, text = loop.run_until_complete(local(document.text, document.variables))
        assert _same(text) == _same(expected.text)
        assert status == expected.status
        seen["all"] += 1
        seen["errors"] += '"errors"' in text
        seen["fruitful"] += len(text) > 100

    compare()
    gc.collect()
    assert seen["errors"] < 0.3 * seen["all"], seen
    assert seen["fruitful"] > 0.5 * seen["all"], seen


def _same(text: str) -> str:
    """The text of a response; an unknown graph is told with what there is, which differs.

    Where an error takes all of the data away, others may not be told: which one comes first is a matter of time.
    """
    body = orjson.loads(text)
    if body.get("data", 0) is None and "errors" in body:
        return "no data"
    for error in body.get("errors", ()):
        error.get("extensions", {}).pop("hint", None)
        if error.get("extensions", {}).get("code") == "NOT_FOUND":
            error.pop("message")
    body.get("errors", []).sort(key=lambda error: str(error.get("path")))
    return orjson.dumps(body).decode()


SEARCH = """
query($q: String!, $graph: String, $where: NodeWhere, $at: DateTime) {
  search(query: $q, graph: $graph, where: $where, asOf: $at, first: 1000) {
    node { graph id rev title } highlights { field text ranges }
  }
}"""
WORDS = ("cache", "redis queue", '"redis queue"', "run*", "cache -redis", '"two words"', "ünïcödé", "the", "decided")


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("place", [None, 1, 3])
async def test_searches_find_the_same(both: Both, words: str, place: int | None) -> None:
    at = None if place is None else both.world.instants[place]
    for where in (None, {"tags": {"hasAny": ["cache"]}}, {"type": {"eq": "DECISION"}}):
        for graph in (None, both.world.main):
            given = {"q": words, "graph": graph, "where": where, "at": at}
            expected = (await both.neo4j(SEARCH, given)).data["search"]
            found = (await both.local.data(SEARCH, given))["search"]
            assert _by_node(found) == _by_node(expected)


def _by_node(hits: list[dict[str, Any]]) -> dict[tuple[str, str], Any]:
    return {(hit["node"]["graph"], hit["node"]["id"]): (hit["node"], hit["highlights"]) for hit in hits}


async def test_the_best_hit_of_a_search_is_the_same_where_it_is_clear(both: Both) -> None:
    first = "query($q: String!) { search(query: $q, first: 1) { node { id graph } } }"
    for words in ("Newer", "newest", "Back again", "Shared and changed"):
        assert await both.local.data(first, {"q": words}) == (await both.neo4j(first, {"q": words})).data


PATH = """
query($from: ID!, $to: ID!, $graph: String, $depth: Int!, $types: [RelationType!], $way: Direction!, $at: DateTime) {
  path(from: $from, to: $to, graph: $graph, maxDepth: $depth, relations: $types, direction: $way, asOf: $at) {
    length nodes { id } relations { type source { id } target { id } }
  }
}"""


@pytest.mark.parametrize("way", ["OUT", "IN", "BOTH"])
async def test_paths_are_as_long(both: Both, way: str) -> None:
    world = both.world
    links = {(s[1], kind, t[1]) for s, kind, t in list(world.states.values())[-1].relations}
    for types in (None, ["EXTENDS", "RELATES_TO"]):
        for at in (None, world.instants[2]):
            for to in world.ids[:24:2]:
                given = {"from": "n2", "to": to, "graph": world.main, "depth": 4, "types": types, "way": way, "at": at}
                expected = (await both.neo4j(PATH, given)).data["path"]
                found = (await both.local.data(PATH, given))["path"]
                assert (found and found["length"]) == (expected and expected["length"])
                if found and at is None:
                    ids = [node["id"] for node in found["nodes"]]
                    steps = [(one["source"]["id"], one["type"], one["target"]["id"]) for one in found["relations"]]
                    assert len(ids) == len(steps) + 1 == len(set(ids))
                    assert set(steps) <= links
                    pairs = list(pairwise(ids))
                    assert all({s, t} == set(pair) for (s, _, t), pair in zip(steps, pairs, strict=True))


SLICE = """
query($graph: String, $where: NodeWhere, $relations: [RelationType!], $first: Int!, $at: DateTime,
      $focus: ID, $depth: Int! = 1) {
  graphSlice(graph: $graph, where: $where, relations: $relations, first: $first, asOf: $at,
             focus: $focus, depth: $depth) {
    asOf truncated
    dict { type status tag edgeType } nodes { id graph title type status tags updated } edges { source target type }
    nodeList { id title type status } edgeList { source target type }
  }
}"""


def test_slices_show_the_same(both: Both, loop: asyncio.AbstractEventLoop) -> None:
    world = both.world

    @settings(max_examples=40, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.sampled_from((None, world.main)),
        st.one_of(st.none(), inputs(GRAPHQL, world, "NodeWhere")),
        st.sampled_from((None, ["EXTENDS"], ["SUPERSEDES", "EXPLAINS"])),
        st.integers(1, 50),
        st.sampled_from((None, *world.instants[:4])),
        st.sampled_from((None, "n2", "n5", "n23")),
        st.integers(1, 4),
    )
    def compare(
        graph: str | None, where: Any, relations: Any, first: int, at: str | None, focus: str | None, depth: int
    ) -> None:
        given = {"graph": graph, "where": where, "relations": relations, "first": first, "at": at}
        given |= {"focus": focus, "depth": depth}
        expected = loop.run_until_complete(both.neo4j(SLICE, given)).body
        _, text = loop.run_until_complete(both.local(SLICE, given))
        assert _unordered(orjson.loads(text)) == _unordered(expected)

    compare()


def _unordered(body: Any) -> Any:
    """A response whose slice has its relations sorted, and no numbers that depend on their order."""
    found = (body.get("data") or {}).get("graphSlice")
    if found:
        names, edges = found["dict"].pop("edgeType"), found.pop("edges")
        rows = zip(edges["source"], edges["target"], (names[i] for i in edges["type"]), strict=True)
        found["edges"] = sorted(rows)
        found["edgeList"] = sorted(map(orjson.dumps, found["edgeList"]))
    return body
