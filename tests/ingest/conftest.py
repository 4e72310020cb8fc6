"""An importer over the shared database, and what it left there."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from stratumiops.graph.store.database import Database
from stratumiops.graph.store.knowledge import KnowledgeWriter
from stratumiops.graph.store.registry import GraphRegistry
from stratumiops.ingest.models import DocumentFormat
from stratumiops.ingest.reports import DocumentResult, FinishReport, SourceDocument
from stratumiops.ingest.service import ImportService

SAMPLES = Path(__file__).parents[1] / "samples"


class Importer:
    """Imports files given as text or bytes into one graph, as the source `notes`."""

    def __init__(self, database: Database, graph: str) -> None:
        self.database = database
        self.graph = graph
        self.service = ImportService(database)

    async def send(
        self,
        files: dict[str, str | bytes],
        *,
        source: str = "notes",
        removed: Sequence[str] = (),
        wanted: DocumentFormat = DocumentFormat.AUTO,
    ) -> dict[str, DocumentResult]:
        """The results by path."""
        documents = [
            SourceDocument(path, text.encode() if isinstance(text, str) else text, wanted)
            for path, text in files.items()
        ]
        results = await self.service.import_documents(self.graph, source, documents, actor="tester", removed=removed)
        assert [one.path for one in results] == list(files)
        return {one.path: one for one in results}

    async def outcomes(self, files: dict[str, str | bytes], **options: Any) -> dict[str, str]:
        """What became of each file."""
        return {path: one.outcome.value for path, one in (await self.send(files, **options)).items()}

    async def finish(self, keep: Sequence[str] | None = None, source: str = "notes") -> FinishReport:
        """The end of an import."""
        return await self.service.finish(self.graph, source, actor="tester", keep=keep)

    async def whole(self, files: dict[str, str | bytes], **options: Any) -> FinishReport:
        """A whole import of a folder that holds just these files."""
        await self.send(files, **options)
        return await self.finish(list(files))

    async def node(self, path: str) -> dict[str, Any] | None:
        """The live node of a path."""
        rows = await self.database.read(
            "MATCH (n:KnowledgeNode {graph: $graph, path: $path}) RETURN properties(n) AS node",
            {"graph": self.graph, "path": path},
        )
        return rows[0]["node"] if rows else None

    async def relations(self, *, live: bool = True) -> list[tuple[str, str, str, str]]:
        """Source path, relation, target path, origin; sorted."""
        rows = await self.database.read(
            "MATCH (s {graph: $graph})-[r]->(t {graph: $graph})"
            " WHERE r.origin IS NOT NULL AND (type(r) STARTS WITH 'WAS_') <> $live"
            " RETURN s.path AS source, type(r) AS type, t.path AS target, r.origin AS origin",
            {"graph": self.graph, "live": live},
        )
        return sorted((row["source"], row["type"], row["target"], row["origin"]) for row in rows)

    async def blocks(self, path: str | None = None) -> list[dict[str, Any]]:
        """The stored blocks, of one file or of all, in order."""
        rows = await self.database.read(
            "MATCH (b:Block {graph: $graph}) WHERE $path IS NULL OR b.path = $path"
            " RETURN properties(b) AS block ORDER BY b.path, b.order",
            {"graph": self.graph, "path": path},
        )
        return [row["block"] for row in rows]

    async def references(self) -> list[tuple[str, str]]:
        """Text of a block, and the text of the block or the path of the node that it refers to."""
        rows = await self.database.read(
            "MATCH (b:Block {graph: $graph})-[:REFERS_TO]->(t)"
            " RETURN b.text AS source, CASE WHEN t:Block THEN t.text ELSE t.path END AS target",
            {"graph": self.graph},
        )
        return sorted((row["source"], row["target"]) for row in rows)

    async def document(self, path: str) -> dict[str, Any]:
        """What is stored of a file."""
        [row] = await self.database.read(
            "MATCH (d:Document {graph: $graph, source: 'notes', path: $path}) RETURN properties(d) AS document",
            {"graph": self.graph, "path": path},
        )
        return dict(row["document"])

    async def everything(self) -> list[dict[str, Any]]:
        """All that the graph holds, down to the last property and event, in a fixed order."""
        return await self.database.read(
            "MATCH (n {graph: $graph}) OPTIONAL MATCH (n)-[r]->(m)"
            " WITH labels(n) AS labels, properties(n) AS node, type(r) AS type, properties(r) AS relation,"
            " coalesce(m.id, m.path, m.name) AS other"
            " RETURN labels, node, type, relation, other"
            " ORDER BY coalesce(node.id, node.path), node.rev, type, other, node.valid_from",
            {"graph": self.graph},
        )

    async def events(self) -> list[tuple[str, int]]:
        """Operation and number of ids of every event, in order."""
        rows = await self.database.read(
            "MATCH (e:OutboxEvent {graph: $graph}) RETURN e.op AS op, size(e.ids) AS ids ORDER BY e.id",
            {"graph": self.graph},
        )
        return [(row["op"], row["ids"]) for row in rows]


@pytest.fixture
def importer(database: Database, graph_name: str) -> Importer:
    """An importer into a new graph."""
    return Importer(database, graph_name)


@pytest.fixture
async def writer(database: Database, graph_name: str) -> KnowledgeWriter:
    """Writes as the API does; knows the test's graph."""
    registry = GraphRegistry(database)
    await registry.load()
    assert graph_name in registry.names()
    return KnowledgeWriter(database)


@pytest.fixture
def samples() -> Callable[[str], dict[str, str | bytes]]:
    """The files of one folder of samples, by path."""

    def read(name: str) -> dict[str, str | bytes]:
        root = SAMPLES / name
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*.md"))}

    return read
