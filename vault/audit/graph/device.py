"""The device `graph`: lines that wait go into Neo4j together, in one transaction at a time."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from stratumiops.vault.audit.chain import Head
from stratumiops.vault.audit.device import Device, DeviceConfig
from stratumiops.vault.audit.entries import now
from stratumiops.vault.audit.graph import nodes, options
from stratumiops.vault.audit.graph.nodes import Node
from stratumiops.vault.audit.graph.reading import begins_early, taken_up, verify
from stratumiops.vault.audit.graph.store import GraphStore, Lost
from stratumiops.vault.audit.verify import Report
from stratumiops.vault.errors import BadRequest

MOST: Final = 1_000
"""Lines of one transaction."""
PRUNE_EVERY_S: Final = 600.0
_PRUNED_AT_ONCE: Final = 500
_OPENING_S: Final = 15.0
_CLOSING_S: Final = 1.0
_TRIES: Final = 2
_MENDED_AFTER_S: Final = 0.2
_MENDED_AT_MOST_AFTER_S: Final = 2.0
_log = structlog.get_logger(__name__)


class GraphDevice(Device):
    """A node for each line, with metadata only; a line counts once its transaction is committed.

    Once a transaction failed, lines are refused at once, so that a Neo4j that hangs holds up no request that another
    device puts on record. Meanwhile the device tries to go on, and takes lines again as soon as it can.
    """

    def __init__(self, config: DeviceConfig) -> None:
        super().__init__(config, metadata_only=True)
        self._options = options.read(config.options)
        self._store: GraphStore | None = None
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._pruner: asyncio.Task[None] | None = None
        self._mender: asyncio.Task[None] | None = None
        self._broken = ""  # why lines are refused
        self._reading = asyncio.Lock()  # nothing is deleted while all is read
        self._is_taken_up = False
        self._event = ""  # of the marker that the next transaction begins with
        self._last_at = ""

    async def start(self, head: Head) -> None:
        """See `Device.start`."""
        async with self._lock:
            self._chain.head, self._is_taken_up, self._event, self._last_at = head, False, "", ""
            self._broken = ""
            if self._pruner is None and self._options.keep_s:
                self._pruner = asyncio.create_task(self._prune())
            try:
                await self._within(_OPENING_S, [])
            except OSError as error:
                self._break(str(error))
                raise

    async def reopen(self) -> None:
        """See `Device.reopen`: it has no file."""

    async def stop(self) -> None:
        """See `Device.stop`; lines that wait are still written, if that goes quickly."""
        for task in (self._pruner, self._mender):
            if task is not None:
                task.cancel()
                await asyncio.wait([task])
        self._pruner = self._mender = None
        if self._writer is not None:
            await asyncio.wait([self._writer], timeout=_CLOSING_S)
            self._writer.cancel()
            await asyncio.wait([self._writer])
        store, self._store = self._store, None
        if store is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_CLOSING_S):
                    await store.close()

    async def verify(self, files: Sequence[Path]) -> Report:
        """See `Device.verify`."""
        if files:
            raise BadRequest("the device writes nodes and no files")
        async with self._reading:
            return await verify(self._opened(), self._key, self.head, begins_early(self._options.keep_s))

    async def _put(self, body: bytes) -> None:
        if self._broken:
            raise OSError(self._broken)
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((body, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        await done

    async def _write_all(self) -> None:
        """Write what waits until nothing does; when a transaction fails, so do all lines that wait by then."""
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            why: OSError | None = OSError("the record was not written")
            try:
                async with self._lock:
                    await self._within(self._options.timeout_s, [body for body, _ in batch])
                why = None
            except OSError as error:
                why = error
                self._break(str(error))
            finally:
                if why is not None:
                    batch, self._waiting = batch + self._waiting, []
                _resolve([done for _, done in batch], why)

    def _break(self, why: str) -> None:
        self._broken = why
        if self._mender is None or self._mender.done():
            self._mender = asyncio.create_task(self._mend())

    async def _mend(self) -> None:
        pause = _MENDED_AFTER_S
        while self._broken:
            await asyncio.sleep(pause)
            try:
                async with self._lock:
                    await self._within(self._options.timeout_s, [])
            except OSError as error:
                self._broken = str(error)
                pause = min(2 * pause, _MENDED_AT_MOST_AFTER_S)
            else:
                self._broken = ""

    async def _within(self, seconds: float, bodies: Sequence[bytes]) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._commit(bodies)
        except TimeoutError:
            raise OSError(f"Neo4j did not take the record within {seconds:g} s") from None

    async def _commit(self, bodies: Sequence[bytes]) -> None:
        """Write entries behind the chain. After a lost connection the graph says whether they are there already."""
        wanted: Head | None = None
        for left in reversed(range(_TRIES)):
            try:
                await self._take_up()
                if self._chain.head == wanted:
                    return
                made, wanted = self._sealed(bodies)
                if made:
                    self._is_taken_up = False
                    await self._opened().write(made, self._chain.head, wanted)
                    self._chain.head, self._last_at = wanted, made[-1]["at"]
            except Lost:
                if not left:
                    raise
            else:
                self._is_taken_up, self._event = True, ""
                return

    def _sealed(self, bodies: Sequence[bytes]) -> tuple[list[Node], Head]:
        device, head, last_at = self.config.uuid, self._chain.head, self._last_at
        bare = [nodes.marker(self._event, now(), device, last_at, self.config.path)] if self._event else []
        for body in bodies:
            bare.append(nodes.node_of(body, device, bare[-1]["at"] if bare else last_at))
        found = []
        for node in bare:
            made, head = nodes.seal(node, self._key, head)
            found.append(made)
        return found, head

    async def _take_up(self) -> None:
        """Find out where the chain is in the graph, and go on there."""
        if self._is_taken_up:
            return
        store = self._opened()
        seq, chain = await store.take()
        last = await taken_up(store, self._key, self._chain.head, Head(seq, bytes.fromhex(chain)))
        self._chain.head, self._last_at = last.head, last.at
        self._event = "" if last.is_whole else "continued" if last.head.seq else "started"
        if not last.is_whole:
            await store.reset(last.head)
        self._is_taken_up = True

    async def _prune(self) -> None:
        while True:
            try:
                await self._prune_once()
            except OSError as error:
                _log.warning("old nodes of the audit could not be deleted", device=self.config.path, error=str(error))
            await asyncio.sleep(PRUNE_EVERY_S)

    async def _prune_once(self) -> None:
        """Few at a time; the last node stays, for the chain goes on from it."""
        older_than = begins_early(self._options.keep_s)
        async with self._reading:
            deleted = _PRUNED_AT_ONCE if self.head.seq else 0
            while deleted == _PRUNED_AT_ONCE:
                deleted = await self._opened().prune(self.head.seq, older_than, _PRUNED_AT_ONCE)

    def _opened(self) -> GraphStore:
        if self._store is None:
            config, timeout_s = self.config, self._options.timeout_s
            self._store = GraphStore(self._options.target(), config.uuid, config.path, timeout_s)
        return self._store


def _resolve(waiting: Sequence["asyncio.Future[None]"], why: OSError | None) -> None:
    for done in waiting:
        if done.done():
            continue
        if why is None:
            done.set_result(None)
        else:
            done.set_exception(OSError(str(why)))
