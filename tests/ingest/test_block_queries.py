"""`blocks` and `todos` in GraphQL: conditions, pages, what hangs on blocks, and how many statements that takes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson
import pytest

from stratumiops.graph.models import Node, NodeType
from stratumiops.graph.store.gate import hold_writers
from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.ingest.due_blocks import DueBlocks
from stratumiops.ingest.models import DocumentFormat
from stratumiops.resolvers.bootstrap import Services, wire
from stratumiops.resolvers.context import Principal, RequestContext, Role
from stratumiops.resolvers.engine.engine import Engine
from stratumiops.resolvers.engine.request import GraphQLRequest
from stratumiops.resolvers.schema import schema
from stratumiops.resolvers.settings import Settings

Ask = Callable[..., Any]
FILES = {
    "pages/A.md": "- first #work/deep\n  id:: 65a0b1c2-1111-4222-8333-000000000001\n\t- TODO [#A] second\n"
    "\t  DEADLINE: <2024-02-10 Sat>\n\t- DONE third\n\t  owner_name:: [[B]], Someone\n",
    "pages/B.md": "- see ((65a0b1c2-1111-4222-8333-000000000001)) of [[A]]\n- LATER fourth #Work\n",
    "journals/2024_02_01.md": "- NOW fifth\n",
}


@pytest.fixture(scope="module")
async def services(neo4j_settings: Neo4jSettings) -> AsyncIterator[Services]:
    """What serves, over the test's Neo4j."""
    given = neo4j_settings
    made = wire(Settings(neo4j={"uri": given.uri, "user": given.user, "password": given.password}))
    await made.connection.open()
    yield made
    await made.close()


@pytest.fixture
async def ask(services: Services, importer) -> Ask:
    """Runs a query about the graph that holds `FILES`; its data, or its first error."""
    await importer.whole(FILES, wanted=DocumentFormat.LOGSEQ)
    await services.registry.load()
    engine = Engine(schema, services.settings)

    async def run(document: str, *graphs: str, compiled: bool = True, **variables: Any) -> Any:
        engine.compile = compiled
        principal = Principal("somebody", Role.VIEWER, frozenset(graphs or (importer.graph,)))
        request = GraphQLRequest(document, {"graph": importer.graph, **variables})
        answer = orjson.loads((await engine.execute(request, RequestContext("r", principal, services))).body)
        return answer["errors"][0] if "errors" in answer else answer["data"]

    return run


BLOCKS = """query ($graph: String, $where: BlockWhere, $node: ID) {
  blocks(graph: $graph, where: $where, node: $node) { totalCount nodes { text } }
}"""


@pytest.mark.parametrize(
    ("where", "texts"),
    [
        (None, ["fifth", "first #work/deep", "second", "third", "see", "fourth #Work"]),
        ({}, ["fifth", "first #work/deep", "second", "third", "see", "fourth #Work"]),
        ({"tag": "WORK"}, ["first #work/deep", "fourth #Work"]),
        ({"tag": "wor"}, []),
        ({"property": "owner-name"}, ["third"]),
        ({"property": "Owner_Name", "propertyValue": "b"}, ["third"]),
        ({"property": "owner-name", "propertyValue": "[[B]], someone"}, ["third"]),
        ({"propertyValue": "Someone"}, ["third"]),
        ({"property": "owner"}, []),
        ({"state": "DOING"}, ["fifth"]),
        ({"state": ["TODO", "DONE"]}, ["second", "third", "fourth #Work"]),
        ({"state": []}, []),
        ({"state": None, "marker": "LATER"}, ["fourth #Work"]),
        ({"priority": "a", "text": "SEC"}, ["second"]),
        ({"text": "'}) RETURN 1 //"}, []),
    ],
)
async def test_conditions(ask: Ask, where: dict[str, Any] | None, texts: list[str]) -> None:
    found = (await ask(BLOCKS, where=where))["blocks"]
    assert [one["text"].partition(" ((")[0] for one in found["nodes"]] == texts
    assert found["totalCount"] == len(texts)


async def test_blocks_of_one_node(ask: Ask, importer) -> None:
    node = await importer.node("pages/A.md")
    found = (await ask(BLOCKS, node=node["id"], where={"text": "d"}))["blocks"]
    assert [one["text"] for one in found["nodes"]] == ["first #work/deep", "second", "third"]
    assert (await ask(BLOCKS, node="nobody"))["blocks"] == {"totalCount": 0, "nodes": []}


async def test_todos(ask: Ask) -> None:
    async def todos(arguments: str) -> list[str]:
        found = await ask(f"query ($graph: String) {{ todos(graph: $graph, {arguments}) {{ nodes {{ text }} }} }}")
        return [one["text"] for one in found["todos"]["nodes"]]

    assert await todos("first: 9") == ["fifth", "second", "third", "fourth #Work"]
    assert await todos("state: [TODO, DOING]") == ["fifth", "second", "fourth #Work"]
    assert await todos('tag: "work"') == ["fourth #Work"]
    assert await todos('priority: "A"') == ["second"]
    assert await todos('due: "2024-02-10"') == ["second"]
    assert await todos('due: "2024-02-09"') == []


