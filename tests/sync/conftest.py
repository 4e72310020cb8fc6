"""A folder, a graph and the API between them, in process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.ingest.folder.export import export_folder
from stratumiops.ingest.folder.ports import Executes
from stratumiops.ingest.folder.report import ExportReport, SyncReport
from stratumiops.ingest.folder.sync import sync_folder
from stratumiops.resolvers.bootstrap import Services, wire
from stratumiops.resolvers.context import LOCAL_ADMIN
from stratumiops.resolvers.engine import Engine
from stratumiops.resolvers.in_process import InProcess
from stratumiops.resolvers.schema import schema
from stratumiops.resolvers.settings import Settings

_NODES = """
query ($graph: String!) {
  nodes(graph: $graph, first: 1000, orderBy: {field: TITLE, direction: ASC}) {
    nodes { id type title content tags status date path rev metadata }
  }
}"""
_UPDATE = "mutation ($input: UpdateNodeInput!) { updateNode(input: $input) { node { rev } } }"
_DELETE = "mutation ($input: DeleteNodeInput!) { deleteNode(input: $input) { id } }"
_NOTE = "mutation ($input: CreateNoteInput!) { createNote(input: $input) { note { id } } }"
_CONFLICTS = """
query ($graph: String!) { conflicts(graph: $graph) { id path kind nodeId since base file node source } }"""
_RESOLVE = "mutation ($input: ResolveConflictInput!) { resolveConflict(input: $input) { conflict { id } } }"
SOURCE = "notes"


class Pair:
    """One folder and one graph."""

    def __init__(self, api: Executes, root: Path, graph: str) -> None:
        self.api = api
        self.root = root
        self.graph = graph

    def put(self, files: dict[str, str | bytes]) -> None:
        """Write files."""
        for path, text in files.items():
            place = self.root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode() if isinstance(text, str) else text)

    def files(self) -> dict[str, bytes]:
        """All files, those of half done writes included."""
        found = sorted(path for path in self.root.rglob("*") if path.is_file() and not path.is_symlink())
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in found}

    def text(self, path: str) -> str:
        return (self.root / path).read_bytes().decode()

    async def sync(self, **options: Any) -> SyncReport:
        """Sync, and prove that syncing again does nothing."""
        report = await self.once(**options)
        if not options and not report.errors:
            before = {path: (self.root / path).stat().st_mtime_ns for path in self.files()}
            again = await self.once()
            assert (again.changes, again.errors) == (0, []), again
            assert before == {path: (self.root / path).stat().st_mtime_ns for path in self.files()}
        return report

    async def once(self, **options: Any) -> SyncReport:
        """Sync once."""
        return await asyncio.to_thread(sync_folder, self.api, self.root, graph=self.graph, source=SOURCE, **options)

    async def export(self, out: Path, **options: Any) -> ExportReport:
        return await asyncio.to_thread(export_folder, self.api, out, graph=self.graph, **options)

    async def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        return await asyncio.to_thread(self.api.execute, document, variables)

    async def nodes(self) -> dict[str, dict[str, Any]]:
        """Live nodes by path; those without one by title."""
        found = (await self.ask(_NODES, graph=self.graph))["nodes"]["nodes"]
        return {one["path"] or one["title"]: one for one in found}

    async def change(self, path: str, **changes: Any) -> None:
        """Change a node as the API does."""
        node = (await self.nodes())[path]
        await self.ask(_UPDATE, input={"graph": self.graph, "id": node["id"], "rev": node["rev"], **changes})

    async def replace(self, path: str, old: str, new: str) -> None:
        """Change a part of a node's content."""
        content = (await self.nodes())[path]["content"]
        assert old in content
        await self.change(path, content=content.replace(old, new))

    async def delete(self, path: str) -> None:
        node = (await self.nodes())[path]
        await self.ask(_DELETE, input={"graph": self.graph, "id": node["id"]})

    async def create(self, **given: Any) -> str:
        made = await self.ask(_NOTE, input={"graph": self.graph, **given})
        return str(made["createNote"]["note"]["id"])

    async def conflicts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.ask(_CONFLICTS, graph=self.graph))["conflicts"]
        return found

    async def resolve(self, keep: str, text: str | None = None) -> None:
        """Decide the only conflict."""
        [conflict] = await self.conflicts()
        given = {"id": conflict["id"], "keep": keep} | ({} if text is None else {"text": text})
        await self.ask(_RESOLVE, input=given)


@pytest.fixture(scope="session")
async def services(neo4j_settings: Neo4jSettings) -> AsyncIterator[Services]:
    """What serves, over the test's Neo4j."""
    given = neo4j_settings
    made = wire(Settings(neo4j={"uri": given.uri, "user": given.user, "password": given.password}))
    await made.connection.open()
    yield made
    await made.close()


@pytest.fixture(scope="session")
async def engine(services: Services) -> Engine:
    return Engine(schema, services.settings)


@pytest.fixture
async def pair(services: Services, engine: Engine, graph_name: str, tmp_path: Path) -> Pair:
    """An empty folder and an empty graph."""
    await services.registry.load()
    (tmp_path / "folder").mkdir()
    return Pair(InProcess(engine, services, LOCAL_ADMIN), tmp_path / "folder", graph_name)


@pytest.fixture
async def synced(pair: Pair) -> Callable[[dict[str, str | bytes]], Any]:
    """Makes files and syncs them."""

    async def make(files: dict[str, str | bytes]) -> Pair:
        pair.put(files)
        report = await pair.sync()
        assert report.imported == len(files)
        return pair

    return make
