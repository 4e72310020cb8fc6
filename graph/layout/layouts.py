"""Positions for pictures: what is kept, mended where the graph has changed, and made anew in the background."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

import orjson
import structlog

from stratumiops.graph.errors import StratumError
from stratumiops.graph.layout.beside import all_places
from stratumiops.graph.layout.files import LayoutFiles, layout_of
from stratumiops.graph.layout.models import Asked, Layout, Picture, Place, Placed, nowhere
from stratumiops.graph.layout.process import LayoutProcess

log = structlog.get_logger("stratumiops.layout")

MOST_WAITING: Final = 32
"""Pictures that wait for their turn; who asks again for one that had to go is served then."""
MOST_FAILED: Final = 256
KNOWN: Final = 0.5
"""Share of a picture's nodes that must have a place for the others to be put beside them."""
_FILTERS: Final = ("where", "relations", "as_of", "focus", "depth")


@dataclass(frozen=True, slots=True)
class _Job:
    picture: Picture
    start: list[Place] | None
    whole: str | None


class Layouts:
    """Positions by perspective: the graphs and the filters of a slice."""

    def __init__(self, files: LayoutFiles, process: LayoutProcess | None = None) -> None:
        self._files = files
        self._process = process or LayoutProcess()
        self._waiting: dict[str, _Job] = {}
        self._failed: dict[str, None] = {}
        self._more = asyncio.Event()
        self._at_work: str | None = None

    @property
    def pid(self) -> int | None:
        """Id of the process while it runs."""
        return self._process.pid

    async def placed(self, described: Mapping[str, Any], picture: Picture) -> Placed:
        """Positions of a slice's nodes: those that are kept, with what is new beside its neighbours.

        Where they are missing or of another state of the graph, better ones are begun.
        """
        name, whole = _name(described), _name({k: v for k, v in described.items() if k not in (*_FILTERS, "first")})
        own = await self._files.get(name)
        base = own if own is not None else await self._files.get(whole)
        start, current = await asyncio.to_thread(_start, base, picture)
        then = own is None and described.get("as_of") is not None
        if base is not None and start is not None and ((own is not None and current) or then):
            return _shown(base, start, pending=False)
        unfiltered = not any(described.get(filtered) for filtered in _FILTERS)
        pending = self._begin(name, _Job(picture, start, whole if unfiltered else None))
        if base is None or start is None:
            return nowhere(len(picture.keys), pending=pending)
        return _shown(base, start, pending=pending)

    async def run(self) -> None:
        """Make what was begun, one picture after the other, until cancelled."""
        try:
            while True:
                await self._work()
                self._more.clear()
                await self._more.wait()
        finally:
            await self._process.end()

    # ---- inside

    def _begin(self, name: str, job: _Job) -> bool:
        """Whether positions for the picture will come."""
        if not job.picture.keys or job.picture.fingerprint in self._failed:
            return False
        if self._at_work != job.picture.fingerprint:
            self._waiting.pop(name, None)
            self._waiting[name] = job
            if len(self._waiting) > MOST_WAITING:
                del self._waiting[next(iter(self._waiting))]
            self._more.set()
        return True

    async def _work(self) -> None:
        while self._waiting:
            name = next(iter(self._waiting))
            job = self._waiting.pop(name)
            self._at_work = job.picture.fingerprint
            try:
                await self._make(name, job)
            except (StratumError, OSError, ValueError) as error:
                log.warning("no layout", nodes=len(job.picture.keys), problem=str(error))
                self._failed[job.picture.fingerprint] = None
                if len(self._failed) > MOST_FAILED:
                    del self._failed[next(iter(self._failed))]
            finally:
                self._at_work = None

    async def _make(self, name: str, job: _Job) -> None:
        picture, start = job.picture, job.start
        asked = Asked(len(picture.keys), picture.sources, picture.targets)
        if start is not None:
            columns = ([place.x for place in start], [place.y for place in start])
            asked = Asked(
                asked.nodes, asked.sources, asked.targets, *columns, community=[place.community for place in start]
            )
        arranged = await self._process.arrange(asked)
        places = dict(zip(picture.keys, map(Place, *arranged), strict=True))
        layout = layout_of(picture.fingerprint, places)
        if job.whole is not None:
            known = await self._files.get(job.whole)
            if known is None or len(known.places) <= len(places):
                await self._files.put(job.whole, layout)
        await self._files.put(name, layout)  # the last: whoever sees it as made may begin others from the whole


def _name(described: Mapping[str, Any]) -> str:
    """The name of a perspective."""
    text = orjson.dumps(dict(described), option=orjson.OPT_SORT_KEYS)
    return blake2b(text, digest_size=16).hexdigest()


def _start(base: Layout | None, picture: Picture) -> tuple[list[Place] | None, bool]:
    """Where the nodes may be, by a layout that knows enough of them, and whether it was made for this very picture."""
    current = base is not None and base.fingerprint == picture.fingerprint
    if base is None or not picture.keys:
        return None, current
    known = sum(1 for key in picture.keys if key in base.places)
    return (all_places(picture, base.places) if known >= KNOWN * len(picture.keys) else None), current


def _shown(layout: Layout, places: list[Place], *, pending: bool) -> Placed:
    return Placed(
        [place.x for place in places],
        [place.y for place in places],
        [place.community for place in places],
        layout.version,
        pending,
    )
