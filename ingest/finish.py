"""The end of an import: nodes without files go, links become relations, relations without links end."""

import hashlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from stratumiops.graph.errors import NotFound
from stratumiops.graph.ids import utc_now, uuid7
from stratumiops.graph.models import NodeType, RelationType
from stratumiops.graph.store.database import Database, Transaction
from stratumiops.ingest import queries
from stratumiops.ingest.models import COUNTED, FILE_ORIGINS, DocumentFormat, Link, LinkKind
from stratumiops.ingest.records import load_links
from stratumiops.ingest.reports import FinishReport
from stratumiops.ingest.resolve import Entry, LinkIndex, Reference, Unresolved, Wanted, referred, stated

_ENTRIES_AT_ONCE = 2_000
_DOCUMENTS_AT_ONCE = 1_000
_DELETES_AT_ONCE = 100
_LINKS_AT_ONCE = 5_000
_EDGES_AT_ONCE = 5_000
MAX_UNRESOLVED = 1_000

RelationKey = tuple[str, str, RelationType]


@dataclass(frozen=True, slots=True)
class StatedDocument:
    """A page's row: links as stored, and the live relations that leave the node: origin, path and line of each.

    `refs` and `unresolved` are what the last import left there.
    """

    path: str
    node_id: str
    links: list[Link]
    refs: str | None
    unresolved: str | None
    leaving: Mapping[RelationKey, tuple[str, str | None, int | None]]


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
        await self._check_graph()
        kept = None if keep is None else set(keep)
        gone: list[tuple[str, str | None]] = []
        entries: list[Entry] = []
        backward: list[str] = []
        async for row in self._rows():
            path, node_id = row[0], row[1]
            if kept is not None and path not in kept:
                gone.append((path, node_id))
                continue
            self._count(row[9])
            if node_id is not None:
                entries.append(_entry(row))
                backward += [path] if row[4] else []
        for begin in range(0, len(gone), _DELETES_AT_ONCE):
            self._report.deleted += await self._delete(gone[begin : begin + _DELETES_AT_ONCE])
        index = LinkIndex(entries)
        self._report.nodes = len(entries)
        claims = await self._claims(index, backward)
        for begin in range(0, len(entries), _DOCUMENTS_AT_ONCE):
            page = await self._page([entry.path for entry in entries[begin : begin + _DOCUMENTS_AT_ONCE]])
            for some in _pieces(page):
                await self._join(some, index, claims)
        return self._report

    async def _check_graph(self) -> None:
        if await self._db.read_one(queries.GRAPH, {"graph": self._graph}) is None:
            message = f"There is no graph {self._graph}."
            raise NotFound(message, hint="Make it with createGraph.", field="input.graph")

    async def _rows(self) -> AsyncIterator[list[Any]]:
        """What `ENTRIES` says of every document of the source."""
        after, more = "", True
        while more:
            params = {"graph": self._graph, "source": self._source, "first": _ENTRIES_AT_ONCE, "after": after}
            page: list[list[Any]] = await self._db.read_one(queries.ENTRIES, params) or []
            more = len(page) == _ENTRIES_AT_ONCE
            after = page[-1][0] if page else ""
            for row in page:
                yield row

    def _count(self, text: str | None) -> None:
        """Add what a document holds."""
        for name, count in (orjson.loads(text) if text else {}).items():
            if name in COUNTED:
                self._report.counts[name] += count

    async def _delete(self, rows: Sequence[tuple[str, str | None]]) -> int:
        """Delete the nodes of documents and forget the documents; how many nodes went."""
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
        return deleted

    async def _claims(self, index: LinkIndex, backward: Sequence[str]) -> dict[str, list[Wanted]]:
        """Relations that other documents state for a node as their source ("superseded by"), by that node."""
        claims: dict[str, list[Wanted]] = {}
        for begin in range(0, len(backward), _DOCUMENTS_AT_ONCE):
            for document in await self._page(backward[begin : begin + _DOCUMENTS_AT_ONCE]):
                for found in stated(index, document.path, document.node_id, document.links):
                    if isinstance(found, Wanted) and found.source != document.node_id:
                        claims.setdefault(found.source, []).append(found)
        return claims

    async def _page(self, paths: Sequence[str]) -> list[StatedDocument]:
        params = {"graph": self._graph, "source": self._source, "paths": list(paths)}
        rows = await self._db.read_one(queries.PAGE, params) or []
        return [
            StatedDocument(
                path,
                node_id,
                load_links(links),
                refs,
                unresolved,
                {(node_id, target, RelationType[name]): (*where,) for target, name, *where in leaving},
            )
            for path, node_id, links, refs, unresolved, leaving in rows
        ]

    async def _join(self, page: Sequence[StatedDocument], index: LinkIndex, claims: dict[str, list[Wanted]]) -> None:
        """Make what a page's files state, end what they no longer state."""
        index = await self._with_blocks(page, index)
        elsewhere = await self._elsewhere(page, index)
        made: dict[RelationKey, Wanted] = {}
        moved: dict[RelationKey, Wanted] = {}
        ended: list[RelationKey] = []
        settled = []
        for document in page:
            wanted: dict[RelationKey, Wanted] = {}
            lost: list[Unresolved] = []
            for found in stated(elsewhere, document.path, document.node_id, document.links):
                if isinstance(found, Unresolved):
                    self._unresolved(found)
                    lost.append(found)
                elif found.source == document.node_id:
                    wanted[_key(found)] = found
            for claim in claims.get(document.node_id, ()):
                wanted.setdefault(_key(claim), claim)
            self._report.relations += len(wanted)
            made |= {key: one for key, one in wanted.items() if key not in document.leaving}
            for key, (origin, *where) in document.leaving.items():
                if origin not in FILE_ORIGINS:
                    continue
                if key not in wanted:
                    ended.append(key)
                elif where != [wanted[key].path, wanted[key].line]:
                    moved[key] = wanted[key]
            row = _settled(document, referred(index, document.path, document.links), lost)
            settled += [row] if row is not None else []
        await self._change(made, ended, moved)
        if settled:
            await self._settle(settled)

    async def _settle(self, documents: Sequence[dict[str, Any]]) -> None:
        """Keep what the links of documents came to."""
        params = {"graph": self._graph, "source": self._source, "documents": list(documents)}
        await self._db.write(queries.SETTLE, params, retry=True)

    async def _with_blocks(self, page: Sequence[StatedDocument], index: LinkIndex) -> LinkIndex:
        """The index, with the blocks that links of this page name by their ids."""
        asked = {name for document in page for link in document.links if (name := _block_named(link))}
        if not asked:
            return index
        return index.with_blocks(await self._named_blocks(sorted(asked)))

    async def _named_blocks(self, ids: Sequence[str]) -> list[tuple[str, str]]:
        """Blocks with these ids, and where they are."""
        return await self._db.read_one(queries.BLOCKS, {"graph": self._graph, "ids": list(ids)}) or []

    async def _elsewhere(self, page: Sequence[StatedDocument], index: LinkIndex) -> LinkIndex:
        """The index, with the nodes of other sources that links of this page name by their ids."""
        asked = {
            found.target
            for document in page
            for found in stated(index, document.path, document.node_id, document.links)
            if isinstance(found, Unresolved) and found.kind is not LinkKind.BLOCK_REF
        }
        if not asked:
            return index
        return index.with_foreign(await self._titles(sorted(asked)))

    async def _titles(self, ids: Sequence[str]) -> list[tuple[str, str]]:
        """Ids and titles of those that are live nodes of the graph."""
        return await self._db.read_one(queries.KNOWN_IDS, {"graph": self._graph, "ids": list(ids)}) or []

    def _unresolved(self, found: Unresolved) -> None:
        self._report.unresolved_count += 1
        if len(self._report.unresolved) < MAX_UNRESOLVED:
            self._report.unresolved.append(found)

    async def _change(
        self, made: dict[RelationKey, Wanted], ended: Sequence[RelationKey], moved: dict[RelationKey, Wanted]
    ) -> None:
        if made or ended or moved:
            created, over = await self._changed(made, ended, moved)
            self._report.relations_created += created
            self._report.relations_ended += over

    async def _changed(
        self, made: dict[RelationKey, Wanted], ended: Sequence[RelationKey], moved: dict[RelationKey, Wanted]
    ) -> tuple[int, int]:
        """Make and end relations, and note where those that moved stand; how many were made, and how many ended."""
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
            for relation, edges in _by_relation(moved, lambda key: _edge(moved[key])):
                params = {"graph": self._graph, "edges": edges, "origins": list(FILE_ORIGINS)}
                await transaction.run(queries.RELINE[relation], params)

        await self._db.transaction(work)
        return counts[0], counts[1]

    def _edges(self, relation: RelationType, edges: Sequence[dict[str, Any]]) -> dict[str, Any]:
        ids = {end for edge in edges for end in (edge["source"], edge["target"])}
        return self._event() | {"relation": relation.value, "ids": sorted(ids), "edges": list(edges)}

    def _event(self) -> dict[str, Any]:
        return {"graph": self._graph, "actor": self._actor, "at": utc_now(), "event_id": uuid7()}


