"""The event feed over an outbox that can go away: order, no loss, no duplicates, bounded memory."""

import asyncio
import gc
import tracemalloc
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

import pytest

from stratumiops.graph.errors import BadInput, Conflict, Unavailable
from stratumiops.graph.ids import utc_now
from stratumiops.resolvers.events import BUFFERED, PAGE, EventFeed
from stratumiops.resolvers.metrics import Metrics

DEADLINE_S = 20


@dataclass(frozen=True)
class Event:
    seq: int
    at: str


class FakeOutbox:
    """Numbers what was committed; `away` makes every call fail."""

    def __init__(self) -> None:
        self.committed = 0
        self.events: list[Event] = []
        self.pruned = 0
        self.away = False
        self.reads = 0

    def commit(self, count: int = 1) -> None:
        self.committed += count

    async def sequence(self) -> int:
        await self._reach()
        new = range(len(self.events) + 1, self.committed + 1)
        self.events += [Event(seq, utc_now()) for seq in new]
        return len(new)

    async def after(self, seq: int, limit: int = PAGE) -> list[Event]:
        await self._reach()
        self.reads += 1
        start = max(seq, self.pruned)
        return self.events[start : start + limit]

    async def head(self) -> int:
        await self._reach()
        return len(self.events)

    async def oldest(self) -> int | None:
        await self._reach()
        return self.pruned + 1 if self.pruned < len(self.events) else None

    async def _reach(self) -> None:
        await asyncio.sleep(0)
        if self.away:
            raise Unavailable("the store is away")


@pytest.fixture
def outbox() -> FakeOutbox:
    return FakeOutbox()


@asynccontextmanager
async def running(outbox: FakeOutbox):
    feed = EventFeed(outbox, Metrics(), poll_s=0.01, idle_poll_s=0.02)
    task = asyncio.create_task(feed.run())
    try:
        yield feed
    finally:
        task.cancel()
        await asyncio.wait([task])


async def take(events, count: int) -> list[int]:
    async with asyncio.timeout(DEADLINE_S):
        return [(await anext(events)).seq for _ in range(count)]


async def started(feed: EventFeed, events) -> "asyncio.Task[Event]":
    """Begin to listen; the task ends with the first event."""
    before = feed.listeners
    task = asyncio.ensure_future(anext(events))
    async with asyncio.timeout(DEADLINE_S):
        while feed.listeners == before:
            await asyncio.sleep(0)
    return task


async def test_a_listener_gets_what_comes_after_it_began(outbox):
    outbox.commit(3)
    async with running(outbox) as feed, aclosing(feed.listen()) as events:
        first = await started(feed, events)
        outbox.commit(2)
        feed.poke()
        assert (await first).seq == 4
        assert await take(events, 1) == [5]


async def test_a_cursor_resumes_without_loss_or_duplicates(outbox):
    outbox.commit(PAGE * 2 + 7)
    async with running(outbox) as feed, aclosing(feed.listen(after=5)) as events:
        seen = await take(events, PAGE)
        outbox.commit(10)
        seen += await take(events, PAGE + 12)
        assert seen == list(range(6, PAGE * 2 + 18))


async def test_a_listener_that_sleeps_loses_nothing_and_holds_little(outbox):
    async with running(outbox) as feed, aclosing(feed.listen()) as events:
        first = await started(feed, events)
        outbox.commit(1)
        assert (await first).seq == 1
        total = BUFFERED * 5
        for _ in range(total):
            outbox.commit()
            feed.poke()
            await asyncio.sleep(0)
        async with asyncio.timeout(DEADLINE_S):
            while len(outbox.events) <= total:
                await asyncio.sleep(0.005)
        (listener,) = feed._listeners
        assert len(listener._events) <= BUFFERED
        assert await take(events, total) == list(range(2, total + 2))


