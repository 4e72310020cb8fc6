"""Change events from the outbox to whoever listens: in order, none lost, none twice, memory bounded."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import structlog

from stratumiops.graph.errors import BadInput, Conflict, StratumError, TimedOut, Unavailable
from stratumiops.graph.ids import parse_instant
from stratumiops.resolvers.metrics import Metrics

if TYPE_CHECKING:
    from stratumiops.graph.store.outbox import ChangeEvent

log = structlog.get_logger("stratumiops.events")

PAGE = 500
BUFFERED = 256
_AWAY_S = 1.0
_READ_ANEW = "read the data anew and subscribe without a cursor"


class EventSource(Protocol):
    """The outbox: committed events that get gap-free numbers."""

    async def sequence(self) -> int:
        """Number the events that have none yet."""

    async def after(self, seq: int, limit: int = PAGE) -> "list[ChangeEvent]":
        """Numbered events behind `seq`, in order."""

    async def head(self) -> int:
        """The highest number given out; 0 when there is none."""

    async def oldest(self) -> int | None:
        """The lowest number that is still kept, or None."""


class EventFeed:
    """Tails the outbox and hands each event to every listener.

    A listener that falls behind its buffer reads on from the outbox at its own pace, so nothing is lost and a
    slow one costs a bounded amount of memory. While the store is away listeners wait.

    Args:
        poll_s: pause between looks at the outbox while somebody listens, in seconds; `poke` cuts it short.
        idle_poll_s: the same while nobody does.
    """

    def __init__(self, source: EventSource, metrics: Metrics, *, poll_s: float = 0.2, idle_poll_s: float = 5.0) -> None:
        self._source = source
        self._metrics = metrics
        self._poll_s = poll_s
        self._idle_poll_s = idle_poll_s
        self._position: int | None = None
        self._listeners: set[_Listener] = set()
        self._wake = asyncio.Event()
        self._turning = asyncio.Lock()
        self._turned_at = float("-inf")
        self._away = False

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return len(self._listeners)

    def poke(self) -> None:
        """Look at the outbox now: something was committed."""
        self._wake.set()

    async def run(self) -> None:
        """Tail the outbox until cancelled."""
        while True:
            try:
                async with self._turning:
                    await self._turn()
                pause = self._poll_s if any(one.eager for one in self._listeners) else self._idle_poll_s
            except StratumError as error:
                self._note_away(error)
                pause = _AWAY_S
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            self._wake.clear()

    async def check_position(self) -> None:
        """Notice that the events began anew, because a backup was restored: who listens has to start over."""
        head = await self._source.head()
        if self._position is None or head >= self._position:
            return
        self._position = head
        for listener in self._listeners:
            listener.expire()

    async def listen(self, after: int | None = None, *, eager: bool = True) -> "AsyncGenerator[ChangeEvent]":
        """Events from now on, or all behind the number `after`. Close the generator to stop listening.

        Args:
            eager: what other processes commit is wanted within `poll_s`; else `idle_poll_s` will do.

        Raises:
            Unavailable: the store is away and it is not known where "now" is.
            BadInput: `after` has not been reached yet.
            Conflict: events behind `after` have been pruned, or a backup was restored meanwhile.
        """
        now = await self._synchronised()
        if after is not None and after > now:
            message = f"the cursor {after} is ahead of the last event, {now}"
            raise BadInput(message, hint="use a cursor of this store, or none", field="after")
        cursor = now if after is None else after
        listener = _Listener(behind=cursor < (self._position or 0), eager=eager)
        self._listeners.add(listener)
        try:
            while True:
                if listener.expired:
                    message = "the graph was restored from a backup, its events began anew"
                    raise Conflict(message, hint=_READ_ANEW, field="after")
                if listener.behind:
                    listener.catch_up()
                    async for event in self._read(cursor):
                        cursor = event.seq
                        yield event
                while (fresh := listener.next()) is not None:
                    if fresh.seq > cursor:
                        cursor = fresh.seq
                        yield fresh
                if not (listener.behind or listener.expired):
                    await listener.wait()
        finally:
            self._listeners.discard(listener)

    async def _synchronised(self) -> int:
        """The number of the last event as of this call; calls at the same time share one look."""
        asked_at = asyncio.get_running_loop().time()
        async with self._turning:
            if self._turned_at <= asked_at:
                try:
                    await self._turn()
                except StratumError as error:
                    self._note_away(error)
        if self._position is None:
            raise Unavailable("the store is away", hint="subscribe again in a moment")
        return self._position

    async def _turn(self) -> None:
        """Number new events and publish them."""
        started = asyncio.get_running_loop().time()
        await self._source.sequence()
        if self._position is None:
            self._position = await self._source.head()
        while True:
            events = await self._source.after(self._position, PAGE)
            for event in events:
                self._publish(event)
            if len(events) < PAGE:
                break
        self._turned_at = started
        if self._away:
            self._away = False
            log.info("events are read again", position=self._position)

    def _publish(self, event: "ChangeEvent") -> None:
        self._position = event.seq
        for listener in self._listeners:
            listener.offer(event)
        self._metrics.events.inc()
        self._metrics.event_lag.set((datetime.now(UTC) - parse_instant(event.at)).total_seconds())

    async def _read(self, cursor: int) -> "AsyncGenerator[ChangeEvent]":
        """Events behind the cursor, as far as the outbox goes now; waits while the store is away."""
        while True:
            known = self._position or 0
            try:
                events = await self._source.after(cursor, PAGE)
                if (events[0].seq if events else known + 1) > cursor + 1:
                    await self._check_kept(cursor)
            except (Unavailable, TimedOut) as error:
                self._note_away(error)
                await asyncio.sleep(_AWAY_S)
                continue
            for event in events:
                yield event
                cursor = event.seq
            if len(events) < PAGE:
                return

    async def _check_kept(self, cursor: int) -> None:
        oldest = await self._source.oldest()
        if oldest is None or oldest > cursor + 1:
            message = f"events after {cursor} are no longer kept; the oldest is {oldest or 'to come'}"
            raise Conflict(message, hint=_READ_ANEW, field="after")

    def _note_away(self, error: StratumError) -> None:
        if not self._away:
            self._away = True
            log.warning("events cannot be read", reason=error.message)


class _Listener:
    """What one listener has not taken yet; overflowing turns the buffer into `behind`."""

    def __init__(self, *, behind: bool, eager: bool) -> None:
        self.behind = behind
        self.eager = eager
        self.expired = False
        self._events: deque[ChangeEvent] = deque()
        self._wake = asyncio.Event()

    def offer(self, event: "ChangeEvent") -> None:
        if not self.behind:
            if len(self._events) < BUFFERED:
                self._events.append(event)
            else:
                self._events.clear()
                self.behind = True
        self._wake.set()

    def expire(self) -> None:
        """End the listening: what it would get next does not follow what it had."""
        self.expired = True
        self._wake.set()

    def catch_up(self) -> None:
        """Collect events again; what was missed comes out of the outbox."""
        self.behind = False
        self._events.clear()

    def next(self) -> "ChangeEvent | None":
        return self._events.popleft() if self._events else None

    async def wait(self) -> None:
        if not self._events:
            self._wake.clear()
            await self._wake.wait()
