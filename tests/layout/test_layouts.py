"""Layouts with their process: made once, kept, mended, bounded."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from stratumiops.graph.errors import TimedOut
from stratumiops.graph.layout.files import MOST_FILES, LayoutFiles, layout_of
from stratumiops.graph.layout.layouts import Layouts
from stratumiops.graph.layout.models import Asked, Picture, Place, Placed
from stratumiops.graph.layout.process import LayoutProcess

PERSPECTIVE: dict[str, Any] = {"graph": "g", "relations": (), "first": 100}
RING = Picture([("g", str(node)) for node in range(20)], list(range(20)), [*range(1, 20), 0])
DEADLINE_S = 60


def grown(by: int) -> Picture:
    """The ring with a chain of new nodes on its first one."""
    keys = [*RING.keys, *(("g", f"new{node}") for node in range(by))]
    chain = [0, *range(20, 20 + by - 1)] if by else []
    return Picture(keys, [*RING.sources, *chain], [*RING.targets, *range(20, 20 + by)])


@asynccontextmanager
async def running(layouts: Layouts) -> AsyncIterator[Layouts]:
    task = asyncio.create_task(layouts.run())
    try:
        yield layouts
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def settled(layouts: Layouts, picture: Picture, described: dict[str, Any] | None = None) -> Placed:
    """Positions once nothing better is being made."""
    async with asyncio.timeout(DEADLINE_S):
        while (found := await layouts.placed(described or PERSPECTIVE, picture)).pending:
            await asyncio.sleep(0.01)
    return found


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not condition():
            await asyncio.sleep(0.01)


async def test_positions_come_later_and_stay(tmp_path: Path) -> None:
    async with running(Layouts(LayoutFiles(tmp_path))) as layouts:
        first = await layouts.placed(PERSPECTIVE, RING)
        assert (first.version, first.pending, first.x) == (None, True, [None] * 20)
        found = await settled(layouts, RING)
        assert found.version
        assert len(set(zip(found.x, found.y, strict=True))) == 20
    after_restart = await Layouts(LayoutFiles(tmp_path)).placed(PERSPECTIVE, RING)
    assert after_restart == found
    [folder, *_] = {path.parent for path in tmp_path.iterdir()}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


async def test_new_nodes_have_a_place_at_once_while_better_ones_are_made(tmp_path: Path) -> None:
    async with running(Layouts(LayoutFiles(tmp_path))) as layouts:
        old = await settled(layouts, RING)
        now = await layouts.placed(PERSPECTIVE, grown(3))
        assert (now.x[:20], now.version, now.pending) == (old.x, old.version, True)
        assert None not in now.x
        new = await settled(layouts, grown(3))
        assert new.version != old.version
        assert max(abs((a or 0) - (b or 0)) for a, b in zip(new.x, old.x, strict=False)) < 100


async def test_an_order_of_nodes_and_relations_is_no_change(tmp_path: Path) -> None:
    async with running(Layouts(LayoutFiles(tmp_path))) as layouts:
        found = await settled(layouts, RING)
        turned = Picture(RING.keys[::-1], [19 - s for s in RING.sources], [19 - t for t in RING.targets])
        again = await layouts.placed(PERSPECTIVE, turned)
        assert (again.x[::-1], again.version, again.pending) == (found.x, found.version, False)


async def test_perspectives_have_positions_of_their_own_and_begin_from_the_whole(tmp_path: Path) -> None:
    filtered = {**PERSPECTIVE, "where": {"type": {"eq": "note"}}}
    part = Picture(RING.keys[:10], list(range(9)), list(range(1, 10)))
    async with running(Layouts(LayoutFiles(tmp_path))) as layouts:
        whole = await settled(layouts, RING)
        begun = await layouts.placed(filtered, part)
        assert (begun.x, begun.version, begun.pending) == (whole.x[:10], whole.version, True)
        own = await settled(layouts, part, filtered)
        assert own.version != whole.version
        assert (await layouts.placed(PERSPECTIVE, RING)).version == whole.version
        elsewhere = await layouts.placed({**PERSPECTIVE, "graph": "h"}, Picture([("h", "0")], [], []))
        assert elsewhere.version is None


async def test_the_past_is_shown_where_the_present_is(tmp_path: Path) -> None:
    then = {**PERSPECTIVE, "as_of": "2026-01-01T00:00:00.000000Z"}
    async with running(Layouts(LayoutFiles(tmp_path))) as layouts:
        now = await settled(layouts, RING)
        past = await layouts.placed(then, grown(1))
        assert (past.x[:20], past.version, past.pending) == (now.x, now.version, False)


async def test_nothing_is_to_be_laid_out_of_nothing() -> None:
    found = await Layouts(LayoutFiles(None)).placed(PERSPECTIVE, Picture([], [], []))
    assert (found.x, found.version, found.pending) == ([], None, False)


async def test_the_process_ends_when_it_is_idle_and_with_its_owner() -> None:
    async with running(Layouts(LayoutFiles(None), LayoutProcess(idle_s=0.2))) as layouts:
        assert layouts.pid is None
        await settled(layouts, RING)
        await until(lambda: layouts.pid is None)
        await settled(layouts, grown(2))
        pid = layouts.pid
        assert pid is None or psutil.Process(pid).nice() >= os.nice(0)
    await until(lambda: pid is None or not psutil.pid_exists(pid))


async def test_a_process_that_is_killed_is_replaced() -> None:
    async with running(Layouts(LayoutFiles(None))) as layouts:
        await settled(layouts, RING)
        assert layouts.pid is not None
        psutil.Process(layouts.pid).kill()
        failed = await settled(layouts, grown(1))
        assert failed.version  # beside their neighbours, as long as the graph stays so
        assert None not in failed.x
        assert (await settled(layouts, grown(2))).version != failed.version


async def test_a_layout_that_takes_too_long_is_given_up() -> None:
    process = LayoutProcess(longest_s=0.001)
    with pytest.raises(TimedOut, match="20 nodes"):
        await process.arrange(Asked(20, RING.sources, RING.targets))
    assert process.pid is None
    async with running(Layouts(LayoutFiles(None), process)) as layouts:
        assert (await settled(layouts, RING)).version is None


async def test_files_are_bounded_and_damage_is_nothing(tmp_path: Path) -> None:
    files, layout = LayoutFiles(tmp_path), layout_of("print", {("g", "a"): Place(1, 2, None)})
    for number in range(MOST_FILES + 5):
        await files.put(f"n{number}", layout)
    assert len(list(tmp_path.iterdir())) == MOST_FILES
    (tmp_path / "bad.json").write_text("{")
    assert await LayoutFiles(tmp_path).get("bad") is None
    assert await LayoutFiles(tmp_path).get(f"n{MOST_FILES + 4}") == layout