async def test_listeners_wait_while_the_store_is_away_and_go_on_after(outbox):
    async with running(outbox) as feed, aclosing(feed.listen()) as events:
        first = await started(feed, events)
        outbox.away = True
        outbox.commit(3)
        feed.poke()
        async with asyncio.timeout(DEADLINE_S):
            while not feed._away:
                await asyncio.sleep(0.005)
        outbox.away = False
        feed.poke()
        assert (await first).seq == 1
        assert await take(events, 2) == [2, 3]


async def test_a_resuming_listener_survives_an_outage_too(outbox):
    outbox.commit(PAGE + 3)
    async with running(outbox) as feed, aclosing(feed.listen(after=0)) as events:
        assert await take(events, PAGE) == list(range(1, PAGE + 1))
        outbox.away = True
        rest = asyncio.ensure_future(take(events, 3))
        async with asyncio.timeout(DEADLINE_S):
            while not feed._away:
                await asyncio.sleep(0.005)
        outbox.away = False
        assert await rest == [PAGE + 1, PAGE + 2, PAGE + 3]


async def test_without_a_known_position_there_is_nothing_to_listen_from(outbox):
    outbox.away = True
    async with running(outbox) as feed:
        with pytest.raises(Unavailable):
            await anext(feed.listen())


async def test_cursors_that_cannot_be_resumed_are_refused(outbox):
    outbox.commit(10)
    async with running(outbox) as feed:
        with pytest.raises(BadInput, match="ahead of the last event, 10"):
            await anext(feed.listen(after=11))
        outbox.pruned = 6
        with pytest.raises(Conflict, match="the oldest is 7"):
            await anext(feed.listen(after=3))
        outbox.pruned = 10
        with pytest.raises(Conflict, match="no longer kept"):
            await anext(feed.listen(after=3))
        outbox.commit()
        async with aclosing(feed.listen(after=10)) as events:
            assert await take(events, 1) == [11]


async def test_a_restored_backup_ends_what_listens_and_new_listeners_go_on(outbox):
    outbox.commit(5)
    async with running(outbox) as feed, aclosing(feed.listen()) as events:
        first = await started(feed, events)
        outbox.events = outbox.events[:2]
        outbox.committed = 2
        await feed.check_position()
        with pytest.raises(Conflict, match="restored"):
            await first
        async with aclosing(feed.listen()) as others:
            first = await started(feed, others)
            outbox.commit()
            feed.poke()
            assert (await first).seq == 3


async def test_many_listeners_share_one_look_at_the_outbox(outbox):
    async with running(outbox) as feed:
        listeners = [feed.listen() for _ in range(200)]
        before = outbox.reads
        tasks = [asyncio.ensure_future(anext(events)) for events in listeners]
        async with asyncio.timeout(DEADLINE_S):
            while feed.listeners < 200:
                await asyncio.sleep(0)
        assert outbox.reads - before < 20
        outbox.commit()
        feed.poke()
        assert {(await task).seq for task in tasks} == {1}
        for events in listeners:
            await events.aclose()
        assert feed.listeners == 0


async def test_memory_is_flat_over_a_thousand_listeners_opened_and_dropped(outbox):
    async def open_and_drop(feed: EventFeed, count: int) -> None:
        for _ in range(count):
            events = feed.listen()
            first = await started(feed, events)
            outbox.commit()
            feed.poke()
            await first
            await events.aclose()
        outbox.events.clear()
        outbox.committed = 0
        feed._position = 0

    async with running(outbox) as feed:
        await open_and_drop(feed, 100)
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        await open_and_drop(feed, 1000)
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        assert feed.listeners == 0
        assert grown < 50_000


async def test_the_lag_of_events_is_measured(outbox):
    async with running(outbox) as feed, aclosing(feed.listen()) as events:
        first = await started(feed, events)
        outbox.commit()
        feed.poke()
        await first
        registry = feed._metrics.registry
        assert registry.get_sample_value("stratumiops_events_total") == 1
        assert 0 <= registry.get_sample_value("stratumiops_event_lag_seconds") < DEADLINE_S
