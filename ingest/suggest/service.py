"""The use cases on suggestions: a page of them, accepting one, dismissing one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stratumiops.graph.errors import Conflict, NotFound
from stratumiops.graph.ids import utc_now
from stratumiops.graph.models import Edge, RelationType
from stratumiops.graph.store import statements
from stratumiops.graph.store.database import Database, Row, Transaction
from stratumiops.graph.store.knowledge import KnowledgeWriter
from stratumiops.graph.validation import normalise_tags
from stratumiops.ingest.suggest import queries
from stratumiops.ingest.suggest.models import ORIGIN, SuggestionState

Held = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredSuggestion:
    """A suggestion with the stored properties of its nodes; of a tag there is no target."""

    suggestion: Held
    source: Held
    target: Held | None


class Suggestions:
    """Suggestions of named graphs."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def page(
        self,
        graphs: Sequence[str],
        *,
        auth: Sequence[str],
        state: SuggestionState,
        first: int,
        node: str | None = None,
        after: tuple[float, str] | None = None,
    ) -> list[StoredSuggestion]:
        """The best ones after a place (score and id), one more than `first` when there are more.

        Open ones whose nodes are joined by now are left out, and all of which a node is deleted.
        """
        score, last = after or (0.0, "")
        text = queries.page(node=node is not None, resumed=after is not None, still_open=state is SuggestionState.OPEN)
        params = {
            "graphs": list(graphs),
            "auth": list(auth),
            "state": state.value,
            "limit": first + 1,
            "node": node,
            "after_score": score,
            "after_id": last,
        }
        return [StoredSuggestion(*row) for row in await self._db.read_one(text, params) or ()]

    async def accept(self, graph: str, suggestion_id: str, *, actor: str) -> StoredSuggestion:
        """Make the relation, or add the tag, and note who did; accepting it again changes nothing.

        Raises:
            NotFound: there is no such suggestion, or one of its nodes is deleted.
            Conflict: it was dismissed, or its node changed at the same moment.
        """

        async def work(transaction: Transaction) -> None:
            row = await self._locked(transaction, graph, suggestion_id)
            if row["suggestion"]["state"] == SuggestionState.ACCEPTED:
                return
            if row["suggestion"]["state"] == SuggestionState.DISMISSED:
                message = f"The suggestion {suggestion_id!r} was dismissed by {row['suggestion']['decided_by']}."
                raise Conflict(message, hint="Link the nodes yourself if you want to.", field="id")
            await self._apply(transaction, graph, row, actor)
            await self._decide(transaction, graph, suggestion_id, SuggestionState.ACCEPTED, actor)

        await self._db.transaction(work)
        return await self._one(graph, suggestion_id)

    async def dismiss(self, graph: str, suggestion_id: str, *, actor: str) -> StoredSuggestion:
        """Never suggest it again; dismissing it again changes nothing.

        Raises:
            NotFound: there is no such suggestion.
            Conflict: it was accepted.
        """

        async def work(transaction: Transaction) -> None:
            row = await self._locked(transaction, graph, suggestion_id)
            if row["suggestion"]["state"] == SuggestionState.ACCEPTED:
                message = f"The suggestion {suggestion_id!r} was accepted by {row['suggestion']['decided_by']}."
                raise Conflict(message, hint="End the relation with unlinkNodes if it is wrong.", field="id")
            if row["suggestion"]["state"] == SuggestionState.OPEN:
                await self._decide(transaction, graph, suggestion_id, SuggestionState.DISMISSED, actor)

        await self._db.transaction(work)
        return await self._one(graph, suggestion_id)

    # ---- inside

    async def _locked(self, transaction: Transaction, graph: str, suggestion_id: str) -> Row:
        rows = await transaction.run(queries.LOCK, {"graph": graph, "id": suggestion_id})
        if not rows:
            raise _unknown(graph, suggestion_id)
        return rows[0]

    async def _apply(self, transaction: Transaction, graph: str, row: Row, actor: str) -> None:
        held = row["suggestion"]
        writer = KnowledgeWriter(self._db)
        if held.get("tag"):
            if row["rev"] is None:
                raise NotFound(f"The node {held['source']!r} was deleted.", field="id")
            changes = {"tags": list(normalise_tags([*row["tags"], held["tag"]]))}
            change = writer.update_statement(graph, held["source"], row["rev"], changes, actor)
            returning = "RETURN n.id AS id"
        else:
            relation = RelationType(held["relation"])
            edge = Edge(
                graph=graph, source=held["source"], target=held["target"], relation=relation,
                weight=held["score"], origin=ORIGIN,
            )  # fmt: skip
            change = statements.link_statement(edge, actor)
            returning = "RETURN s.id AS id"
        if not await transaction.run(change.head + returning, change.params):
            await change.diagnose(self._db)

    async def _decide(
        self, transaction: Transaction, graph: str, suggestion_id: str, state: SuggestionState, actor: str
    ) -> None:
        params = {"graph": graph, "id": suggestion_id, "state": state.value, "actor": actor, "at": utc_now()}
        await transaction.run(queries.DECIDE, params)

    async def _one(self, graph: str, suggestion_id: str) -> StoredSuggestion:
        row = await self._db.read_one(queries.ONE, {"graph": graph, "id": suggestion_id})
        if row is None or row[1] is None:
            raise _unknown(graph, suggestion_id)
        return StoredSuggestion(*row)


def _unknown(graph: str, suggestion_id: str) -> NotFound:
    message = f"There is no suggestion {suggestion_id[:100]!r} in graph {graph!r}."
    return NotFound(message, hint="The query `suggestions` lists them.", field="id")
