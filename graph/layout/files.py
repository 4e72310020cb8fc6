"""Layouts in files of a folder, one for each perspective; the ones used last also in memory."""

import asyncio
from hashlib import blake2b
from pathlib import Path
from typing import Final

import orjson

from stratumiops.graph.layout.models import Key, Layout, Place
from stratumiops.graph.server.home import write_private

MOST_FILES: Final = 200
"""How many layouts are kept; the ones made longest ago go."""
IN_MEMORY: Final = 12
"""How many of them are also in memory."""


class LayoutFiles:
    """Layouts by the name of their perspective; without a folder in memory only."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._known: dict[str, Layout] = {}

    async def get(self, name: str) -> Layout | None:
        """The layout that is kept under this name."""
        found = self._known.get(name)
        if found is None and self._folder is not None:
            found = await asyncio.to_thread(_read, self._folder / f"{name}.json")
        if found is not None:
            self._remember(name, found)
        return found

    async def put(self, name: str, layout: Layout) -> None:
        """Keep a layout in the place of the one before."""
        self._remember(name, layout)
        if self._folder is not None:
            await asyncio.to_thread(_write, self._folder, name, layout)

    def _remember(self, name: str, layout: Layout) -> None:
        self._known.pop(name, None)
        self._known[name] = layout
        while len(self._known) > IN_MEMORY:
            del self._known[next(iter(self._known))]


def layout_of(fingerprint: str, places: dict[Key, Place]) -> Layout:
    """The layout with these places."""
    version = blake2b(orjson.dumps([fingerprint, *map(tuple, places.values())]), digest_size=8).hexdigest()
    return Layout(fingerprint, version, places)


def _read(path: Path) -> Layout | None:
    """None: there is no such file, or none that can be read, which is made anew."""
    try:
        held = orjson.loads(path.read_bytes())
        rows = zip(held["graph"], held["id"], held["x"], held["y"], held["community"], strict=True)
        places = {(graph, node): Place(x, y, community) for graph, node, x, y, community in rows}
        return Layout(held["fingerprint"], held["version"], places)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(folder: Path, name: str, layout: Layout) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = {
        "fingerprint": layout.fingerprint,
        "version": layout.version,
        "graph": [graph for graph, _ in layout.places],
        "id": [node for _, node in layout.places],
        "x": [place.x for place in layout.places.values()],
        "y": [place.y for place in layout.places.values()],
        "community": [place.community for place in layout.places.values()],
    }
    write_private(folder / f"{name}.json", orjson.dumps(held).decode())
    files = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in files[MOST_FILES:]:
        old.unlink(missing_ok=True)