def _key(wanted: Wanted) -> RelationKey:
    return wanted.source, wanted.target, wanted.relation


def _pair(key: RelationKey) -> dict[str, Any]:
    return {"source": key[0], "target": key[1]}


def _edge(wanted: Wanted) -> dict[str, Any]:
    return {
        "source": wanted.source,
        "target": wanted.target,
        "weight": 1.0,
        "origin": wanted.origin.value,
        "path": wanted.path,
        "line": wanted.line,
    }


def _entry(row: Sequence[Any]) -> Entry:
    """The entry of a row of `ENTRIES`."""
    path, node_id, title, kind, _, form, aliases, date, names, _ = row
    journal = kind == NodeType.JOURNAL
    return Entry(
        path,
        node_id,
        title,
        kind == NodeType.DECISION,
        DocumentFormat(form),
        tuple(names or ()),
        tuple(aliases or ()),
        date if journal else None,
    )


def _pieces(page: Sequence[Any]) -> Iterator[list[Any]]:
    """A page's documents in pieces whose links and relations one transaction takes."""
    piece: list[Any] = []
    size = 0
    for document in page:
        size += max(len(document.links), len(document.leaving))
        piece.append(document)
        if size >= _LINKS_AT_ONCE:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def _block_named(link: Link) -> str | None:
    """The id of the block that a link names, if it names one."""
    if link.kind is LinkKind.BLOCK_REF:
        return link.target
    return link.heading[1:] if link.heading and link.heading.startswith("^") else None


