"""Keeps the profiles of a graph's nodes up to date, by what changed since the last look."""

import asyncio
from typing import Any

from stratumiops.graph.store.database import Database
from stratumiops.ingest.profiles import queries
from stratumiops.ingest.profiles.profile import PROFILE_VERSION, profile

_AT_ONCE = 300


class Profiles:
    """The profiles of named graphs. Memory: 300 nodes at a time."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def catch_up(self, graph: str) -> int:
        """Make the profiles that are missing or of an earlier revision; how many there were.

        Two callers at once do the same work twice and end with the same profiles.
        """
        written, after = 0, ""
        while True:
            params = {"graph": graph, "after": after, "version": PROFILE_VERSION, "first": _AT_ONCE}
            stale: list[dict[str, Any]] = await self._db.read_one(queries.STALE, params) or []
            if not stale:
                return written
            rows = await asyncio.to_thread(_profiles, stale)
            [row] = await self._db.write(queries.WRITE, {"graph": graph, "rows": rows}, retry=True)
            written += row["written"]
            after = stale[-1]["id"]


def _profiles(stale: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": one["id"], "rev": one["rev"], "profile": profile(one)} for one in stale]
