"""Committed changes for work in the background: from a known place on, in no hurry."""

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from stratumiops.resolvers.events import EventFeed, EventSource

if TYPE_CHECKING:
    from stratumiops.graph.store.outbox import ChangeEvent


class BackgroundChanges:
    """The feed as `ingest.embedding.job.Changes`."""

    def __init__(self, source: EventSource, feed: EventFeed) -> None:
        self._source = source
        self._feed = feed

    async def head(self) -> int:
        """The number of the last change."""
        return await self._source.head()

    def after(self, seq: int) -> "AsyncGenerator[ChangeEvent]":
        """Changes behind this number, as they come.

        Raises:
            Conflict: some were missed.
        """
        return self._feed.listen(seq, eager=False)
