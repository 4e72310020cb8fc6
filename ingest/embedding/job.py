"""Keeps the chunks and vectors of all nodes up to date, behind the commits, in one process at a time.

What has been done is told by the graph itself: a node is done when its chunks carry its revision. So a job that
was cut off anywhere looks for nodes that are not done and goes on; nothing else needs to be remembered. Events say
what changed while it runs. Cutting, embedding and writing overlap: the model never waits for the database.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

import structlog

from stratumiops.graph.errors import Conflict, StratumError
from stratumiops.graph.ids import uuid7
from stratumiops.graph.store.database import Database
from stratumiops.ingest.embedding import queries
from stratumiops.ingest.embedding.cutting import Cut, row_of
from stratumiops.ingest.embedding.generations import BUILDING, RETIRED, SERVING, Generation, Generations
from stratumiops.ingest.embedding.models import Models
from stratumiops.ingest.embedding.options import EmbeddingOptions
from stratumiops.ingest.embedding.ports import ModelSpec, Vector
from stratumiops.ingest.embedding.progress import Progress

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from stratumiops.graph.store.outbox import ChangeEvent

log = structlog.get_logger("stratumiops.embeddings")

MAX_PENDING: Final = 20_000
"""Nodes waiting in memory; when more change, the job forgets them and looks through the graph instead."""
_NODES_AT_ONCE: Final = 64
_SCANNED_AT_ONCE: Final = 1_000
_LEASE_MS: Final = 30_000
_RENEW_S: Final = 8.0
_BACK_OFF_S: Final = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)

Key = tuple[str, str]


class Changes(Protocol):
    """Where committed changes come from."""

    async def head(self) -> int:
        """The number of the last change."""

    def after(self, seq: int) -> "AsyncGenerator[ChangeEvent]":
        """Changes behind this number, as they come.

        Raises:
            Conflict: some were missed; the graph has to be looked through.
        """


@dataclass(frozen=True, slots=True)
class _Target:
    """A generation that is kept up to date, and how its model is reached."""

    generation: Generation
    spec: ModelSpec


@dataclass(frozen=True, slots=True)
class _Batch:
    """Nodes cut for one target; without nodes it says that all of the graph has been gone through."""

    target: _Target
    nodes: list[Cut]
    vectors: dict[str, Vector] = field(default_factory=dict)


class EmbeddingJob:
    """The job of one process. `run` it in a task."""

    def __init__(
        self,
        db: Database,
        options: EmbeddingOptions,
        models: Models,
        changes: Changes,
        *,
        observe: Callable[[int], None] = lambda _made: None,
    ) -> None:
        self._db = db
        self._options = options
        self._models = models
        self._changes = changes
        self._observe = observe
        self._generations = Generations(db, options)
        self._pending: dict[Key, None] = {}
        self._gone: dict[Key, None] = {}
        self._flying: set[tuple[str, str, str, int]] = set()
        self._overflow = False
        self._changed = asyncio.Event()
        self._holder = uuid7()
        self.progress = Progress()

    @property
    def waiting(self) -> int:
        """Changed nodes that wait in memory."""
        return len(self._pending) + len(self._gone)

    async def run(self) -> None:
        """Embed until cancelled; what fails is tried again, more and more slowly, up to once a minute."""
        failures = 0
        while self._options.enabled:
            try:
                async with self._lease() as taken:
                    if taken:
                        await self._turn()
                self.progress.problem = None
                failures = 0
                if not taken:
                    await asyncio.sleep(_RENEW_S)
            except StratumError as error:
                if self.progress.problem is None:
                    log.warning("embedding waits", reason=error.message, hint=error.hint)
                self.progress.problem = error
                await asyncio.sleep(_BACK_OFF_S[min(failures, len(_BACK_OFF_S) - 1)])
                failures += 1

    # ---- one process at a time

    @asynccontextmanager
    async def _lease(self) -> "AsyncIterator[bool]":
        """Whether this process embeds now; it lets go at the end, or after half a minute when it dies."""
        values = {"name": self._options.family, "holder": self._holder, "lease": _LEASE_MS}
        self.progress.holder = bool(await self._db.write(queries.TAKE_LEASE, values, retry=True, past_gate=True))
        try:
            yield self.progress.holder
        finally:
            if self.progress.holder:
                self.progress.holder = False
                with suppress(StratumError):
                    await self._db.write(queries.DROP_LEASE, values, retry=True, past_gate=True)

    async def _renewing(self) -> None:
        values = {"name": self._options.family, "holder": self._holder, "lease": _LEASE_MS}
        while True:
            await asyncio.sleep(_RENEW_S)
            if not await self._db.write(queries.TAKE_LEASE, values, retry=True, past_gate=True):
                return

    # ---- a turn

    async def _turn(self) -> None:
        """Work until something fundamental changes: a model takes over, events were missed, the lease is lost."""
        self._pending.clear()
        self._gone.clear()
        self._flying.clear()
        self._changed.clear()
        self._overflow = False
        since = await self._changes.head()  # before the graph is looked through, so that nothing falls between
        targets = await self._targets()
        async with aclosing(self._changes.after(since)) as events:
            if not targets:
                await _race(self._feeding(events), self._renewing(), self._changed.wait())
                return
            cut: asyncio.Queue[_Batch] = asyncio.Queue(1)
            embedded: asyncio.Queue[_Batch] = asyncio.Queue(1)
            await _race(
                self._feeding(events),
                self._renewing(),
                self._cutting(targets, cut),
                self._embedding(cut, embedded),
                self._writing(embedded),
            )

    async def _feeding(self, events: "AsyncGenerator[ChangeEvent]") -> None:
        """Take up what changes; ends when events were missed."""
        try:
            async for event in events:
                if event.op.startswith("node.") and self._wanted(event.graph):
                    where = self._gone if event.op == "node.deleted" else self._pending
                    where.update(((event.graph, node_id), None) for node_id in event.ids)
                    self._bound()
                    self._changed.set()
        except Conflict:
            log.info("events were missed; the graph is looked through")

    def _bound(self) -> None:
        if len(self._pending) + len(self._gone) > MAX_PENDING:
            self._pending.clear()
            self._gone.clear()
            self._overflow = True

    def _wanted(self, graph: str) -> bool:
        return not self._options.graphs or graph in self._options.graphs

    # ---- which model

    async def _targets(self) -> list[_Target]:
        """The generation that the settings ask for and, while that is being built, the one that serves.

        Empty while there is nothing to embed: then no model is loaded.
        """
        known = await self._generations.all()
        loaded = self._models.opened(self._options.spec)
        dimensions = loaded.dimensions if loaded else None
        current = next((g for g in known if g.state != RETIRED and g.fits(self._options, dimensions)), None)
        for one in known:
            if one.state == RETIRED or (one.state == BUILDING and one is not current):
                await self._generations.retire(one)
                await self._generations.clean(one)
        known = [one for one in known if one.state == SERVING or one is current]
        if current is None:
            if not await self._db.read_one(queries.ANYTHING, {"graphs": list(self._options.graphs)}):
                return []
            embedder = await self._models.get(self._options.spec)
            current = await self._generations.add(known, embedder.dimensions)
            log.info("new embedding index", name=current.name, provider=current.provider, model=current.model)
        else:
            await self._generations.ensure_indexes(known)
        live = [current, *(one for one in known if one.name != current.name)]
        for one in live:
            await self._generations.drop_orphans(one)
        return [_Target(one, one.spec(self._options.spec)) for one in live]

    # ---- cutting

    async def _cutting(self, targets: Sequence[_Target], out: "asyncio.Queue[_Batch]") -> None:
        usable = list(targets)
        for target in targets:
            if not await self._opens(target, usable):
                continue
            for graph in await self._db.read_one(queries.GRAPHS, {"graphs": list(self._options.graphs)}) or []:
                async for ids in self._not_done(target.generation, graph):
                    await self._cut_changes(usable, out)
                    await self._cut([(graph, node_id) for node_id in ids], target, out)
            await out.put(_Batch(target, []))
        while not self._overflow:
            await self._cut_changes(usable, out)
            if not self._pending and not self._gone:
                await self._changed.wait()
                self._changed.clear()

    async def _opens(self, target: _Target, usable: list[_Target]) -> bool:
        """Whether there may be something to do for it; a model that is being replaced may be out of reach."""
        if target is usable[0]:
            return True
        try:
            embedder = await self._models.get(target.spec)
        except StratumError as error:
            reason = error.message
        else:
            if embedder.dimensions == target.generation.dimensions:
                return True
            reason = f"it has {embedder.dimensions} dimensions by now"
        log.warning("the model that serves is out of reach", model=target.generation.model, reason=reason)
        usable.remove(target)
        return False

    async def _not_done(self, generation: Generation, graph: str) -> AsyncGenerator[list[str]]:
        """Ids of nodes without chunks of their revision, some at a time."""
        after: str | None = ""
        while after is not None:
            params = {"graph": graph, "after": after, "limit": _SCANNED_AT_ONCE, "index": generation.name}
            after, ids = await self._db.read_one(queries.SCAN, params) or (None, [])
            for begin in range(0, len(ids), _NODES_AT_ONCE):
                yield ids[begin : begin + _NODES_AT_ONCE]

    async def _cut_changes(self, targets: Sequence[_Target], out: "asyncio.Queue[_Batch]") -> None:
        """What events told: chunks of deleted nodes go, changed nodes are cut anew for every target."""
        if self._gone:
            gone, self._gone = list(self._gone), {}
            await self._db.write(queries.CLEAN, {"keys": [list(key) for key in gone]}, retry=True)
        while self._pending:
            keys = list(self._pending)[:_NODES_AT_ONCE]
            for key in keys:
                del self._pending[key]
            for target in targets:
                await self._cut(keys, target, out)

    async def _cut(self, keys: Sequence[Key], target: _Target, out: "asyncio.Queue[_Batch]") -> None:
        params = {"keys": [list(key) for key in keys], "index": target.generation.name}
        read = await self._db.read_one(queries.READ, params) or []
        name = target.generation.name  # the graph and events may both tell of a node: once is enough
        rows = [row for row in read if (name, row[0], row[1], row[2]) not in self._flying]
        if not rows:
            return
        self._flying.update((name, row[0], row[1], row[2]) for row in rows)
        embedder = await self._models.get(target.spec)
        if embedder.dimensions != target.generation.dimensions:
            message = f"{embedder.model} has {embedder.dimensions} dimensions by now"
            raise Conflict(message, hint="everything is embedded anew")
        left: Sequence[Any] = rows
        while left:
            nodes, left = await asyncio.to_thread(self._models.cut, embedder, left, target.generation)
            await out.put(_Batch(target, nodes))

    # ---- embedding, writing

    async def _embedding(self, batches: "asyncio.Queue[_Batch]", out: "asyncio.Queue[_Batch]") -> None:
        while True:
            batch = await batches.get()
            fresh = {name: chunk.embedded(node.title) for node in batch.nodes for name, chunk in node.fresh}
            if fresh:
                vectors = await self._embed(batch.target.spec, list(fresh.values()))
                batch.vectors.update(zip(fresh, vectors, strict=True))
            await out.put(batch)

    async def _embed(self, spec: ModelSpec, texts: list[str]) -> list[Vector]:
        embedder = await self._models.get(spec)
        try:
            return await asyncio.to_thread(embedder.embed_batch, texts)
        except StratumError:
            self._models.forget(spec)
            raise

    async def _writing(self, batches: "asyncio.Queue[_Batch]") -> None:
        """Write what was embedded; ends when a generation took over."""
        while True:
            batch = await batches.get()
            generation = batch.target.generation
            if batch.nodes:
                rows = [row_of(node, generation, batch.vectors) for node in batch.nodes]
                params = {"index": generation.name, "rows": rows}
                [written] = await self._db.write(queries.write(generation.vector), params, retry=True)
                self._flying.difference_update((generation.name, n.graph, n.id, n.rev) for n in batch.nodes)
                self.progress.add(written["made"] or 0)
                self._observe(written["made"] or 0)
                self.progress.problem = None
            elif generation.state == BUILDING and await self._is_whole(generation):
                await self._generations.take_over(generation)
                log.info("embedding index took over", name=generation.name, model=generation.model)
                return
            else:
                self.progress.problem = None

    async def _is_whole(self, generation: Generation) -> bool:
        graphs = await self._db.read_one(queries.GRAPHS, {"graphs": list(self._options.graphs)}) or []
        return not await self._db.read_one(queries.COUNT_PENDING, {"graphs": graphs, "index": generation.name})


async def _race(*works: "Coroutine[Any, Any, Any] | asyncio.Future[Any]") -> None:
    """Run all until one ends or fails; the others are cancelled."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    for task in done:
        task.result()