async def test_tasks_follow_the_graph(ask: Ask, importer, services: Services) -> None:
    tasks = "query ($graph: String) { todos(graph: $graph, first: 20) { totalCount nodes { text state path } } }"
    writer, graph = services.writer, importer.graph

    async def states() -> dict[str, str]:
        return {one["text"]: one["state"] for one in (await ask(tasks))["todos"]["nodes"]}

    before = await states()
    node = await importer.node("pages/A.md")
    text = node["content"].replace("DONE third", "DOING third")
    await writer.update_node(graph, node["id"], node["rev"], {"content": text}, actor="somebody")
    assert await states() == before | {"third": "DOING"}
    loose = Node(id="loose", graph=graph, type=NodeType.NOTE, title="Loose", content="- [ ] sixth\n- [x] seventh\n")
    await writer.create_nodes([loose], [], actor="somebody")
    assert await states() == before | {"third": "DOING", "sixth": "TODO", "seventh": "DONE"}
    await writer.delete_node(graph, "loose", actor="somebody")
    assert await states() == before | {"third": "DOING"}
    await writer.undelete_node(graph, "loose", actor="somebody")
    assert (await ask(tasks))["todos"]["totalCount"] == len(before) + 2
    with services.db.record() as sent:
        await ask(tasks)
    assert len(sent) == 3, "whether some are due, the page, the number"


async def test_readers_do_not_wait_for_a_backup(ask: Ask, importer, services: Services, write_gate: None) -> None:
    await ask(BLOCKS)
    node = await importer.node("pages/B.md")
    await services.writer.update_node(importer.graph, node["id"], node["rev"], {"content": "- alone"}, actor="somebody")
    async with hold_writers(services.db, "a test"):
        assert "fourth #Work" in {one["text"] for one in (await ask(BLOCKS))["blocks"]["nodes"]}
    found = {one["text"] for one in (await ask(BLOCKS))["blocks"]["nodes"]}
    assert "alone" in found
    assert "fourth #Work" not in found


async def test_many_that_ask_at_once_read_blocks_once(ask: Ask, importer, services: Services) -> None:
    nodes = [Node(id=f"n{place}", graph=importer.graph, type=NodeType.NOTE, title="N", content=f"- [ ] task {place}")
             for place in range(450)]  # fmt: skip
    await services.writer.create_nodes(nodes, [], actor="somebody")
    with services.db.record() as sent:
        answers = await asyncio.gather(*(ask(BLOCKS) for _ in range(5)))
    assert [one["blocks"]["totalCount"] for one in answers] == [456] * 5
    assert sum(one.text.count("DELETE old") for one in sent) == 3, "450 nodes, 200 at once"


async def test_a_reader_waits_for_so_many_and_the_rest_follow(database, importer, writer) -> None:
    nodes = [Node(id=f"n{place}", graph=importer.graph, type=NodeType.NOTE, title="N", content="- [ ] task")
             for place in range(450)]  # fmt: skip
    await writer.create_nodes(nodes, [], actor="somebody")
    due = DueBlocks(database)
    assert await due.renew([importer.graph], at_most=200) == 200
    async with asyncio.timeout(60):
        while await due.renew([importer.graph], at_most=0) or await database.read_one(
            "MATCH (n:BlocksDue {graph: $graph}) RETURN true LIMIT 1", {"graph": importer.graph}
        ):
            await asyncio.sleep(0.01)
    count = "MATCH (b:Block {graph: $graph}) RETURN count(b)"
    assert await database.read_one(count, {"graph": importer.graph}) == 450


async def test_pages_by_cursor_are_whole_and_in_order(ask: Ask, importer) -> None:
    query = """query ($graph: String, $after: String, $first: Int!) {
      blocks(graph: $graph, first: $first, after: $after) {
        edges { cursor node { text } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }"""
    whole = (await ask(query, first=100))["blocks"]["edges"]
    for size in (1, 2, 4):
        seen: list[Any] = []
        after, more = None, True
        while more:
            page = (await ask(query, first=size, after=after))["blocks"]
            assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
            seen += page["edges"]
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        assert seen == whole
    assert (await ask(query, first=1, after="nonsense"))["extensions"]["code"] == "BAD_INPUT"
    assert (await ask(query, first=0))["extensions"]["code"] == "BAD_INPUT"


