"""Some files into the graph: read, compared with what is there, written in one transaction."""

import asyncio
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from stratumiops.graph.errors import (
    Conflict,
    Forbidden,
    NotFound,
    RateLimited,
    StratumError,
    Unauthenticated,
    Unavailable,
)
from stratumiops.graph.ids import utc_now, uuid7
from stratumiops.graph.store.database import Database, Params, Transaction
from stratumiops.ingest import queries
from stratumiops.ingest.document import parse_document
from stratumiops.ingest.identity import content_hash
from stratumiops.ingest.models import PARSER_VERSION, ParsedDocument, Problem, ProblemSeverity
from stratumiops.ingest.plan import Plan, State, Target, plan, targets
from stratumiops.ingest.records import block_rows, changes, document_record, new_node
from stratumiops.ingest.reports import DocumentOutcome, DocumentResult, SourceDocument

_TRIES = 3
_BLOCKS_AT_ONCE = 5_000
_NOT_THE_FILES = (Unavailable, Unauthenticated, Forbidden, RateLimited, NotFound)
"""Errors that no choice of files would avoid; any other may be one file's, which is then singled out."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What must still be there when a file is written: the document's hash (empty: none), the node's id and rev."""

    hash: str
    id: str
    rev: int


class Batch:
    """Writes files of one source of one graph.

    Args:
        removed: paths that no longer exist.
        expected: by path; a file whose node or document is otherwise by now is refused.
        records: properties of documents by path, over those that an import gives them.
        adopt: whether a file may take a live node of its id that belongs to no file.
        also: statements of the same transaction.
    """

    def __init__(
        self,
        db: Database,
        graph: str,
        source: str,
        actor: str,
        removed: AbstractSet[str] = frozenset(),
        *,
        expected: Mapping[str, Expected] | None = None,
        records: Mapping[str, Mapping[str, Any]] | None = None,
        adopt: bool = True,
        also: Sequence[tuple[str, Params]] = (),
    ) -> None:
        self._db = db
        self._graph = graph
        self._source = source
        self._actor = actor
        self._removed = removed
        self._expected = expected or {}
        self._records = records or {}
        self._adopt = adopt
        self._also = also

    async def run(self, files: Sequence[SourceDocument]) -> list[DocumentResult]:
        """Import the files; one result for each, in their order.

        Raises:
            NotFound: there is no such graph.
            Unavailable: the store is away; what was acknowledged before is in.
        """
        if not files:
            return []
        known = await self._known(files)
        fresh = [one for one in files if not _same(one, known[one.path])]
        parsed = await asyncio.to_thread(lambda: [_read(one) for one in fresh])
        own_ids = {path: row[3] for path, row in known.items()}
        wanted = targets(self._graph, self._source, fresh, parsed, own_ids)
        results = await self.put(wanted) if wanted else {}
        for one in files:
            if one.path not in results:
                row = known[one.path]
                results[one.path] = DocumentResult(one.path, DocumentOutcome.UNCHANGED, row[3], row[4])
        return [results[one.path] for one in files]

    async def _known(self, files: Sequence[SourceDocument]) -> dict[str, list[Any]]:
        """Hash, format, parser, node id, title and layout of each file's last import, by path."""
        params = {"graph": self._graph, "source": self._source, "paths": [one.path for one in files]}
        rows = await self._db.read_one(queries.KNOWN, params)
        if rows is None:
            message = f"There is no graph {self._graph}."
            raise NotFound(message, hint="Make it with createGraph.", field="input.graph")
        return {row[0]: row[1:] for row in rows}

    async def put(self, wanted: Sequence[Target]) -> dict[str, DocumentResult]:
        """Write what was read already; the results by path.

        When the graph changed meanwhile, look again; when refused, find the file at fault.
        """
        refusal: StratumError | None = None
        for _ in range(_TRIES):
            made = plan(self._source, wanted, await self._states(wanted), self._removed, adopt=self._adopt)
            try:
                return await self._write(made)
            except _NOT_THE_FILES:
                raise
            except StratumError as error:
                refusal = error
                if not isinstance(error, Conflict):
                    break
        if len(wanted) == 1:
            return {wanted[0].file.path: _failed(wanted[0], refusal)}
        middle = len(wanted) // 2
        first = await self.put(wanted[:middle])
        return first | await self.put(wanted[middle:])

    async def _states(self, wanted: Sequence[Target]) -> list[State]:
        rows = [[target.file.path, target.node_id] for target in wanted]
        params = {"graph": self._graph, "source": self._source, "rows": rows}
        found = await self._db.read_one(queries.STATE, params)
        return [
            State(known, own_id, live, gone, (source, path) if path is not None else None)
            for known, own_id, live, gone, source, path in found or ()
        ]

    async def _write(self, made: Plan) -> dict[str, DocumentResult]:
        """Take the steps of a plan in one transaction.

        Raises:
            Conflict: someone else changed one of the nodes since they were looked at.
        """
        if not (made.creates or made.updates):
            return made.results
        changed: set[str] = set()

        async def work(transaction: Transaction) -> None:
            changed.clear()
            at = utc_now()
            await self._guard(transaction, made)
            await self._make_room(transaction, made, at)
            await self._create(transaction, made.creates, at)
            changed.update(await self._update(transaction, made.updates, at))
            for text, params in self._also:
                await transaction.run(text, params)

        await self._db.transaction(work)
        for target in made.updates:
            result = made.results[target.file.path]
            if result.outcome is DocumentOutcome.UPDATED and target.node_id not in changed:
                made.results[target.file.path] = replace(result, outcome=DocumentOutcome.UNCHANGED)
        return made.results

    async def _guard(self, transaction: Transaction, made: Plan) -> None:
        """Refuse what is not as expected any more."""
        paths = [one.file.path for one in (*made.creates, *made.updates) if one.file.path in self._expected]
        if not paths:
            return
        expected = [(path, self._expected[path]) for path in paths]
        expected.sort(key=lambda pair: pair[1].id)
        rows = [{"path": path, "hash": one.hash, "id": one.id, "rev": one.rev} for path, one in expected]
        params = {"graph": self._graph, "source": self._source, "expected": rows}
        [found] = await transaction.run(queries.GUARD, params)
        if found["other"]:
            raise Conflict("The node or its document changed in the meantime.")

    async def _make_room(self, transaction: Transaction, made: Plan, at: str) -> None:
        for node_id in made.deletes:
            await transaction.run(queries.DELETE, self._event(at) | {"id": node_id, "rev": None})
        if made.forgets:
            params = {"graph": self._graph, "source": self._source, "paths": made.forgets}
            await transaction.run(queries.FORGET, params)
        for target in made.restores:
            params = self._event(at) | {"id": target.node_id, "rev": None}
            if not await transaction.run(queries.RESTORE, params):
                raise Conflict(f"The node {target.node_id} came back in the meantime.")

    async def _create(self, transaction: Transaction, creates: Sequence[Target], at: str) -> None:
        if not creates:
            return
        params = self._event(at) | {
            "nodes": [new_node(self._graph, one.node_id, one.document, at, self._actor) for one in creates],
            "labels": [one.document.type.label for one in creates],
            "documents": [self._record(one, at) for one in creates],
            "ids": [one.node_id for one in creates],
            "types": [one.document.type.value for one in creates],
            "revs": [1] * len(creates),
        }
        [row] = await transaction.run(queries.CREATE, params)
        if row["created"] != len(creates):
            raise Conflict(f"The graph {self._graph} was deleted in the meantime.")
        await self._blocks(transaction, queries.CREATE_BLOCKS, [one for one in creates if one.document.blocks], at)

    async def _blocks(self, transaction: Transaction, statement: str, written: Sequence[Target], at: str) -> None:
        """Write the blocks of nodes, in pieces that one statement takes."""
        rows: list[dict[str, Any]] = []
        size = 0
        for place, one in enumerate(written):
            rows.append(block_rows(self._graph, one.node_id, one.document, at))
            size += len(one.document.blocks)
            if size >= _BLOCKS_AT_ONCE or place == len(written) - 1:
                await transaction.run(statement, {"graph": self._graph, "rows": rows, "at": at})
                rows, size = [], 0

    async def _update(self, transaction: Transaction, updates: Sequence[Target], at: str) -> list[str]:
        """Write nodes anew; the ids of those that are different now."""
        if not updates:
            return []
        rows = [
            {
                "id": one.node_id,
                "label": one.document.type.label,
                "changes": changes(self._graph, one.node_id, one.document),
            }
            for one in sorted(updates, key=lambda one: one.node_id)
        ]
        [row] = await transaction.run(queries.UPDATE, self._event(at) | {"rows": rows})
        if row["matched"] != len(rows):
            raise Conflict("A node was deleted in the meantime.")
        documents = {
            "documents": [self._record(one, at) for one in updates],
            "ids": {one.file.path: one.node_id for one in updates},
        }
        await transaction.run(queries.DOCUMENTS, self._event(at) | documents)
        await self._blocks(transaction, queries.REPLACE_BLOCKS, updates, at)
        changed: list[str] = row["changed"]
        return changed

    def _record(self, target: Target, at: str) -> dict[str, Any]:
        record = document_record(self._graph, self._source, target.file, target.document, at)
        return {**record, **self._records.get(target.file.path, {})}

    def _event(self, at: str) -> dict[str, Any]:
        return {
            "graph": self._graph,
            "source": self._source,
            "actor": self._actor,
            "at": at,
            "event_id": uuid7(),
        }


def _read(file: SourceDocument) -> ParsedDocument:
    return parse_document(file.path, file.data, file.format, file.layout)


def _same(file: SourceDocument, row: Sequence[Any]) -> bool:
    known = [content_hash(file.data), file.format.value, PARSER_VERSION]
    return bool(row[:3] == known and row[5] == file.layout_key)


def _failed(target: Target, error: StratumError | None) -> DocumentResult:
    message = f"could not be written: {error.message if error else 'no reason is known'}"
    problems = (Problem("NOT_WRITTEN", message, None, ProblemSeverity.ERROR), *target.document.problems)
    return DocumentResult(target.file.path, DocumentOutcome.FAILED, problems=problems)
