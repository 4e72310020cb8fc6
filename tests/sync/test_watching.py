"""The watcher: files and graph in step while the server runs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from stratumiops.resolvers.bootstrap import Services
from stratumiops.resolvers.engine import Engine
from stratumiops.resolvers.in_process import InProcess
from stratumiops.resolvers.settings import Settings, WatchPath
from stratumiops.resolvers.watching import FolderWatcher, Watched, own_settings
from stratumiops.ui.cli.kogral.init_command import make

from .conftest import SOURCE, Pair

DEADLINE_S = 60


async def until(holds: Callable[[], Any]) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            found = holds()
            if await found if asyncio.iscoroutine(found) else found:
                return
            await asyncio.sleep(0.05)


async def settled(watched: Watched) -> int:
    """Wait until runs come to an end; how many there were."""
    seen = -1
    while seen != watched.runs.count:
        seen = watched.runs.count
        await asyncio.sleep(1.0)
    return seen


@pytest.fixture
async def watched(pair: Pair, services: Services) -> AsyncIterator[Watched]:
    """A watcher of the pair's folder and graph, which has done its first run."""
    found = Watched(services, InProcess(_engine(services), services, _principal()), _path(pair), 0.1)
    events = asyncio.create_task(services.events.run())
    task = asyncio.create_task(found.run())
    try:
        await until(lambda: found.runs.count == 1)
        await settled(found)
        yield found
    finally:
        for one in (task, events):
            one.cancel()
            with suppress(asyncio.CancelledError, BaseExceptionGroup):
                await one


def _engine(services: Services) -> Engine:
    from stratumiops.resolvers.schema import schema

    return Engine(schema, services.settings)


def _principal() -> Any:
    from stratumiops.resolvers import watching

    return watching._PRINCIPAL


def _path(pair: Pair) -> WatchPath:
    return WatchPath(path=str(pair.root), graph=pair.graph, source=SOURCE)


async def test_files_and_nodes_follow_each_other(pair: Pair, watched: Watched) -> None:
    pair.put({"a.md": "# A\n\none\n", "sub/b.md": "b"})

    async def both() -> bool:
        return set(await pair.nodes()) == {"a.md", "sub/b.md"}

    await until(both)
    await pair.replace("a.md", "one", "GRAPH")
    await until(lambda: pair.text("a.md") == "# A\n\nGRAPH\n")
    (pair.root / "sub" / "b.md").unlink()

    async def one() -> bool:
        return set(await pair.nodes()) == {"a.md"}

    await until(one)


async def test_its_own_writes_start_no_run(pair: Pair, watched: Watched) -> None:
    pair.put({"a.md": "# A\n\none\n"})
    await until(lambda: watched.runs.last is not None and watched.runs.last.imported == 1)
    await settled(watched)
    before = watched.runs.count
    await pair.replace("a.md", "one", "GRAPH")
    await until(lambda: pair.text("a.md") == "# A\n\nGRAPH\n")
    assert await settled(watched) == before + 1


async def test_a_storm_of_a_thousand_files_is_one_run(pair: Pair, watched: Watched) -> None:
    before = watched.runs.count
    pair.put({f"{n % 10}/{n}.md": f"# Note {n}\n" for n in range(1_000)})
    await until(lambda: watched.runs.last is not None and watched.runs.last.files == 1_000)
    assert await settled(watched) == before + 1
    assert len(await pair.nodes()) == 1_000


async def test_what_is_no_note_starts_no_run(pair: Pair, watched: Watched) -> None:
    before = watched.runs.count
    pair.put({".git/index": "x", "image.png": b"x", ".hidden.md": "x", ".obsidian/workspace.md": "x"})
    assert await settled(watched) == before


async def test_a_failure_is_logged_and_it_goes_on(pair: Pair, watched: Watched, monkeypatch: Any) -> None:
    moved = pair.root.with_name("away")
    pair.root.rename(moved)
    await pair.create(title="N", content="n")
    await until(lambda: watched.runs.failed > 0)
    moved.rename(pair.root)
    await until(lambda: "notes/n.md" in pair.files())
    pair.put({"later.md": "later"})

    async def there() -> bool:
        return "later.md" in await pair.nodes()

    await until(there)


async def test_without_auto_index_nothing_is_watched(services: Services, tmp_path: Path) -> None:
    off = Settings(sync={"auto_index": False, "watch_paths": [f"{tmp_path}=g"]})
    watcher = FolderWatcher(_with(services, off), _engine(services))
    async with asyncio.timeout(5):
        await watcher.run()
    assert list(tmp_path.iterdir()) == []


async def test_a_directory_says_itself_how_it_is_watched(services: Services, tmp_path: Path) -> None:
    root = tmp_path / ".kogral"
    make(root, "g")
    settings = Settings(sync={"watch_paths": [f"{root}=g"]})
    (root / "config.toml").write_text('[graph]\nname = "g"\n[sync]\nauto_index = false\n')
    async with asyncio.timeout(5):
        await FolderWatcher(_with(services, settings), _engine(services)).run()
    (root / "config.toml").write_text("[sync]\nauto_indexx = false\n")
    assert own_settings(str(root)).auto_index  # what is wrong is told in the log and does not stop the server
    assert own_settings(str(tmp_path)).auto_index


async def test_only_the_folders_that_are_named_start_a_run(services: Services, pair: Pair) -> None:
    found = Watched(services, InProcess(_engine(services), services, _principal()), _path(pair), 0.1, ("notes",))
    root = pair.root.resolve()
    assert found.matters({str(root / "notes" / "a.md")})
    assert not found.matters({str(root / "other" / "a.md"), str(root / "a.md")})


def _with(services: Services, settings: Settings) -> Services:
    return Services(
        settings, services.db, services.registry, services.writer, services.outbox, services.events, services.metrics,
        services.connection,
    )  # fmt: skip


def test_both_forms_of_a_watched_folder_are_read() -> None:
    found = Settings(sync={"watch_paths": ["~/a=b/c=g", {"path": "p", "graph": "g", "source": "s"}]}).sync.watch_paths
    assert [WatchPath.of(one) for one in found] == [
        WatchPath(path="~/a=b/c", graph="g"),
        WatchPath(path="p", graph="g", source="s"),
    ]
    for wrong in ("no-graph", "=g", "path="):
        with pytest.raises(ValueError, match="PATH=GRAPH"):
            Settings(sync={"watch_paths": [wrong]})
