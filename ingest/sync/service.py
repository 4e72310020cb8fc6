"""The use cases of a two-way sync: take what files say, agree on what was written, follow what is gone.

Merging happens in the graph, and files follow: a file's new bytes become the base in the same transaction in which
what they say goes into the node. What the file is to become is kept beside the base until it is confirmed to be on
disk. So whatever stops when, the next sync finds either side complete. Every write names the revision and the base
it was made from; whoever was slower tries again at the next sync.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from stratumiops.graph.errors import BadInput, NotFound
from stratumiops.graph.ids import utc_now, uuid7
from stratumiops.graph.models import Node
from stratumiops.graph.store.database import Database, Params, Transaction
from stratumiops.graph.store.records import node_from
from stratumiops.ingest import queries as imports
from stratumiops.ingest.batch import Batch, Expected
from stratumiops.ingest.conflict_text import in_conflict
from stratumiops.ingest.identity import content_hash
from stratumiops.ingest.merge import merge
from stratumiops.ingest.models import Problem, ProblemSeverity
from stratumiops.ingest.plan import UNFILED, Target
from stratumiops.ingest.reading import Reading
from stratumiops.ingest.records import document_record
from stratumiops.ingest.reports import DocumentOutcome, DocumentResult
from stratumiops.ingest.service import MAX_BATCH_BYTES, MAX_DOCUMENTS, check_source, refusal
from stratumiops.ingest.sync import queries
from stratumiops.ingest.sync.common import common
from stratumiops.ingest.sync.export import Exporter
from stratumiops.ingest.sync.reports import ConflictKind, FileState, SyncOutcome, SyncResult, WrittenFile
from stratumiops.ingest.sync.state import Held, Standing, file_record, known, load, packed

_PLACED_AT_ONCE = 500
_CHANGED = "the graph changed it in the meantime; sync again"


class SyncService:
    """Syncs one source of one graph."""

    def __init__(self, db: Database, graph: str, source: str, actor: str) -> None:
        check_source(source)
        self._db = db
        self._graph = graph
        self._source = source
        self._actor = actor
        self._where: Params = {"graph": graph, "source": source}

    # ---- files that changed

    async def take(self, files: Sequence[FileState], gone: Sequence[str] = ()) -> list[SyncResult]:
        """Take what files say that are not as they were agreed on; the results in their order.

        Args:
            gone: paths that are not on disk any more; a file that carries the id of one of them is that one.

        Raises:
            BadInput: more than 1,000 files or 32 MB.
            NotFound: there is no such graph.
        """
        _check_size(len(files), sum(len(one.data) for one in files))
        _check_size(len(gone), 0)
        await self._check_graph()
        refused = {one.path: problem for one in files if (problem := refusal(one.path, one.data)) is not None}
        results = {path: SyncResult(path, SyncOutcome.FAILED, problems=(found,)) for path, found in refused.items()}
        left = [one for one in files if one.path not in refused]
        moved = [one.moved_from for one in left if one.moved_from]
        asked = dict.fromkeys([*(one.path for one in left), *moved, *gone])
        stands = await known(self._db, self._graph, self._source, list(asked))
        carried = await self._carried([one for one in left if one.path not in stands], stands, gone)
        plain: list[FileState] = []
        moves: list[tuple[FileState, Standing]] = []
        for one in left:
            there = stands.get(one.path)
            before = stands.get(one.moved_from or "") if there is None else None
            if one.path in carried:
                results[one.path] = await self._renamed(one, carried[one.path])
            elif before is not None and before.live and before.hash == content_hash(one.data):
                if before.changed or before.conflict:
                    results[one.path] = await self._renamed(one, before)
                else:
                    moves.append((one, before))
            elif there is None or _follows(one, there):
                plain.append(one)
            else:
                results[one.path] = await self._take_one(one, there)
        for result in (*await self._moved(moves), *await self._import(plain, stands)):
            results[result.path] = result
        return [results[one.path] for one in files]

    async def _carried(
        self, files: Sequence[FileState], stands: Mapping[str, Standing], gone: Sequence[str]
    ) -> dict[str, Standing]:
        """What became of documents whose files are gone, by the new files that carry their ids."""
        ids = {there.node_id: there for path in gone if (there := stands.get(path)) is not None and there.live}
        if not ids:
            return {}
        said = await asyncio.to_thread(lambda: {one.path: one.reading.parse(one.path, one.data) for one in files})
        return {path: ids[one.node_id] for path, one in said.items() if one.node_id in ids}

    async def _import(self, files: Sequence[FileState], stands: Mapping[str, Standing]) -> list[SyncResult]:
        """Files that are new, or whose nodes have not changed: many in one transaction."""
        expected = {
            path: Expected(there.hash, there.node_id, there.rev)
            for one in files
            if (there := stands.get(path := one.path)) is not None and there.node_id is not None
        }
        batch = Batch(
            self._db, self._graph, self._source, self._actor, expected=expected, adopt=False,
            removed=frozenset(one.moved_from for one in files if one.moved_from),
        )  # fmt: skip
        results = await batch.run([one.reading.file(one.path, one.data) for one in files])
        over = [
            one.path
            for one, result in zip(files, results, strict=True)
            if result.outcome is not DocumentOutcome.FAILED
            and (there := stands.get(one.path)) is not None
            and there.conflict
            and not _still(there, in_conflict(one.data))
        ]
        if over:  # a conflict that is left by a kill right here is sent again, and closed then
            await self._db.write(queries.CLOSE, self._where | {"paths": over}, retry=True)
        return [await self._imported(one, result, stands) for one, result in zip(files, results, strict=True)]

    async def _imported(self, one: FileState, result: DocumentResult, stands: Mapping[str, Standing]) -> SyncResult:
        if any(problem.code == UNFILED for problem in result.problems) and result.node_id is not None:
            return await self._met(one, result.node_id)
        there = stands.get(one.path)
        if there is not None and there.conflict and in_conflict(one.data):
            return SyncResult(one.path, SyncOutcome.CONFLICT, conflict=there.conflict, problems=result.problems)
        outcome = SyncOutcome.FAILED if result.outcome is DocumentOutcome.FAILED else SyncOutcome.IMPORTED
        same = (
            there is not None and result.outcome is DocumentOutcome.UNCHANGED and there.hash == content_hash(one.data)
        )
        return SyncResult(one.path, SyncOutcome.UNCHANGED if same else outcome, problems=result.problems)

    async def _take_one(self, one: FileState, there: Standing) -> SyncResult:
        """A file whose node changed too, or is gone."""
        held = (await load(self._db, self._graph, self._source, [one.path])).get(one.path)
        if held is None:
            return _later(one.path)
        if held.node is None:
            if content_hash(one.data) == held.hash:
                return SyncResult(one.path, SyncOutcome.UNCHANGED)
            return await self._open(held, ConflictKind.DELETED_NODE, there.node_id or "", one.data)
        if content_hash(one.data) == held.hash:
            if there.conflict_kind in (ConflictKind.DELETED_FILE, ConflictKind.DELETED_NODE):
                await self._db.write(queries.CLOSE, self._where | {"paths": [one.path]}, retry=True)
            if held.base is not None:
                return SyncResult(one.path, SyncOutcome.UNCHANGED, write=True)
        if held.base is None and held.hash:  # imported before bytes were kept: the node is compared with the file
            held = replace(held, base=one.data)
        return await self._merge(replace(held, reading=one.reading), one, there)

    async def _moved(self, moves: Sequence[tuple[FileState, Standing]]) -> list[SyncResult]:
        """Files that only moved, whose nodes did not change: many in one transaction."""
        if not moves:
            return []
        targets = []
        for one, before in moves:
            document = await asyncio.to_thread(one.reading.parse, one.path, one.data)
            node_id = document.node_id or before.node_id or ""
            targets.append(Target(one.reading.file(one.path, one.data), document, node_id))
        batch = Batch(
            self._db, self._graph, self._source, self._actor,
            removed=frozenset(before.path for _, before in moves),
            expected={one.path: Expected("", before.node_id or "", before.rev) for one, before in moves},
        )  # fmt: skip
        results = await batch.put(targets)
        return [
            SyncResult(
                one.path,
                SyncOutcome.FAILED if results[one.path].outcome is DocumentOutcome.FAILED else SyncOutcome.RENAMED,
                problems=results[one.path].problems,
            )
            for one, _ in moves
        ]

    async def _renamed(self, one: FileState, before: Standing) -> SyncResult:
        """A file that only moved: its node keeps its id, and what the graph changed."""
        held = (await load(self._db, self._graph, self._source, [before.path])).get(before.path)
        if held is None or held.node is None:
            return _later(one.path)
        found = await self._merge(replace(held, path=one.path, reading=one.reading), one, before)
        if found.outcome in (SyncOutcome.FAILED, SyncOutcome.CONFLICT):
            return found
        return SyncResult(one.path, SyncOutcome.RENAMED, write=found.write, problems=found.problems)

    async def _met(self, one: FileState, node_id: str) -> SyncResult:
        """A new file with the id of a node that has no file: what they have in common is their base."""
        rows = await self._db.read(queries.NODE, {"graph": self._graph, "id": node_id})
        if not rows:
            return _later(one.path)
        node = node_from(rows[0]["node"])
        held = Held(one.path, "", one.reading, None, None, node, None, 0)
        return await self._merge(held, one, None)

    async def _merge(self, held: Held, one: FileState, there: Standing | None) -> SyncResult:
        """Both sides into the node; what the file is to get is kept until it is written."""
        node = held.node
        if node is None:
            raise LookupError(held.path)
        rendered = await asyncio.to_thread(lambda: held.rendered)
        unknown = held.base is None or (held.node_rev is None and held.hash != content_hash(one.data))
        base = await asyncio.to_thread(common, one.data, rendered.data) if unknown else held.base or b""
        merged = await asyncio.to_thread(lambda: merge(base, one.data, rendered.data, logseq=one.reading.logseq))
        document = await asyncio.to_thread(held.as_merged, merged.data)
        target = Target(one.reading.file(one.path, merged.data), document, document.node_id or node.id)
        open_still = merged.conflicts > 0 or (
            there is not None and there.conflict is not None and in_conflict(merged.data)
        )
        conflict = (there.conflict if there is not None else None) or uuid7()
        also: list[tuple[str, Params]] = []
        if there is not None and there.path != one.path:
            also.append((queries.RENAME, self._where | {"old": there.path, "new": one.path}))
        if merged.conflicts:
            sides = (base, one.data, rendered.data)
            also.append((queries.OPEN, self._conflict(one.path, ConflictKind.CONTENT, node.id, sides, conflict)))
        elif not open_still:
            also.append((queries.CLOSE, self._where | {"paths": [one.path]}))
        moved = there.path if there is not None and there.path != one.path else None
        batch = Batch(
            self._db, self._graph, self._source, self._actor, also=also,
            removed=frozenset([moved] if moved else ()),
            expected={one.path: Expected("" if moved else held.hash, node.id, node.rev)},
            records={one.path: file_record(one.data, merged.data)},
        )  # fmt: skip
        result = (await batch.put([target]))[one.path]
        if result.outcome is DocumentOutcome.FAILED:
            return SyncResult(one.path, SyncOutcome.FAILED, problems=result.problems)
        outcome = SyncOutcome.AGREED if one.data == rendered.data else SyncOutcome.MERGED
        return SyncResult(
            one.path, SyncOutcome.CONFLICT if open_still else outcome, write=merged.data != one.data,
            conflict=conflict if open_still else None, problems=document.problems,
        )  # fmt: skip

    # ---- files that were written

    async def confirm(self, files: Sequence[WrittenFile]) -> list[SyncResult]:
        """These bytes are on disk now: they are the base from here on. AGREED, or FAILED when the base is another.

        Raises:
            BadInput: more than 1,000 files or 32 MB.
        """
        _check_size(len(files), sum(len(one.data) for one in files))
        held = await load(self._db, self._graph, self._source, [one.path for one in files])
        targets: list[Target] = []
        expected: dict[str, Expected] = {}
        earlier: list[WrittenFile] = []
        for one in files:
            there = held.get(one.path)
            if there is None or there.hash != one.base:
                continue
            if there.node is not None and there.node.rev == one.rev:
                document = await asyncio.to_thread(there.as_written, one.data)
                targets.append(Target(there.reading.file(one.path, one.data), document, there.node.id))
                expected[one.path] = Expected(one.base, there.node.id, one.rev)
            else:
                earlier.append(one)
        done = await self._agree(targets, expected)
        done |= await self._agree_earlier(earlier, held)
        over = [one.path for one in files if one.path in done and not in_conflict(one.data)]
        if over:
            await self._db.write(queries.CLOSE, self._where | {"paths": over}, retry=True)
        return [SyncResult(one.path, SyncOutcome.AGREED) if one.path in done else _later(one.path) for one in files]

    async def _agree(self, targets: Sequence[Target], expected: Mapping[str, Expected]) -> set[str]:
        if not targets:
            return set()
        results = await Batch(self._db, self._graph, self._source, self._actor, expected=expected).put(targets)
        return {path for path, one in results.items() if one.outcome is not DocumentOutcome.FAILED}

    async def _agree_earlier(self, files: Sequence[WrittenFile], held: Mapping[str, Held]) -> set[str]:
        """The node has gone on since the file was rendered: the base moves, and the rest is left to the next sync."""
        if not files:
            return set()
        rows = []
        for one in files:
            wanted = held[one.path].reading
            document = await asyncio.to_thread(wanted.parse, one.path, one.data)
            record = document_record(self._graph, self._source, wanted.file(one.path, one.data), document, utc_now())
            rows.append({"path": one.path, "base": one.base, "rev": one.rev, "document": record})
        [row] = await self._db.write(queries.AGREE, self._where | {"rows": rows})
        return set(row["paths"])

    # ---- files that are gone

    async def remove(self, paths: Sequence[str]) -> list[SyncResult]:
        """Files that are not on disk: nodes that did not change go to history, those that did are a conflict.

        Raises:
            BadInput: more than 1,000 paths.
        """
        _check_size(len(paths), 0)
        stands = await known(self._db, self._graph, self._source, paths)
        results: dict[str, SyncResult] = {}
        going: list[Standing] = []
        for path in paths:
            there = stands.get(path)
            if there is None or (there.live and not there.hash):
                results[path] = SyncResult(path, SyncOutcome.UNCHANGED)
            elif there.live and there.changed:
                held = (await load(self._db, self._graph, self._source, [path])).get(path)
                results[path] = (
                    _later(path) if held is None or held.node is None
                    else await self._open(held, ConflictKind.DELETED_FILE, held.node.id, None)
                )  # fmt: skip
            else:
                going.append(there)
        gone = await self._delete(going)
        for there in going:
            outcome = SyncOutcome.DELETED if there.live else SyncOutcome.FORGOTTEN
            results[there.path] = SyncResult(there.path, outcome) if there.path in gone else _later(there.path)
        return [results[path] for path in paths]

    async def _delete(self, stands: Sequence[Standing]) -> set[str]:
        """Nodes to history and their documents forgotten; the paths of those that still were as they stood."""
        if not stands:
            return set()
        gone: set[str] = set()

        async def work(transaction: Transaction) -> None:
            gone.clear()
            for there in sorted(stands, key=lambda one: one.node_id or ""):
                event = {"graph": self._graph, "actor": self._actor, "at": utc_now(), "event_id": uuid7()}
                if not there.live or await transaction.run(
                    imports.DELETE, event | {"id": there.node_id, "rev": there.rev}
                ):
                    gone.add(there.path)
            await transaction.run(imports.FORGET, self._where | {"paths": sorted(gone)})
            await transaction.run(queries.CLOSE, self._where | {"paths": sorted(gone)})

        await self._db.transaction(work)
        return gone

    # ---- nodes without files

    async def place(self, taken: Sequence[str]) -> list[str]:
        """Give nodes that have no file a document each, whose file is still to be written; up to 500 paths.

        Args:
            taken: paths that are in the folder without being documents.
        """
        await self._check_graph()
        exporter = Exporter(self._db)
        nodes = await exporter.unfiled(self._graph, first=_PLACED_AT_ONCE, after=None)
        if not nodes:
            return []
        names, wanted = await exporter.names(self._graph, self._source, taken)
        rows = [self._placed(node, names.path_for(node), wanted) for node in nodes]
        await self._db.write(queries.PLACE, {"graph": self._graph, "rows": rows})
        return [row["document"]["path"] for row in rows]

    def _placed(self, node: Node, path: str, wanted: Reading) -> dict[str, Any]:
        document = wanted.parse(path, b"")
        record = document_record(self._graph, self._source, wanted.file(path, b""), document, utc_now())
        return {"id": node.id, "document": record | {"hash": "", "bytes": None}}

    # ---- inside

    async def _open(self, held: Held, kind: ConflictKind, node_id: str, file: bytes | None) -> SyncResult:
        graph = None if held.node is None else (await asyncio.to_thread(lambda: held.rendered)).data
        params = self._conflict(held.path, kind, node_id, (held.base, file, graph), uuid7())
        [row] = await self._db.write(queries.OPEN, params, retry=True)
        return SyncResult(held.path, SyncOutcome.CONFLICT, conflict=row["id"])

    def _conflict(
        self, path: str, kind: ConflictKind, node_id: str, sides: Sequence[bytes | None], conflict: str
    ) -> Params:
        base, file, graph = (None if side is None else packed(side) for side in sides)
        return self._where | {
            "path": path, "kind": kind.value, "node": node_id, "conflict": conflict, "at": utc_now(),
            "base_bytes": base, "file_bytes": file, "graph_bytes": graph,
        }  # fmt: skip

    async def _check_graph(self) -> None:
        if await self._db.read_one(imports.GRAPH, {"graph": self._graph}) is None:
            message = f"There is no graph {self._graph}."
            raise NotFound(message, hint="Make it with createGraph.", field="input.graph")


def _follows(one: FileState, there: Standing) -> bool:
    """Whether the file's word alone counts: the node lives and did not change."""
    same = there.hash == content_hash(one.data)
    waits = there.conflict_kind in (ConflictKind.DELETED_FILE, ConflictKind.DELETED_NODE)
    return there.live and not there.changed and bool(there.hash) and not (same and waits)


def _still(there: Standing, marks: bool) -> bool:
    return there.conflict_kind is ConflictKind.CONTENT and marks


def _later(path: str) -> SyncResult:
    problem = Problem("CHANGED_MEANWHILE", _CHANGED, None, ProblemSeverity.ERROR)
    return SyncResult(path, SyncOutcome.FAILED, problems=(problem,))


def _check_size(count: int, size: int) -> None:
    if count > MAX_DOCUMENTS or size > MAX_BATCH_BYTES:
        message = f"one call takes up to {MAX_DOCUMENTS:,} documents and {MAX_BATCH_BYTES:,} bytes"
        raise BadInput(message, hint="Send them in several calls.", field="input.documents")
