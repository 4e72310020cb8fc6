"""The GraphQL operations of an import: what they answer, whom they refuse."""

import base64
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson
import pytest

from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.ingest.identity import content_hash
from stratumiops.resolvers.bootstrap import Services, wire
from stratumiops.resolvers.context import Principal, RequestContext, Role
from stratumiops.resolvers.engine.engine import Engine
from stratumiops.resolvers.engine.request import GraphQLRequest
from stratumiops.resolvers.schema import schema
from stratumiops.resolvers.settings import Settings

IMPORT = """
mutation ($input: ImportDocumentsInput!) {
  importDocuments(input: $input) {
    created failed
    documents { path outcome nodeId title }
    problems { path line code severity message }
  }
}"""
FINISH = """
mutation ($input: FinishImportInput!) {
  finishImport(input: $input) {
    nodes relations relationsCreated relationsEnded deleted unresolvedCount
    unresolved { path line target kind reason }
  }
}"""
IMPORTED = """
query ($graph: String!, $first: Int!, $after: String) {
  importedDocuments(graph: $graph, source: "notes", first: $first, after: $after) { path hash format current }
}"""

Send = Callable[..., Any]


@pytest.fixture(scope="module")
async def services(neo4j_settings: Neo4jSettings) -> AsyncIterator[Services]:
    """What serves, over the test's Neo4j."""
    given = neo4j_settings
    section = {"uri": given.uri, "user": given.user, "password": given.password}
    made = wire(Settings(neo4j=section))
    await made.connection.open()
    yield made
    await made.close()


@pytest.fixture
async def send(services: Services, graph_name: str) -> Send:
    """Runs one operation as a principal; the whole answer."""
    await services.registry.load()
    engine = Engine(schema, services.settings)

    async def run(
        document: str, variables: dict[str, Any], role: Role = Role.DEVELOPER, graph: str = graph_name
    ) -> Any:
        principal = Principal("somebody", role, frozenset({graph}))
        request = GraphQLRequest(document, variables)
        return orjson.loads((await engine.execute(request, RequestContext("r", principal, services))).body)

    return run


async def test_an_import_by_hand(send: Send, graph_name: str) -> None:
    documents = [
        {"path": "a.md", "content": "# A\r\n\r\n[[b]] [[gone]]"},
        {"path": "b.md", "contentBase64": base64.b64encode(b"caf\xe9").decode(), "format": "MARKDOWN"},
        {"path": "../c.md", "content": ""},
    ]
    given = {"graph": graph_name, "source": "notes"}
    answer = await send(IMPORT, {"input": {**given, "documents": documents}})
    found = answer["data"]["importDocuments"]
    assert (found["created"], found["failed"]) == (2, 1)
    assert [(one["path"], one["outcome"], one["title"]) for one in found["documents"]] == [
        ("a.md", "CREATED", "A"),
        ("b.md", "CREATED", "b"),
        ("../c.md", "FAILED", None),
    ]
    assert [(one["path"], one["line"], one["code"], one["severity"]) for one in found["problems"]] == [
        ("b.md", 1, "INVALID_ENCODING", "WARNING"),
        ("../c.md", None, "BAD_PATH", "ERROR"),
    ]
    finished = (await send(FINISH, {"input": {**given, "keep": ["a.md", "b.md"]}}))["data"]["finishImport"]
    assert (finished["nodes"], finished["relations"], finished["unresolvedCount"]) == (2, 1, 1)
    assert finished["unresolved"] == [
        {"path": "a.md", "line": 3, "target": "gone", "kind": "WIKILINK", "reason": "MISSING"}
    ]
    stored = (await send(IMPORTED, {"graph": graph_name, "first": 10}, Role.VIEWER))["data"]["importedDocuments"]
    assert stored == [
        {"path": "a.md", "hash": content_hash(b"# A\r\n\r\n[[b]] [[gone]]"), "format": "AUTO", "current": True},
        {"path": "b.md", "hash": content_hash(b"caf\xe9"), "format": "MARKDOWN", "current": True},
    ]
    rest = await send(IMPORTED, {"graph": graph_name, "first": 10, "after": "a.md"}, Role.VIEWER)
    assert [one["path"] for one in rest["data"]["importedDocuments"]] == ["b.md"]


async def test_an_empty_list_of_paths_deletes_and_none_does_not(send: Send, graph_name: str) -> None:
    given = {"graph": graph_name, "source": "notes"}
    await send(IMPORT, {"input": {**given, "documents": [{"path": "a.md", "content": "a"}]}})
    for keep, deleted in (({}, 0), ({"keep": None}, 0), ({"keep": []}, 1)):
        answer = await send(FINISH, {"input": {**given, **keep}})
        assert answer["data"]["finishImport"]["deleted"] == deleted


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"path": "a.md"}, "needs either content or contentBase64"),
        ({"path": "a.md", "content": "a", "contentBase64": "YQ=="}, "needs either content or contentBase64"),
        ({"path": "a.md", "contentBase64": "no base64!"}, "contentBase64 of a.md"),
    ],
)
async def test_documents_that_are_none(send: Send, graph_name: str, document: dict[str, str], words: str) -> None:
    answer = await send(IMPORT, {"input": {"graph": graph_name, "source": "notes", "documents": [document]}})
    [error] = answer["errors"]
    assert words in error["message"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("BAD_INPUT", "input.documents.0")


async def test_viewers_and_strangers_are_refused(send: Send, graph_name: str) -> None:
    given = {"graph": graph_name, "source": "notes"}
    attempts = (
        (IMPORT, {"input": {**given, "documents": []}}, Role.VIEWER, graph_name),
        (FINISH, {"input": given}, Role.VIEWER, graph_name),
        (IMPORT, {"input": {**given, "documents": []}}, Role.DEVELOPER, "another"),
        (IMPORTED, {"graph": graph_name, "first": 1}, Role.ADMIN, "another"),
    )
    for document, variables, role, graph in attempts:
        answer = await send(document, variables, role, graph)
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_page_too_large_and_a_source_that_is_none(send: Send, graph_name: str) -> None:
    answer = await send(IMPORTED, {"graph": graph_name, "first": 5_001})
    assert answer["errors"][0]["extensions"]["code"] == "BAD_INPUT"
    answer = await send(IMPORT, {"input": {"graph": graph_name, "source": "a/b", "documents": []}})
    assert answer["errors"][0]["extensions"]["field"] == "input.source"
