"""KV version 1: what is written is read, and its odd ends."""

import pytest

from stratumiops.vault.backend import Mount
from stratumiops.vault.engines.kv import kv
from stratumiops.vault.engines.kv1 import Kv1Backend
from stratumiops.vault.engines.kv2.backend import Kv2Backend
from stratumiops.vault.errors import BadRequest, NotFound, UnsupportedOperation
from stratumiops.vault.request import Operation
from stratumiops.vault.storage.memory import MemoryStorage
from stratumiops.vault.view import View

from ..mounted import DAY_S, FixedSystem, Mounted, mounted  # noqa: TID252 - tests are no package on the path


@pytest.fixture
def engine() -> Mounted:
    return mounted(Kv1Backend, "kv/")


async def test_a_write_replaces_and_a_delete_forgets(engine: Mounted) -> None:
    await engine.write("a/b", x=1, y={"z": [None]})
    assert await engine.read("a/b") == {"x": 1, "y": {"z": [None]}}
    await engine.write("a/b", z=2)
    assert await engine.read("a/b") == {"z": 2}
    await engine.delete("a/b")
    await engine.delete("a/b")
    with pytest.raises(NotFound):
        await engine.read("a/b")


async def test_lists_show_folders_with_a_slash(engine: Mounted) -> None:
    for path in ("t", "a", "a/b", "a/c/d"):
        await engine.write(path, x=1)
    assert await engine.names("") == ["a", "a/", "t"]
    assert await engine.names("a/") == await engine.names("a") == ["b", "c/"]
    assert await engine.data(Operation.LIST, "", {"after": "a", "limit": 1}) == {"keys": ["a/"]}
    with pytest.raises(NotFound):
        await engine.names("t")


@pytest.mark.parametrize(
    ("data", "duration"),
    [
        ({"x": 1}, 32 * DAY_S),
        ({"ttl": "1h"}, 3600),
        ({"lease": 5}, 5),
        ({"ttl": "soon"}, 32 * DAY_S),
        ({"ttl": []}, 32 * DAY_S),
    ],
)
async def test_an_object_may_say_how_long_it_is_good(engine: Mounted, data: dict[str, object], duration: int) -> None:
    await engine.write("a", **data)
    found = await engine.ask(Operation.READ, "a", {})
    assert found is not None
    assert found.lease_duration == duration


@pytest.mark.parametrize("path", ["a/", "", "a//b", "../a", "a/../b", "a/./b", "a\x00b", "a\nb", "x" * 701, "é" * 351])
async def test_paths_that_are_none(engine: Mounted, path: str) -> None:
    with pytest.raises(BadRequest):
        await engine.write(path, x=1)
    assert await engine.backend.view.keys() == []


async def test_what_is_refused(engine: Mounted) -> None:
    with pytest.raises(BadRequest, match="missing data fields"):
        await engine.write("a")
    with pytest.raises(UnsupportedOperation):
        await engine.patch("a", x=1)
    with pytest.raises(NotFound):
        await engine.read("a/")


@pytest.mark.parametrize(
    ("options", "kind"), [(None, Kv1Backend), ({"version": "1"}, Kv1Backend), ({"version": "2"}, Kv2Backend)]
)
def test_a_mount_says_its_version(options: dict[str, str] | None, kind: type) -> None:
    mount = Mount("kv/", "kv", "accessor", "uuid", options=options)
    assert type(kv(mount, View(MemoryStorage(), ""), FixedSystem())) is kind


def test_there_are_two_versions() -> None:
    with pytest.raises(BadRequest, match="version '3'"):
        kv(Mount("kv/", "kv", "accessor", "uuid", options={"version": "3"}), View(MemoryStorage(), ""), FixedSystem())
