"""The end of an import into a directory."""

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from stratumiops.graph.local.library import Directory
from stratumiops.graph.local.server_only import ServerOnly
from stratumiops.graph.local.writer import changing
from stratumiops.graph.models import Direction, Edge
from stratumiops.ingest.finish import Finish, RelationKey, StatedDocument
from stratumiops.ingest.local.blocks import Parsed, named_blocks
from stratumiops.ingest.local.documents import Documents, Record, forget, remember
from stratumiops.ingest.models import FILE_ORIGINS
from stratumiops.ingest.records import load_links
from stratumiops.ingest.reports import FinishReport
from stratumiops.ingest.resolve import Wanted

if TYPE_CHECKING:
    from stratumiops.graph.store.database import Database


class LocalFinish(Finish):
    """Finishes an import of one source into a directory."""

    def __init__(self, directory: Directory, source: str, actor: str) -> None:
        super().__init__(cast("Database", ServerOnly("This part of an import")), directory.name, source, actor)
        self._directory = directory
        self._documents = Documents(directory.root)
        self._parsed = Parsed()

    async def run(self, keep: Sequence[str] | None) -> FinishReport:
        """See `Finish.run`."""
        report = await super().run(keep)
        with changing(self._directory, self._actor) as work:
            self._documents.tidy(self._source, work)
        return report

    async def _check_graph(self) -> None:
        self._directory.refresh()

    async def _rows(self) -> AsyncIterator[list[Any]]:
        for path, record in self._documents.of(self._source).items():
            page = self._directory.tree.page(record["node"])
            node = None if page is None else page.node
            about = [None] * 3 if node is None else [node.id, node.title, node.type.value]
            named = [None] * 2 if node is None else [list(node.aliases), node.date]
            known = [record.get("names"), record.get("counts")]
            yield [path, *about, record.get("incoming"), record["format"], *named, *known]

    async def _delete(self, rows: Sequence[tuple[str, str | None]]) -> int:
        deleted = 0
        with changing(self._directory, self._actor) as work:
            for node_id in sorted(row[1] for row in rows if row[1] is not None):
                if work.node(node_id) is not None:
                    work.delete(node_id)
                    deleted += 1
            forget(work, self._source, [row[0] for row in rows])
        return deleted

    async def _page(self, paths: Sequence[str]) -> list[StatedDocument]:
        known, moment = self._documents.of(self._source), self._directory.moment
        found = []
        for path in paths:
            record = known.get(path)
            if record is not None and record["node"] in moment.nodes:
                leaving = {
                    (edge.source, edge.target, edge.relation): (edge.origin, None, None)
                    for edge, _ in moment.steps(record["node"], (), Direction.OUT)
                }
                links = load_links(record["links"])
                found.append(
                    StatedDocument(path, record["node"], links, _refs(record), record.get("unresolved"), leaving)
                )
        return found

    async def _titles(self, ids: Sequence[str]) -> list[tuple[str, str]]:
        nodes = self._directory.tree.shelf.nodes
        return [(node_id, nodes[node_id].title) for node_id in ids if node_id in nodes]

    async def _named_blocks(self, ids: Sequence[str]) -> list[tuple[str, str]]:
        wanted = set(ids)
        return [one for one in named_blocks(self._directory, self._parsed) if one[0] in wanted]

    async def _settle(self, documents: Sequence[dict[str, Any]]) -> None:
        known = self._documents.of(self._source)
        with changing(self._directory, self._actor) as work:
            for each in documents:
                record = known[each["path"]] | {name: each[name] for name in ("refs", "unresolved")}
                record["refers"] = sorted([*each["to_blocks"], *([*one, None] for one in each["to_nodes"])], key=_order)
                remember(work, record, record["node"])

    async def _changed(
        self, made: dict[RelationKey, Wanted], ended: Sequence[RelationKey], moved: dict[RelationKey, Wanted]
    ) -> tuple[int, int]:
        created = over = 0
        with changing(self._directory, self._actor) as work:
            for source, target, relation in ended:
                edge = work.edge(Edge(graph=self._graph, source=source, target=target, relation=relation))
                if edge is not None and edge.origin in FILE_ORIGINS:
                    work.unlink(edge)
                    over += 1
            for (source, target, relation), wanted in made.items():
                if work.node(source) is not None and work.node(target) is not None:
                    edge = Edge(
                        graph=self._graph, source=source, target=target, relation=relation, origin=wanted.origin.value
                    )
                    created += work.link(edge)[1]
        return created, over


def _refs(record: Record) -> str | None:
    """The digest of what the blocks of a document refer to, when that is remembered too."""
    return record.get("refs") if "refers" in record else None


def _order(row: Sequence[Any]) -> int:
    return int(row[0])