async def test_what_hangs_on_blocks_takes_a_statement_a_field(ask: Ask, services: Services) -> None:
    query = """query ($graph: String) {
      blocks(graph: $graph) {
        nodes {
          id order depth marker state priority scheduled deadline tags properties path startLine endLine graph parentId
          parent { text }
          node { type title relationCount }
          refersTo { node { title } block { text parent { text } } }
        }
      }
    }"""
    with services.db.record() as sent:
        found = (await ask(query))["blocks"]["nodes"]
    assert len(sent) == 6  # are some due, blocks, parents, nodes, what they refer to, how many relations the nodes have
    fifth, first, second, third, see, fourth = found
    assert (fifth["node"]["type"], fifth["node"]["title"]) == ("JOURNAL", "Feb 1st, 2024")
    assert (first["parent"], second["parent"]) == (None, {"text": "first #work/deep"})
    assert second["parentId"] == first["id"] == "65a0b1c2-1111-4222-8333-000000000001"
    assert (second["state"], second["priority"], second["deadline"], second["startLine"], second["endLine"]) == (
        "TODO", "A", "2024-02-10", 3, 4,
    )  # fmt: skip
    assert third["properties"] == {"owner-name": "[[B]], Someone"}
    assert third["refersTo"] == [{"node": {"title": "B"}, "block": None}]
    assert see["refersTo"] == [
        {"node": {"title": "A"}, "block": {"text": "first #work/deep", "parent": None}},
        {"node": {"title": "A"}, "block": None},
    ]
    assert fourth["tags"] == ["Work"]


async def test_a_deleted_node_hides_its_blocks(ask: Ask, importer, writer) -> None:
    node = await importer.node("pages/A.md")
    await writer.delete_node(importer.graph, node["id"], actor="me")
    assert (await ask(BLOCKS))["blocks"]["totalCount"] == 3
    await writer.undelete_node(importer.graph, node["id"], actor="me")
    assert (await ask(BLOCKS))["blocks"]["totalCount"] == 6


async def test_blocks_of_graphs_that_may_not_be_read_are_not_there(ask: Ask, importer) -> None:
    query = "query ($graph: String) { blocks(graph: $graph) { nodes { id } } }"
    assert (await ask(query, "another"))["extensions"]["code"] == "NOT_FOUND"
    assert (await ask("{ blocks { totalCount nodes { id } } }", "another"))["blocks"] == {"totalCount": 0, "nodes": []}
    assert len((await ask("{ todos { nodes { id } } }"))["todos"]["nodes"]) == 4


async def test_several_graphs_are_paged_through_as_one(ask: Ask, importer, fresh_graph, services: Services) -> None:
    async with fresh_graph() as other:
        await type(importer)(importer.database, other).whole({"a.md": "- [ ] a\n- [x] b\n"})
        await services.registry.load()
        seen: list[str] = []
        after = None
        while after is not None or not seen:
            cursor = f'"{after}"' if after else "null"
            query = f"{{ blocks(first: 3, after: {cursor}) {{ nodes {{ graph text }} pageInfo {{ endCursor }} }} }}"
            page = (await ask(query, importer.graph, other))["blocks"]
            seen += [one["graph"] for one in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
        assert sorted(seen) == seen
        assert (seen.count(other), seen.count(importer.graph)) == (2, 6)


async def test_aliases_and_places_of_relations(ask: Ask, importer) -> None:
    await importer.send({"c.md": "---\naliases: [Sea, The sea]\n---\n[[A]]\n"}, source="other")
    found = await ask(
        """query ($graph: String) {
          named: nodes(graph: $graph, where: {aliases: {hasAny: ["Sea"]}}) { nodes { aliases } }
          unnamed: nodes(graph: $graph, where: {aliases: {hasNone: ["Sea"]}}) { totalCount }
          notes(graph: $graph, where: {path: {eq: "pages/B.md"}}) {
            nodes { aliases relations(direction: OUT) { path line origin } }
          }
        }"""
    )
    assert found["named"]["nodes"] == [{"aliases": ["Sea", "The sea"]}]
    assert found["unnamed"]["totalCount"] == 3
    assert found["notes"]["nodes"] == [
        {"aliases": [], "relations": [{"path": "pages/B.md", "line": 1, "origin": "wikilink"}]}
    ]


async def test_a_note_joined_to_itself_reads_alike_both_ways(ask: Ask, importer) -> None:
    await importer.send({"C.md": "[[C]] ![[C]]\n"}, source="vault", wanted=DocumentFormat.OBSIDIAN)
    await importer.finish(["C.md"], source="vault")
    query = """query ($graph: String, $asOf: DateTime) {
      notes(graph: $graph, where: {path: {eq: "C.md"}}, asOf: $asOf) {
        nodes {
          both: relations { direction source { title } target { title } node { title } }
          out: relations(direction: OUT) { direction }
          in: relations(direction: IN) { direction }
          relationCount neighbours { title } relatesTo { title }
        }
      }
    }"""
    c = {"title": "C"}
    wanted = {
        "both": [{"direction": "OUT", "source": c, "target": c, "node": c}],
        "out": [{"direction": "OUT"}],
        "in": [{"direction": "IN"}],
        "relationCount": 1,
        "neighbours": [c],
        "relatesTo": [c],
    }
    for compiled in (True, False):
        for as_of in (None, "2999-01-01T00:00:00Z"):
            found = await ask(query, compiled=compiled, asOf=as_of)
            assert found["notes"]["nodes"] == [wanted], (compiled, as_of)
