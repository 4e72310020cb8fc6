"""Responses kept for as long as nothing was committed to the graph: a repeated heavy read costs a ping.

A response is kept with the graph's version (the bookmark of the last committed transaction) when the version was
the same before and after the statement ran, so that it is known to be the state of that version. It is sent again
only after a ping, begun after the request came in, has returned that very version. So a response is never older
than the last commit that was acknowledged before the request.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, NamedTuple, Protocol

import orjson

from stratumiops.resolvers.context import RequestContext
from stratumiops.resolvers.engine.bounded import Bounded

WORTH_KEEPING_MS = 3.0
"""Responses that took less are not kept: the ping costs nearly as much."""
MAX_HEAVY = 10_000
"""Operations with arguments that are known to take longer."""


class Versioned(Protocol):
    """A store that knows its version."""

    async def version(self) -> str:
        """A mark of the last committed change."""


class _Kept(NamedTuple):
    body: bytes
    version: str


class ResponseCache:
    """Responses by operation and arguments, bounded in bytes; the ones used last stay."""

    def __init__(self, max_bytes: int) -> None:
        self._on = max_bytes > 0
        self._kept: Bounded[Any, _Kept] = Bounded(max_bytes)
        self._heavy: Bounded[int, bool] = Bounded(MAX_HEAVY)
        self._pings: dict[int, _Pings] = {}

    async def fetch(
        self,
        identity: tuple[object, Any, dict[str, Any]],
        run: Callable[[], Awaitable[bytes | None]],
        store: Versioned,
        context: RequestContext,
    ) -> bytes | None:
        """The response: kept and proved current, or made anew."""
        if not self._on:
            return await run()
        operation, shape, params = identity
        key = (operation, shape, orjson.dumps(params))
        if self._heavy.get(hash(key)):
            return await self._fetch_heavy(key, run, store, context)
        started = perf_counter()
        body = await run()
        if body is not None and (perf_counter() - started) * 1e3 >= WORTH_KEEPING_MS:
            self._heavy.put(hash(key), True)
        return body

    async def _fetch_heavy(
        self,
        key: Any,
        run: Callable[[], Awaitable[bytes | None]],
        store: Versioned,
        context: RequestContext,
    ) -> bytes | None:
        pings = self._pings.setdefault(id(store), _Pings(store))
        before = await pings.version()
        kept = self._kept.get(key)
        if kept is not None and kept.version == before:
            context.cache = "hit"
            return kept.body
        context.cache = "miss"
        body = await run()
        if body is not None and await pings.version() == before:
            self._kept.put(key, _Kept(body, before), len(body) + len(key[2]))
        return body


class _Pings:
    """Asks for the version; who comes while a ping is under way shares the next one, never that one."""

    def __init__(self, store: Versioned) -> None:
        self._store = store
        self._running: asyncio.Future[str] | None = None
        self._next: asyncio.Future[str] | None = None

    async def version(self) -> str:
        """The version after this call began."""
        if self._running is None:
            return await self._start()
        if self._next is None:
            self._next = asyncio.ensure_future(self._after(self._running))
        return await asyncio.shield(self._next)

    async def _after(self, running: "asyncio.Future[str]") -> str:
        await asyncio.wait([running])
        self._next = None
        return await self._start()

    async def _start(self) -> str:
        ping = self._running = asyncio.ensure_future(self._store.version())
        try:
            return await asyncio.shield(ping)
        finally:
            if self._running is ping:
                self._running = None
