"""Similar nodes by words, from the full-text index."""

from collections.abc import Mapping, Sequence
from typing import Any

from stratumiops.graph.selection.lucene import lucene
from stratumiops.graph.store.database import Database
from stratumiops.ingest.suggest import queries
from stratumiops.ingest.suggest.ports import Similar
from stratumiops.ingest.suggest.terms import distinctive

_AT_ONCE = 100


class SimilarByWords:
    """See `ports.SimilarNodes`. A score is the share of what the node itself scores for its own words."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def similar(self, graph: str, nodes: Sequence[Mapping[str, Any]]) -> dict[str, list[Similar]]:
        """See `ports.SimilarNodes`."""
        asked = [(node["id"], distinctive(node["title"], node["tags"], node["content"])) for node in nodes]
        rows = [{"id": node_id, "query": lucene(" ".join(terms))} for node_id, terms in asked if terms]
        found: dict[str, list[Similar]] = {}
        for begin in range(0, len(rows), _AT_ONCE):
            some = {"graph": graph, "rows": rows[begin : begin + _AT_ONCE]}
            for node_id, hits in await self._db.read_one(queries.SIMILAR, some) or ():
                found[node_id] = _relative(node_id, hits)
        return found


def _relative(node_id: str, hits: Sequence[Sequence[Any]]) -> list[Similar]:
    whole = next((score for hit, _, score in hits if hit == node_id), 0.0)
    if whole <= 0:
        return []
    return [Similar(hit, title, min(1.0, score / whole)) for hit, title, score in hits if hit != node_id]
