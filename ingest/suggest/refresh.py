"""Looks for suggestions in what changed since the last look, a bounded number of nodes a call."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stratumiops.graph.ids import utc_now
from stratumiops.graph.models import RelationType
from stratumiops.graph.store.database import Database
from stratumiops.ingest.profiles.service import Profiles
from stratumiops.ingest.suggest import queries
from stratumiops.ingest.suggest.mentions import NameIndex, best, quote
from stratumiops.ingest.suggest.models import Proposal, SuggestionKind
from stratumiops.ingest.suggest.ports import Similar, SimilarNodes
from stratumiops.ingest.suggest.similar import SimilarByWords

MAX_SCANNED = 2_000
"""Most nodes of one refresh."""
MENTIONS, SIMILAR = 20, 3
"""Most suggestions of a kind for one node."""
ALIKE = 0.35
"""Nodes below this similarity are not suggested."""

_AT_ONCE = 200
_NAMES_AT_ONCE = 5_000
_CHANGED_AT_ONCE = 50
_MARKED_AT_ONCE = 5_000
_FEW_CHANGED = 100


@dataclass(slots=True)
class Refreshed:
    """What a refresh did: nodes scanned and still to be scanned, suggestions made and withdrawn.

    `refused` counts what a model answered and could not be used.
    """

    scanned: int = 0
    remaining: int = 0
    created: int = 0
    withdrawn: int = 0
    refused: int = 0


class Refresh:
    """Keeps the suggestions of a graph up to date. Memory: the names of the graph, and 200 nodes."""

    def __init__(self, db: Database, similar: SimilarNodes | None = None) -> None:
        self._db = db
        self._similar = similar or SimilarByWords(db)

    async def run(self, graph: str, limit: int) -> Refreshed:
        """Scan up to `limit` nodes whose text, or whose names in others' texts, changed; stopping loses nothing."""
        await Profiles(self._db).catch_up(graph)
        await self._take_up_names(graph)
        done = Refreshed()
        names: NameIndex | None = None
        while done.scanned < limit:
            first = min(_AT_ONCE, limit - done.scanned)
            nodes = await self._db.read_one(queries.TO_SCAN, {"graph": graph, "first": first}) or []
            if not nodes:
                break
            names = names or await self._names(graph)
            await self._scan(graph, nodes, names, done)
            if len(nodes) < first:
                break
        done.remaining = await self._db.read_one(queries.REMAINING, {"graph": graph}) or 0
        return done

    async def _take_up_names(self, graph: str) -> None:
        """Mark the texts that may hold a name that is new: all of them after a large change, else those that do."""
        total, changed = await self._db.read_one(queries.CHANGED, {"graph": graph}) or (0, 0)
        if changed > max(_FEW_CHANGED, total // 10):
            params = {"graph": graph, "first": _MARKED_AT_ONCE}
            while (await self._db.write(queries.MARK_ALL, params, retry=True))[0]["marked"]:
                pass
            return
        while changed:
            some = await self._db.read_one(queries.SOME_CHANGED, {"graph": graph, "first": _CHANGED_AT_ONCE}) or []
            rows = [{"id": node_id, "queries": [f'content:"{name}"' for name in known]} for node_id, known in some]
            if not rows:
                return
            await self._db.write(queries.MARK, {"graph": graph, "rows": rows}, retry=True)

    async def _names(self, graph: str) -> NameIndex:
        found: list[tuple[str, list[str]]] = []
        after: str | None = ""
        while after is not None:
            params = {"graph": graph, "after": after, "first": _NAMES_AT_ONCE}
            [row] = await self._db.read(queries.NAMES, params)
            found += [(node_id, known) for node_id, known in row["rows"]]
            after = row["last"]
        return await asyncio.to_thread(NameIndex, found)

    async def _scan(self, graph: str, nodes: Sequence[Mapping[str, Any]], names: NameIndex, done: Refreshed) -> None:
        alike = await self._similar.similar(graph, nodes)
        found = await asyncio.to_thread(lambda: [_proposals(node, names, alike.get(node["id"], ())) for node in nodes])
        rows = [
            {"id": node["id"], "rev": node["rev"], "found": [one.record(graph) for one in some]}
            for node, some in zip(nodes, found, strict=True)
        ]
        params = {"graph": graph, "at": utc_now(), "rows": rows}
        [row] = await self._db.write(queries.SCANNED, params, retry=True)
        done.scanned += len(nodes)
        done.created += row["created"]
        done.withdrawn += row["withdrawn"]


def _proposals(node: Mapping[str, Any], names: NameIndex, alike: Sequence[Similar]) -> list[Proposal]:
    """What is suggested for a node: what its text mentions, and what it is like; never what it is joined to."""
    if node["type"] == "execution":
        return []
    linked = set(node["linked"])
    mentioned = names.find(node["content"], but=node["id"])
    unlinked = {node_id: one for node_id, one in mentioned.items() if node_id not in linked}
    found = [
        Proposal(
            kind=SuggestionKind.MENTION,
            source=node["id"],
            target=target,
            relation=RelationType.RELATES_TO,
            score=one.score,
            why=f"Its text mentions “{one.name}” {'once' if one.count == 1 else f'{one.count} times'}.",
            quote=quote(node["content"], one.start),
        )
        for target, one in best(unlinked, MENTIONS)
    ]
    near = [one for one in alike if one.score >= ALIKE and one.id not in linked and one.id not in mentioned]
    found += [
        Proposal(
            kind=SuggestionKind.SIMILAR,
            source=node["id"],
            target=one.id,
            relation=RelationType.RELATES_TO,
            score=one.score * 0.9,
            why=f"Both use the same words; {round(one.score * 100)} % alike.",
        )
        for one in near[:SIMILAR]
    ]
    return found
