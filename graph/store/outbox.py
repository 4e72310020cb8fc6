"""Committed changes as a numbered stream: what subscriptions and caches are fed from.

A change writes its event in its own transaction, without a number: a shared counter would make writers queue.
`sequence` numbers what has been committed, without gaps, in the order in which each node was changed.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from stratumiops.graph.ids import format_instant
from stratumiops.graph.store.database import Database

_BATCH: Final = 1_000
_ANY_PENDING: Final = "MATCH (e:OutboxPending) RETURN true LIMIT 1"
# A scan beside running commits can see a node's second event and miss its first. Whatever the second scan
# finds on top was committed meanwhile; only events older than that are numbered now, the rest next time.
_SEQUENCE: Final = (
    "MATCH (c:OutboxCounter {name: 'outbox'}) SET c.lock = 1 REMOVE c.lock\n"
    "WITH c MATCH (e:OutboxPending) SET e.seq = -1\n"
    "WITH c, count(*) AS seen\n"
    "OPTIONAL MATCH (late:OutboxPending) WHERE late.seq IS NULL\n"
    "WITH c, min(late.at) AS horizon\n"
    "MATCH (e:OutboxPending) WHERE e.seq = -1\n"
    "WITH c, horizon, e ORDER BY e.at, e.revs, e.id\n"
    "WITH c, horizon, collect(e) AS events\n"
    "WITH c, events, [e IN events WHERE horizon IS NULL OR e.at < horizon][..$batch] AS ready\n"
    "FOREACH (e IN events | REMOVE e.seq)\n"
    "FOREACH (i IN range(0, size(ready) - 1) |\n"
    "  FOREACH (e IN [ready[i]] | SET e.seq = c.seq + i + 1 REMOVE e:OutboxPending))\n"
    "SET c.seq = c.seq + size(ready)\n"
    "RETURN size(ready) AS numbered"
)
_AFTER: Final = (
    "MATCH (e:OutboxEvent) WHERE e.seq > $seq WITH e ORDER BY e.seq LIMIT $limit\n"
    "RETURN e{.seq, .id, .at, .graph, .op, .ids, .types, .revs, .actor} AS event ORDER BY e.seq"
)
_HEAD: Final = "MATCH (c:OutboxCounter {name: 'outbox'}) RETURN c.seq"
_OLDEST: Final = "MATCH (e:OutboxEvent) WHERE e.seq > 0 RETURN e.seq ORDER BY e.seq LIMIT 1"
_PRUNE: Final = (
    "MATCH (e:OutboxEvent) WHERE e.seq > 0 AND e.at < $before WITH e ORDER BY e.seq LIMIT 10000\n"
    "DELETE e RETURN count(*) AS gone"
)


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """One committed change: `op` is `node.created`, `relation.ended` …; the lists belong together by place.

    For a relation, `ids` are source and target and `types` the relation; a batch of relations has their pairs
    one after the other.
    """

    seq: int
    id: str
    at: str
    graph: str
    op: str
    ids: tuple[str, ...]
    types: tuple[str, ...]
    revs: tuple[int, ...]
    actor: str


class Outbox:
    """The stream of committed changes."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def sequence(self) -> int:
        """Number the events that have none yet; how many were numbered."""
        numbered = 0
        while await self._db.read_one(_ANY_PENDING):
            rows = await self._db.write(_SEQUENCE, {"batch": _BATCH}, past_gate=True)
            batch = rows[0]["numbered"] if rows else 0  # no row: another process took them all
            numbered += batch
            if batch < _BATCH:
                break
        return numbered

    async def after(self, seq: int, limit: int = 500) -> list[ChangeEvent]:
        """Numbered events after `seq`, in order."""
        rows = await self._db.read(_AFTER, {"seq": max(seq, 0), "limit": limit})
        return [_event(row["event"]) for row in rows]

    async def head(self) -> int:
        """The highest number given so far; 0 before the first."""
        return int(await self._db.read_one(_HEAD) or 0)

    async def oldest(self) -> int | None:
        """The lowest number that is still there, or None; whoever is behind it has missed events."""
        return await self._db.read_one(_OLDEST)

    async def prune(self, older_than_s: float) -> int:
        """Forget numbered events older than this many seconds; how many went."""
        before = format_instant(datetime.now(UTC) - timedelta(seconds=older_than_s))
        gone = 0
        while batch := (await self._db.write(_PRUNE, {"before": before}))[0]["gone"]:
            gone += batch
        return gone


def _event(row: dict[str, Any]) -> ChangeEvent:
    return ChangeEvent(**{**row, "ids": tuple(row["ids"]), "types": tuple(row["types"]), "revs": tuple(row["revs"])})
