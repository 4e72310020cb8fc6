"""Open conflicts: listed until somebody decides, here, in an editor or by deleting what is left."""

import asyncio
from typing import Any

from stratumiops.graph.errors import BadInput, Conflict, NotFound
from stratumiops.graph.ids import utc_now, uuid7
from stratumiops.graph.models import MAX_CONTENT
from stratumiops.graph.store.database import Database, Params, Transaction
from stratumiops.graph.validation import check_text
from stratumiops.ingest import queries as imports
from stratumiops.ingest.batch import Batch, Expected
from stratumiops.ingest.conflict_text import Keep, settled
from stratumiops.ingest.draft import Draft
from stratumiops.ingest.lines import read
from stratumiops.ingest.plan import Target
from stratumiops.ingest.reports import DocumentOutcome
from stratumiops.ingest.sync import queries
from stratumiops.ingest.sync.reports import ConflictKind, OpenConflict
from stratumiops.ingest.sync.state import Held, file_record, load, unpacked

MAX_PAGE = 1_000


class Conflicts:
    """Conflicts between files and nodes."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def open(self, graph: str, *, first: int, after: str | None) -> list[OpenConflict]:
        """Open conflicts of a graph, oldest first.

        Raises:
            BadInput: `first` is not 1 to 1,000.
        """
        if not 1 <= first <= MAX_PAGE:
            raise BadInput(f"first is {first}; 1 to {MAX_PAGE:,} is possible.", field="first")
        rows = await self._db.read(queries.CONFLICTS, {"graph": graph, "first": first, "after": after or ""})
        return [_conflict(row["conflict"]) for row in rows]

    async def get(self, conflict: str) -> OpenConflict:
        """One conflict.

        Raises:
            NotFound: there is none of this id, or it is over.
        """
        rows = await self._db.read(queries.CONFLICT, {"id": conflict})
        if not rows:
            message = f"There is no open conflict {conflict!r}."
            raise NotFound(message, hint="`conflicts` lists those that are open.", field="input.id")
        return _conflict(rows[0]["conflict"])

    async def resolve(self, found: OpenConflict, keep: Keep, text: str | None, *, actor: str) -> None:
        """Decide; the file follows at the next sync.

        Args:
            text: with `Keep.TEXT`, the node's content from here on.

        Raises:
            BadInput: `Keep.TEXT` without text, or text with another choice.
            Conflict: node or document changed meanwhile.
            NotFound: the document is gone.
        """
        if (keep is Keep.TEXT) != (text is not None):
            raise BadInput("keep: TEXT takes a text, and nothing else does.", field="input.text")
        if text is not None:
            check_text(text, "text", MAX_CONTENT)
        held = (await load(self._db, found.graph, found.source, [found.path])).get(found.path)
        if held is None:
            await self._db.write(queries.CLOSE, _where(found) | {"paths": [found.path]}, retry=True)
            raise NotFound(f"{found.path} is not known any more; its conflict is closed.", field="input.id")
        decision = _Decision(self._db, found, held, actor)
        match found.kind:
            case ConflictKind.CONTENT:
                await decision.content(keep, text)
            case ConflictKind.DELETED_FILE:
                await decision.deleted_file(keep, text)
            case ConflictKind.DELETED_NODE:
                await decision.deleted_node(keep, text)


class _Decision:
    """One conflict on its way out."""

    def __init__(self, db: Database, found: OpenConflict, held: Held, actor: str) -> None:
        self._db = db
        self._found = found
        self._held = held
        self._actor = actor

    async def content(self, keep: Keep, text: str | None) -> None:
        """The marks go, from the node at once and from the file at the next sync."""
        held = self._held
        if held.node is None:
            raise Conflict(f"The node of {held.path} was deleted.", hint="Sync again: it is another conflict now.")
        now = (await asyncio.to_thread(lambda: held.rendered)).data
        data = settled(now, Keep.FILE if keep is Keep.TEXT else keep)
        await self._put(self._with_text(data, text), base=held.base)

    async def deleted_file(self, keep: Keep, text: str | None) -> None:
        """FILE: the node goes as well. Else the file is written again."""
        held, found = self._held, self._found
        if keep is Keep.FILE:
            await self._delete(found.node_id)
            return
        if text is not None and held.node is not None:
            now = (await asyncio.to_thread(lambda: held.rendered)).data
            await self._put(self._with_text(now, text), base=held.base, unfiled=True)
            return
        where = _where(found)
        also = [(queries.UNFILE, where | {"path": found.path}), (queries.CLOSE, where | {"paths": [found.path]})]
        await self._run(also)

    async def deleted_node(self, keep: Keep, text: str | None) -> None:
        """GRAPH: the file goes as well, at the next sync. Else the node comes back as the file says."""
        found = self._found
        data = found.file if found.file is not None else self._held.base or b""
        if keep is Keep.GRAPH:
            where = _where(found)
            document = {name: value for name, value in file_record(data).items() if name != "merged"}
            rebase = (queries.REBASE, where | {"path": found.path, "document": document})
            await self._run([rebase, (queries.CLOSE, where | {"paths": [found.path]})])
            return
        await self._put(self._with_text(data, text), base=data)

    async def _put(self, data: bytes, *, base: bytes | None, unfiled: bool = False) -> None:
        """These bytes into the node; the file is to get them, and still has the base."""
        held, found = self._held, self._found
        record: dict[str, Any] = file_record(base if base is not None else b"", data)
        if base is None or unfiled or not held.hash:
            record["hash"] = ""
        if base is None:
            record["bytes"] = None
        document = await asyncio.to_thread(held.as_merged, data)
        node_id = held.node.id if held.node is not None else found.node_id
        batch = Batch(
            self._db, found.graph, found.source, self._actor,
            expected={held.path: Expected(held.hash, node_id, held.rev)},
            records={held.path: record},
            also=[(queries.CLOSE, _where(found) | {"paths": [held.path]})],
        )  # fmt: skip
        target = Target(held.reading.file(held.path, data), document, document.node_id or node_id)
        result = (await batch.put([target]))[held.path]
        if result.outcome is DocumentOutcome.FAILED:
            reason = result.problems[0].message if result.problems else "it changed meanwhile"
            raise Conflict(f"{held.path}: {reason}", hint="Look at the conflict again.")

    async def _delete(self, node_id: str) -> None:
        found = self._found

        async def work(transaction: Transaction) -> None:
            event = {"graph": found.graph, "actor": self._actor, "at": utc_now(), "event_id": uuid7()}
            await transaction.run(imports.DELETE, event | {"id": node_id, "rev": None})
            await transaction.run(imports.FORGET, _where(found) | {"paths": [found.path]})
            await transaction.run(queries.CLOSE, _where(found) | {"paths": [found.path]})

        await self._db.transaction(work)

    async def _run(self, statements: list[tuple[str, Params]]) -> None:
        async def work(transaction: Transaction) -> None:
            for text, params in statements:
                await transaction.run(text, params)

        await self._db.transaction(work)

    def _with_text(self, data: bytes, text: str | None) -> bytes:
        if text is None:
            return data
        return Draft(self._held.path, read(data), self._held.reading).with_body(text).lines.data


def _where(found: OpenConflict) -> Params:
    return {"graph": found.graph, "source": found.source}


def _conflict(held: dict[str, Any]) -> OpenConflict:
    return OpenConflict(
        held["id"],
        held["graph"],
        held["source"],
        held["path"],
        ConflictKind(held["kind"]),
        held["node"],
        held["since"],
        unpacked(held.get("base_bytes")),
        unpacked(held.get("file_bytes")),
        unpacked(held.get("graph_bytes")),
    )
