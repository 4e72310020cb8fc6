"""Some files into a directory: read, compared with what is there, written in one work."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from stratumiops.graph.errors import Conflict
from stratumiops.graph.local.library import Directory
from stratumiops.graph.local.rows import row_of
from stratumiops.graph.local.server_only import ServerOnly
from stratumiops.graph.local.work import Work, with_changes
from stratumiops.graph.local.writer import changing
from stratumiops.graph.models import EXTRA_FIELDS, NodeType
from stratumiops.graph.store.records import node_from
from stratumiops.ingest.batch import Batch
from stratumiops.ingest.local.documents import Documents, forget, remember
from stratumiops.ingest.plan import Plan, State, Target
from stratumiops.ingest.records import changes, document_record, new_node
from stratumiops.ingest.reports import DocumentOutcome, DocumentResult, SourceDocument

if TYPE_CHECKING:
    from stratumiops.graph.store.database import Database

_EXTRA = {name for names in EXTRA_FIELDS.values() for name in names}


class LocalBatch(Batch):
    """Writes files of one source into a directory."""

    def __init__(self, directory: Directory, source: str, actor: str, removed: AbstractSet[str]) -> None:
        super().__init__(cast("Database", ServerOnly("This part of an import")), directory.name, source, actor, removed)
        self._directory = directory
        self._documents = Documents(directory.root)

    async def _known(self, files: Sequence[SourceDocument]) -> dict[str, list[Any]]:
        self._directory.refresh()
        known = self._documents.of(self._source)
        return {one.path: self._last(known.get(one.path)) for one in files}

    def _last(self, record: dict[str, Any] | None) -> list[Any]:
        """Hash, format, parser, node id, title and layout of a file's last import; nothing, when its node vanished."""
        own = None if record is None else self._node_id(record)
        if record is None or own is None:
            return [None] * 6
        page = self._directory.tree.page(own) or self._directory.past.last(own)
        title = page.node.title if page else None
        return [record["hash"], record["format"], record["parser"], own, title, record.get("layout")]

    def _node_id(self, record: dict[str, Any]) -> str | None:
        """The node of a document, live or deleted."""
        node_id = str(record["node"])
        there = self._directory.tree.page(node_id) or self._directory.past.deletion(node_id)
        return None if there is None else node_id

    async def _states(self, wanted: Sequence[Target]) -> list[State]:
        self._directory.refresh()
        known, owners = self._documents.of(self._source), self._documents.owners()
        tree, past = self._directory.tree, self._directory.past
        return [
            State(
                target.file.path in known,
                self._node_id(known[target.file.path]) if target.file.path in known else None,
                tree.page(target.node_id) is not None,
                past.deletion(target.node_id) is not None,
                owners.get(target.node_id) if tree.page(target.node_id) is not None else None,
            )
            for target in wanted
        ]

    async def _write(self, made: Plan) -> dict[str, DocumentResult]:
        if not (made.creates or made.updates):
            return made.results
        with changing(self._directory, self._actor) as work:
            for node_id in made.deletes:
                if work.node(node_id) is not None:
                    work.delete(node_id)
            forget(work, self._source, made.forgets)
            for target in made.restores:
                deletion = work.deletion(target.node_id)
                if deletion is None:
                    raise Conflict(f"The node {target.node_id} came back in the meantime.")
                work.undelete(deletion)
            for target in made.creates:
                work.create(node_from(new_node(self._graph, target.node_id, target.document, work.at, self._actor)))
            changed = {target.node_id for target in made.updates if self._updated(work, target)}
            for target in (*made.creates, *made.updates):
                record = document_record(self._graph, self._source, target.file, target.document, work.at)
                known = work.node(target.node_id)
                remember(work, record | {"node_rev": known.rev if known else None}, target.node_id)
        for target in made.updates:
            result = made.results[target.file.path]
            if result.outcome is DocumentOutcome.UPDATED and target.node_id not in changed:
                made.results[target.file.path] = replace(result, outcome=DocumentOutcome.UNCHANGED)
        return made.results

    def _updated(self, work: Work, target: Target) -> bool:
        """Write a node anew where anything differs; whether it did."""
        known = work.node(target.node_id)
        if known is None:
            raise Conflict("A node was deleted in the meantime.")
        wanted = changes(self._graph, target.node_id, target.document)
        held = row_of(known)
        if all(held.get(name) == value for name, value in wanted.items()):
            return False
        wanted["type"] = NodeType(wanted["type"])
        work.update(replace(with_changes(known, wanted, _EXTRA.__contains__), embedding=None), later=False)
        return True
