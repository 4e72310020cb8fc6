"""The end of an import: nodes without files go, links become relations, relations without links end."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from stratumiops.graph.errors import NotFound
from stratumiops.graph.ids import utc_now, uuid7
from stratumiops.graph.models import NodeType, RelationType
from stratumiops.graph.store.database import Database, Transaction
from stratumiops.ingest import queries
from stratumiops.ingest.models import FILE_ORIGINS, Link
from stratumiops.ingest.records import dump_unresolved, load_links
from stratumiops.ingest.reports import FinishReport
from stratumiops.ingest.resolve import Entry, LinkIndex, Unresolved, Wanted, stated

_ENTRIES_AT_ONCE = 10_000
_DOCUMENTS_AT_ONCE = 1_000
_DELETES_AT_ONCE = 500
_EDGES_AT_ONCE = 5_000
MAX_UNRESOLVED = 1_000

_Key = tuple[str, str, RelationType]


@dataclass(frozen=True, slots=True)
class _Document:
    """A page's row: links and what of them led nowhere, as stored, and the live relations that leave the node."""

    path: str
    node_id: str
    links: list[Link]
    leaving: dict[_Key, str]
    unresolved: str | None


class Finish:
    """Finishes an import of one source of one graph. Memory: one short record a document, links by pages."""

    def __init__(self, db: Database, graph: str, source: str, actor: str) -> None:
        self._db = db
        self._graph = graph
        self._source = source
        self._actor = actor
        self._report = FinishReport()

    async def run(self, keep: Sequence[str] | None) -> FinishReport:
        """Do all of it; what is right already is left alone.

        Raises:
            NotFound: there is no such graph.
        """
        if await self._db.read_one(queries.GRAPH, {"graph": self._graph}) is None:
            message = f"There is no graph {self._graph}."
            raise NotFound(message, hint="Make it with createGraph.", field="input.graph")
        rows = await self._rows()
        kept = None if keep is None else set(keep)
        gone = [row for row in rows if kept is not None and row[0] not in kept]
        for begin in range(0, len(gone), _DELETES_AT_ONCE):
            await self._delete(gone[begin : begin + _DELETES_AT_ONCE])
        live = [row for row in rows if row[1] is not None and (kept is None or row[0] in kept)]
        entries = [Entry(path, node_id, title, kind == NodeType.DECISION) for path, node_id, title, kind, _ in live]
        index = LinkIndex(entries)
        self._report.nodes = len(entries)
        claims = await self._claims(index, [row[0] for row in live if row[4]])
        paths = [entry.path for entry in entries]
        for begin in range(0, len(paths), _DOCUMENTS_AT_ONCE):
            page = await self._page(paths[begin : begin + _DOCUMENTS_AT_ONCE])
            await self._join(page, index, claims)
        return self._report

    async def _rows(self) -> list[list[Any]]:
        """Path, node id, title, type and `incoming` of every document of the source."""
        rows: list[list[Any]] = []
        params = {"graph": self._graph, "source": self._source, "first": _ENTRIES_AT_ONCE}
        more = True
        while more:
            after = rows[-1][0] if rows else ""
            page = await self._db.read_one(queries.ENTRIES, params | {"after": after}) or []
            rows += page
            more = len(page) == _ENTRIES_AT_ONCE
        return rows

    async def _delete(self, rows: Sequence[Sequence[Any]]) -> None:
        ids = sorted(row[1] for row in rows if row[1] is not None)
        deleted = 0

        async def work(transaction: Transaction) -> None:
            nonlocal deleted
            deleted = 0
            for node_id in ids:
                params = self._event() | {"id": node_id, "rev": None}
                deleted += len(await transaction.run(queries.DELETE, params))
            params = {"graph": self._graph, "source": self._source, "paths": [row[0] for row in rows]}
            await transaction.run(queries.FORGET, params)

        await self._db.transaction(work)
        self._report.deleted += deleted

    async def _claims(self, index: LinkIndex, backward: Sequence[str]) -> dict[str, list[Wanted]]:
        """Relations that other documents state for a node as their source ("superseded by"), by that node."""
        claims: dict[str, list[Wanted]] = {}
        for begin in range(0, len(backward), _DOCUMENTS_AT_ONCE):
            for document in await self._page(backward[begin : begin + _DOCUMENTS_AT_ONCE]):
                for found in stated(index, document.path, document.node_id, document.links):
                    if isinstance(found, Wanted) and found.source != document.node_id:
                        claims.setdefault(found.source, []).append(found)
        return claims

    async def _page(self, paths: Sequence[str]) -> list[_Document]:
        params = {"graph": self._graph, "source": self._source, "paths": list(paths)}
        rows = await self._db.read_one(queries.PAGE, params) or []
        return [
            _Document(
                path,
                node_id,
                load_links(links),
                {(node_id, target, RelationType[name]): origin for target, name, origin in leaving},
                unresolved,
            )
            for path, node_id, links, unresolved, leaving in rows
        ]

    async def _join(self, page: Sequence[_Document], index: LinkIndex, claims: dict[str, list[Wanted]]) -> None:
        """Make what a page's files state, end what they no longer state."""
        elsewhere = await self._elsewhere(page, index)
        made: dict[_Key, Wanted] = {}
        ended: list[_Key] = []
        nowhere: dict[str, list[Unresolved]] = {document.path: [] for document in page}
        for document in page:
            wanted: dict[_Key, Wanted] = {}
            for found in stated(elsewhere, document.path, document.node_id, document.links):
                if isinstance(found, Unresolved):
                    self._unresolved(found)
                    nowhere[document.path].append(found)
                elif found.source == document.node_id:
                    wanted[_key(found)] = found
            for claim in claims.get(document.node_id, ()):
                wanted.setdefault(_key(claim), claim)
            self._report.relations += len(wanted)
            made |= {key: one for key, one in wanted.items() if key not in document.leaving}
            ended += [key for key, origin in document.leaving.items() if key not in wanted and origin in FILE_ORIGINS]
        await self._change(made, ended)
        now = [(one, dump_unresolved(nowhere[one.path])) for one in page]
        rows = [[one.path, text] for one, text in now if text != one.unresolved]
        if rows:
            params = {"graph": self._graph, "source": self._source, "rows": rows}
            await self._db.write(queries.UNRESOLVED, params, retry=True)

    async def _elsewhere(self, page: Sequence[_Document], index: LinkIndex) -> LinkIndex:
        """The index, with the nodes of other sources that links of this page name by their ids."""
        asked = {
            found.target
            for document in page
            for found in stated(index, document.path, document.node_id, document.links)
            if isinstance(found, Unresolved)
        }
        if not asked:
            return index
        rows = await self._db.read_one(queries.KNOWN_IDS, {"graph": self._graph, "ids": sorted(asked)})
        return index.with_foreign(rows or [])

    def _unresolved(self, found: Unresolved) -> None:
        self._report.unresolved_count += 1
        if len(self._report.unresolved) < MAX_UNRESOLVED:
            self._report.unresolved.append(found)

    async def _change(self, made: dict[_Key, Wanted], ended: Sequence[_Key]) -> None:
        if not made and not ended:
            return
        counts = [0, 0]

        async def work(transaction: Transaction) -> None:
            counts[:] = [0, 0]
            for relation, edges in _by_relation(ended, _pair):
                params = self._edges(relation, edges) | {"origins": list(FILE_ORIGINS)}
                [row] = await transaction.run(queries.UNLINK[relation], params) or [{"ended": 0}]
                counts[1] += row["ended"]
            for relation, edges in _by_relation(made, lambda key: _edge(made[key])):
                [row] = await transaction.run(queries.LINK[relation], self._edges(relation, edges))
                counts[0] += row["made"]

        await self._db.transaction(work)
        self._report.relations_created += counts[0]
        self._report.relations_ended += counts[1]

    def _edges(self, relation: RelationType, edges: Sequence[dict[str, Any]]) -> dict[str, Any]:
        ids = {end for edge in edges for end in (edge["source"], edge["target"])}
        return self._event() | {"relation": relation.value, "ids": sorted(ids), "edges": list(edges)}

    def _event(self) -> dict[str, Any]:
        return {"graph": self._graph, "actor": self._actor, "at": utc_now(), "event_id": uuid7()}


def _key(wanted: Wanted) -> _Key:
    return wanted.source, wanted.target, wanted.relation


def _pair(key: _Key) -> dict[str, Any]:
    return {"source": key[0], "target": key[1]}


def _edge(wanted: Wanted) -> dict[str, Any]:
    return {"source": wanted.source, "target": wanted.target, "weight": 1.0, "origin": wanted.origin.value}


def _by_relation(
    keys: Sequence[_Key] | dict[_Key, Wanted], edge: Callable[[_Key], dict[str, Any]]
) -> Iterator[tuple[RelationType, list[dict[str, Any]]]]:
    """Edges by relation, in pieces that one statement takes."""
    for relation in RelationType:
        edges = [edge(key) for key in keys if key[2] is relation]
        for begin in range(0, len(edges), _EDGES_AT_ONCE):
            yield relation, edges[begin : begin + _EDGES_AT_ONCE]
