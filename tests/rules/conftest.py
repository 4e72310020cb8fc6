"""A graph of the test's own, filled by import or by the writer, and somebody who asks."""

import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from stratumiops.graph.models import Edge, Node, NodeType, RelationType
from stratumiops.graph.store.database import Database
from stratumiops.ingest.reports import FinishReport, SourceDocument
from stratumiops.ingest.service import ImportService
from stratumiops.resolvers.context import Role
from stratumiops.resolvers.engine import Engine
from stratumiops.resolvers.schema import schema

from ..engine.conftest import Asker, served  # noqa: TID252 - the asker of the engine's tests
from ..engine.world import OwnGraphs, dropped  # noqa: TID252 - and its graphs


@dataclass
class Project:
    """A named graph, and ways to fill it and to ask about it."""

    ask: Asker
    prefix: str
    made: list[str] = field(default_factory=list)

    @property
    def db(self) -> Database:
        return self.ask.services.db

    @property
    def graph(self) -> str:
        return f"{self.prefix}-own"

    async def new_graph(self, name: str, *, priority: int = 100, inherits: dict[str, int] | None = None) -> str:
        """A graph beside the test's own."""
        full = f"{self.prefix}-{name}"
        await self.ask.services.registry.create(full, actor="ada", priority=priority, inherits=inherits)
        return full

    async def node(self, node_id: str, title: str = "", *, graph: str = "", **values: Any) -> None:
        """A node; a note unless `type` says otherwise."""
        values.setdefault("type", NodeType.NOTE)
        node = Node(id=node_id, graph=graph or self.graph, title=title or node_id, **values)
        await self.ask.services.writer.create_nodes([node], actor="ada")

    async def decision(self, node_id: str, status: str | None, **values: Any) -> None:
        """A decision of this status."""
        await self.node(node_id, type=NodeType.DECISION, status=status, **values)

    async def link(self, source: str, target: str, relation: RelationType = RelationType.RELATES_TO) -> None:
        """A relation."""
        edge = Edge(graph=self.graph, source=source, target=target, relation=relation)
        await self.ask.services.writer.link(edge, actor="ada")

    async def supersede(self, *pairs: tuple[str, str]) -> None:
        """Relations from newer to older."""
        for newer, older in pairs:
            await self.link(newer, older, RelationType.SUPERSEDES)

    async def import_files(self, files: dict[str, str], keep: Sequence[str] | None = None) -> FinishReport:
        """A whole import of a folder of just these files."""
        service = ImportService(self.db)
        documents = [SourceDocument(path, text.encode()) for path, text in files.items()]
        await service.import_documents(self.graph, "notes", documents, actor="ada")
        return await service.finish(self.graph, "notes", actor="ada", keep=list(files) if keep is None else keep)

    async def data(self, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        return (await self.ask(query, {"g": self.graph, **variables})).data

    def viewer(self, *graphs: str) -> Asker:
        """Somebody who may only read these graphs."""
        return self.ask.seeing(*graphs, role=Role.VIEWER)


@pytest.fixture
async def project(database: Database) -> AsyncIterator[Project]:
    """An empty graph with services around it."""
    prefix = f"test-{secrets.token_hex(4)}"
    registry = OwnGraphs(database, prefix)
    await registry.load()
    services = await served(database, registry)
    try:
        await registry.create(f"{prefix}-own", actor="ada", priority=100)
        yield Project(Asker(Engine(schema, services.settings), services), prefix)
    finally:
        await dropped(database, prefix)