def _settled(document: StatedDocument, refs: Sequence[Reference], lost: Sequence[Unresolved]) -> dict[str, Any] | None:
    """The row of `SETTLE` for a document; None when it is stored so already."""
    found = [[ref.block, ref.node_id, ref.target] for ref in refs]
    digest = hashlib.sha256(orjson.dumps(found)).hexdigest()[:16] if found else None
    told = [[one.line, one.kind.value, one.target, one.reason.value] for one in lost[:MAX_UNRESOLVED]]
    unresolved = orjson.dumps(told).decode() if told else None
    if (digest, unresolved) == (document.refs, document.unresolved):
        return None
    return {
        "path": document.path,
        "node": document.node_id,
        "refs": digest,
        "unresolved": unresolved,
        "changed": digest != document.refs,
        "to_blocks": [ref for ref in found if ref[2] is not None],
        "to_nodes": [ref[:2] for ref in found if ref[2] is None],
    }


def _by_relation(
    keys: Sequence[RelationKey] | dict[RelationKey, Wanted], edge: Callable[[RelationKey], dict[str, Any]]
) -> Iterator[tuple[RelationType, list[dict[str, Any]]]]:
    """Edges by relation, in pieces that one statement takes."""
    for relation in RelationType:
        edges = [edge(key) for key in keys if key[2] is relation]
        for begin in range(0, len(edges), _EDGES_AT_ONCE):
            yield relation, edges[begin : begin + _EDGES_AT_ONCE]
