"""KV version 2: shapes, statuses and texts that clients compare."""

import asyncio
from typing import Any

import orjson
import pytest

from stratumiops.vault import clock
from stratumiops.vault.engines.kv2.backend import Kv2Backend
from stratumiops.vault.errors import (
    BadRequest,
    NotFound,
    StorageFailed,
    UnsupportedMediaType,
    UnsupportedOperation,
)
from stratumiops.vault.request import Operation, Request, Response

from ..mounted import Mounted, mounted  # noqa: TID252 - tests are no package on the path
from ..slow import slowly_mounted  # noqa: TID252


@pytest.fixture
def engine() -> Mounted:
    return mounted(Kv2Backend, "kv/", options={"version": "2"})


async def put(engine: Mounted, path: str, data: Any, **options: Any) -> dict[str, Any]:
    return await engine.write(f"data/{path}", data=data, **({"options": options} if options else {}))


async def gone(engine: Mounted, path: str, **query: Any) -> dict[str, Any]:
    found = await engine.ask(Operation.READ, path, query)
    assert found is not None
    assert found.status == 404
    return dict(found.data or {})


async def test_a_write_and_a_read(engine: Mounted) -> None:
    now = clock.rfc3339(engine.system.at)
    about = {"created_time": now, "custom_metadata": None, "deletion_time": "", "destroyed": False, "version": 1}
    assert await put(engine, "a/b", {"x": {"y": None}}) == about
    assert await engine.read("data/a/b") == {"data": {"x": {"y": None}}, "metadata": about}
    await put(engine, "a/b", {"x": 2})
    assert (await engine.read("data/a/b"))["data"] == {"x": 2}
    assert (await engine.read("data/a/b", version="1"))["data"] == {"x": {"y": None}}
    assert (await engine.read("data/a/b", version=0))["metadata"]["version"] == 2
    for path, query in (("data/none", {}), ("data/a/b", {"version": 3}), ("data/a/b/", {}), ("data/", {})):
        with pytest.raises(NotFound):
            await engine.read(path, **query)
    with pytest.raises(BadRequest, match="version"):
        await engine.read("data/a/b", version="x")


async def test_check_and_set(engine: Mounted) -> None:
    await put(engine, "a", {}, cas=0)
    await put(engine, "a", {}, cas="1")
    for cas in (0, 1, 3, -1):
        with pytest.raises(BadRequest, match="check-and-set parameter did not match the current version"):
            await put(engine, "a", {}, cas=cas)
    for cas in ("x", 1.5, [], {}, True):
        with pytest.raises(BadRequest, match="error parsing check-and-set parameter"):
            await put(engine, "a", {}, cas=cas)
    await engine.delete("data/a")
    with pytest.raises(BadRequest, match="did not match"):
        await put(engine, "a", {}, cas=0)
    await engine.write("config", cas_required=True)
    with pytest.raises(BadRequest, match="check-and-set parameter required for this call"):
        await put(engine, "a", {})
    await put(engine, "a", {}, cas=2)


async def test_of_simultaneous_writers_one_wins() -> None:
    engine = slowly_mounted(Kv2Backend, "kv/")
    for cas in range(3):
        results = await asyncio.gather(
            *(put(engine, "a", {"writer": writer}, cas=cas) for writer in range(20)), return_exceptions=True
        )
        assert [result["version"] for result in results if isinstance(result, dict)] == [cas + 1]
        assert all(isinstance(result, dict | BadRequest) for result in results)


async def test_simultaneous_writers_without_it_make_a_version_each() -> None:
    engine = slowly_mounted(Kv2Backend, "kv/")
    await engine.write("config", max_versions=30)
    made = await asyncio.gather(*(put(engine, "a", {"writer": writer}) for writer in range(30)))
    assert sorted(one["version"] for one in made) == list(range(1, 31))
    values = [(await engine.read("data/a", version=version))["data"]["writer"] for version in range(1, 31)]
    assert sorted(values) == list(range(30))


async def test_readers_see_one_state_or_the_other() -> None:
    """While versions are written, pruned, destroyed and forgotten, a read is good, or there is nothing."""
    engine = slowly_mounted(Kv2Backend, "kv/")
    await engine.write("config", max_versions=1)

    async def write() -> None:
        for number in range(20):
            await put(engine, "a", {"number": number})
            await engine.write("destroy/a", versions=[number + 1])
            if number % 5 == 4:
                await engine.delete("metadata/a")

    async def read() -> None:
        for _ in range(100):
            try:
                found = await engine.ask(Operation.READ, "data/a", {})
            except NotFound:
                continue
            assert found is not None
            assert found.data is not None
            assert (found.data["data"] is None) == (found.status == 404)

    await asyncio.gather(write(), read(), read())


async def test_a_patch_merges(engine: Mounted) -> None:
    await put(engine, "a", {"keep": 1, "drop": 2, "deep": {"x": 1, "y": [1]}})
    await engine.patch("data/a", data={"drop": None, "deep": {"x": 2, "z": {"n": None}}}, options={"cas": 1})
    assert (await engine.read("data/a"))["data"] == {"keep": 1, "deep": {"x": 2, "y": [1], "z": {}}}
    with pytest.raises(BadRequest, match="did not match"):
        await engine.patch("data/a", data={}, options={"cas": 1})
    with pytest.raises(UnsupportedMediaType, match="provided application/json"):
        await engine.ask(Operation.PATCH, "data/a", {"data": {}}, content_type="application/json")
    for data in ({}, {"data": None}, {"data": "x"}, {"data": [1]}):
        with pytest.raises(BadRequest):
            await engine.patch("data/a", **data)
    with pytest.raises(NotFound):
        await engine.patch("data/none", data={})
    await engine.delete("data/a")
    found = await engine.ask(
        Operation.PATCH, "data/a", {"data": {}}, content_type="application/merge-patch+json; charset=utf-8"
    )
    assert found is not None
    assert (found.status, (found.data or {})["version"]) == (404, 2)


@pytest.mark.parametrize(
    ("wrap", "levels"), [(lambda inner: {"x": inner}, 1), (lambda inner: {"x": [inner]}, 2)], ids=["objects", "lists"]
)
async def test_a_document_nested_too_deeply_is_refused(engine: Mounted, wrap: Any, levels: int) -> None:
    deep: dict[str, Any] = {}
    for _ in range(198 // levels):
        deep = wrap(deep)
    await put(engine, "a", deep)
    await engine.patch("data/a", data=deep)
    assert orjson.dumps(await engine.read("data/a"))
    deep = wrap(wrap(deep))
    for ask in (put(engine, "a", deep), engine.patch("data/a", data=deep)):
        with pytest.raises(BadRequest, match="nested"):
            await ask


async def test_deleted_restored_destroyed(engine: Mounted) -> None:
    for number in (1, 2, 3):
        await put(engine, "a", {"number": number})
    await engine.delete("data/a")
    await engine.delete("data/none")
    found = await gone(engine, "data/a")
    assert found["data"] is None
    assert found["metadata"] == {
        "created_time": clock.rfc3339(engine.system.at),
        "custom_metadata": None,
        "deletion_time": clock.rfc3339(engine.system.at),
        "destroyed": False,
        "version": 3,
    }
    await engine.write("delete/a", versions=["1", 9])
    await gone(engine, "data/a", version=1)
    await engine.write("undelete/a", versions="1,3")
    assert (await engine.read("data/a"))["data"] == {"number": 3}
    await engine.write("destroy/a", versions=3)
    await engine.write("undelete/a", versions=[3])
    assert (await gone(engine, "data/a"))["metadata"]["destroyed"] is True
    assert await gone(engine, "subkeys/a") == {"subkeys": None, "metadata": (await gone(engine, "data/a"))["metadata"]}
    for route in ("delete", "undelete", "destroy"):
        await engine.write(f"{route}/none", versions=[1])
        for versions in (None, [], "", [None], ["x"], [1.5], {"a": 1}, True):
            with pytest.raises(BadRequest):
                await engine.write(f"{route}/a", versions=versions)


async def test_what_is_destroyed_leaves_no_bytes(engine: Mounted) -> None:
    for number in (1, 2, 3):
        await put(engine, "a", {"marker": f"marker-{number}"})
    await engine.write("destroy/a", versions=[2])
    assert await markers(engine) == {"marker-1", "marker-3"}
    await engine.write("metadata/a", max_versions=1)
    await put(engine, "a", {"marker": "marker-4"})
    assert await markers(engine) == {"marker-4"}
    await engine.delete("metadata/a")
    assert await engine.backend.view.keys() == []


async def markers(engine: Mounted) -> set[str]:
    found = b"".join([await engine.backend.view.get(key) or b"" for key in await engine.backend.view.keys()])
    return {f"marker-{number}" for number in range(1, 5) if b"marker-%d" % number in found}


async def test_many_versions_go_in_changes_that_every_storage_takes(engine: Mounted) -> None:
    await engine.write("config", max_versions=200)
    for number in range(180):
        await put(engine, "a", {"number": number})
    await engine.write("config", max_versions=2)
    await put(engine, "a", {"number": 180})
    assert set((await engine.read("metadata/a"))["versions"]) == {"180", "181"}
    assert len(await engine.backend.view.keys("versions/")) == 2


async def test_a_secret_made_anew_shares_nothing_with_the_old_one(engine: Mounted) -> None:
    await put(engine, "a", {"old": True})
    await engine.write("metadata/a", custom_metadata={"k": "v"})
    await engine.delete("metadata/a")
    assert (await put(engine, "a", {"new": True}, cas=0))["custom_metadata"] is None
    assert (await engine.read("data/a"))["data"] == {"new": True}


async def test_metadata(engine: Mounted) -> None:
    now = clock.rfc3339(engine.system.at)
    await engine.write(
        "metadata/a", max_versions="2", cas_required="true", delete_version_after="30m", custom_metadata={"k": 1}
    )
    assert await engine.read("metadata/a") == {
        "cas_required": True,
        "created_time": now,
        "current_metadata_version": 1,
        "current_version": 0,
        "custom_metadata": {"k": "1"},
        "delete_version_after": "30m0s",
        "max_versions": 2,
        "metadata_cas_required": False,
        "oldest_version": 0,
        "updated_time": now,
        "versions": {},
    }
    with pytest.raises(NotFound):
        await engine.read("data/a")
    for cas in range(3):
        await put(engine, "a", {"x": cas}, cas=cas)
    found = await engine.read("metadata/a")
    later = clock.rfc3339(engine.system.at + 1800)
    assert (found["current_version"], found["oldest_version"]) == (3, 2)
    assert found["versions"]["2"] == {"created_time": now, "deletion_time": later, "destroyed": False}
    await engine.patch("metadata/a", custom_metadata={"k2": "v"}, cas_required=None)
    await engine.patch("metadata/a", custom_metadata={"k": None})
    found = await engine.read("metadata/a")
    assert (found["custom_metadata"], found["cas_required"], found["max_versions"]) == ({"k2": "v"}, False, 2)
    await engine.patch("metadata/a", custom_metadata=None)
    assert (await engine.read("metadata/a"))["custom_metadata"] is None


async def test_metadata_that_is_refused(engine: Mounted) -> None:
    many = {f"k{number}": "v" for number in range(65)}
    for custom in (
        many,
        {"": "v"},
        {"k": ""},
        {"k": "v" * 513},
        {"k" * 129: "v"},
        {"k\0": "v"},
        {"k": "v\n"},
        {"k": {}},
        {"k": True},
        "x",
        [1],
    ):
        with pytest.raises(BadRequest, match="custom_metadata"):
            await engine.write("metadata/a", custom_metadata=custom)
    for field, value in (
        ("max_versions", -1),
        ("max_versions", "x"),
        ("max_versions", 1 << 32),
        ("cas_required", "x"),
        ("delete_version_after", "x"),
        ("delete_version_after", "-1s"),
    ):
        with pytest.raises(BadRequest, match=field):
            await engine.write("metadata/a", **{field: value})
    await engine.write("metadata/a")
    for ask in (engine.read("metadata/a"), engine.patch("metadata/a", max_versions=1), engine.names("metadata/")):
        with pytest.raises(NotFound):
            await ask
    with pytest.raises(UnsupportedMediaType):
        await engine.ask(Operation.PATCH, "metadata/a", {"max_versions": 1})
    await put(engine, "b", {})
    with pytest.raises(BadRequest, match="at most 64 keys, provided 65"):
        await engine.patch("metadata/b", custom_metadata=many)


async def test_metadata_checked_and_set(engine: Mounted) -> None:
    await engine.write("config", metadata_cas_required=True, cas_required=True)
    with pytest.raises(BadRequest, match="metadata check-and-set parameter required"):
        await engine.write("metadata/a", max_versions=4)
    await engine.write("metadata/a", max_versions=4, metadata_cas=0)
    with pytest.raises(BadRequest, match="metadata check-and-set parameter does not match"):
        await engine.patch("metadata/a", max_versions=4, metadata_cas=5)
    found = await engine.ask(Operation.UPDATE, "metadata/a", {"metadata_cas": 1, "cas_required": False})
    assert found is not None
    assert (found.status, found.warnings[0][:27]) == (200, '"cas_required" set to false')


async def test_the_configuration(engine: Mounted) -> None:
    usual = {"cas_required": False, "delete_version_after": "0s", "max_versions": 0, "metadata_cas_required": False}
    assert await engine.read("config") == usual
    await engine.write("config", max_versions=3, delete_version_after="1h30m")
    assert await engine.read("config") == {**usual, "max_versions": 3, "delete_version_after": "1h30m0s"}
    await engine.write("config", delete_version_after="-1s")
    assert (await engine.read("config"))["delete_version_after"] == "-1s"
    await engine.write("metadata/a", delete_version_after="2h")
    assert (await put(engine, "a", {}))["deletion_time"] == ""
    await engine.write("config", delete_version_after="1h", max_versions=0)
    assert (await put(engine, "a", {}))["deletion_time"] == clock.rfc3339(engine.system.at + 3600)
    for number in range(12):
        await put(engine, "b", {"number": number})
    assert len((await engine.read("metadata/b"))["versions"]) == 10


async def test_versions_end_by_themselves(engine: Mounted) -> None:
    await engine.write("metadata/a", delete_version_after=60)
    await put(engine, "a", {"x": 1})
    engine.system.at += 59
    assert (await engine.read("data/a"))["data"] == {"x": 1}
    engine.system.at += 1
    assert (await gone(engine, "data/a"))["data"] is None
    await engine.write("undelete/a", versions=[1])
    assert (await engine.read("data/a"))["data"] == {"x": 1}


async def test_subkeys(engine: Mounted) -> None:
    await put(engine, "a", {"a": {"b": {"c": 1}, "e": {}}, "l": [1], "n": None})
    all_keys = {"a": {"b": {"c": None}, "e": None}, "l": None, "n": None}
    assert (await engine.read("subkeys/a"))["subkeys"] == all_keys
    assert (await engine.read("subkeys/a", version=1, depth=9))["subkeys"] == all_keys
    assert (await engine.read("subkeys/a", depth="1"))["subkeys"] == {"a": None, "l": None, "n": None}
    assert (await engine.read("subkeys/a", depth=2))["subkeys"]["a"] == {"b": None, "e": None}
    with pytest.raises(NotFound):
        await engine.read("subkeys/none")


@pytest.mark.parametrize(
    ("operation", "path", "command"),
    [
        (Operation.READ, "foo", "get"),
        (Operation.LIST, "", "list"),
        (Operation.UPDATE, "foo/bar", "put"),
        (Operation.DELETE, "foo", "delete"),
    ],
)
async def test_a_path_of_version_1(engine: Mounted, operation: Operation, path: str, command: str) -> None:
    found = await engine.ask(operation, path, {})
    assert isinstance(found, Response)
    assert found.status == 404
    assert found.data is None
    assert found.warnings == [
        "Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use. "
        f"If using the OpenBao CLI, use 'bao kv {command}' for this operation."
    ]


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        (Operation.LIST, "data/a"),
        (Operation.READ, "delete/a"),
        (Operation.UPDATE, "subkeys/a"),
        (Operation.DELETE, "config"),
        (Operation.PATCH, "destroy/a"),
    ],
)
async def test_operations_that_a_route_does_not_know(engine: Mounted, operation: Operation, path: str) -> None:
    with pytest.raises(UnsupportedOperation):
        await engine.ask(operation, path, {})


@pytest.mark.parametrize("path", ["a/", "../a", "a/../b", "a//b", "a/./b", "..", "a\x7f", "x" * 701])
async def test_paths_that_are_none(engine: Mounted, path: str) -> None:
    for route in ("data", "metadata", "delete", "destroy"):
        with pytest.raises(BadRequest):
            await engine.write(f"{route}/{path}", data={}, versions=[1], max_versions=1)
    for data in ({}, {"data": None}, {"data": "x"}, {"data": {}, "options": "x"}):
        with pytest.raises(BadRequest):
            await engine.write("data/a", **data)


async def test_odd_paths_that_are_some(engine: Mounted) -> None:
    for path in ("a..b", "...", "a b?c", "é/ü", "a%2fb", ".a", "-"):
        await put(engine, path, {"path": path})
        assert (await engine.read(f"data/{path}"))["data"] == {"path": path}


async def test_a_write_is_a_creation_where_nothing_is(engine: Mounted) -> None:
    async def there(path: str) -> bool:
        return await engine.backend.exists(Request("id", Operation.UPDATE, f"data/{path}"))

    assert not await there("a")
    await put(engine, "a", {})
    assert await there("a")
    await engine.delete("metadata/a")
    assert not await there("a")


@pytest.mark.parametrize("made", [True, False])
async def test_after_a_failed_write_the_storage_decides(
    engine: Mounted, monkeypatch: pytest.MonkeyPatch, made: bool
) -> None:
    await put(engine, "a", {"x": 1})
    apply = engine.backend.view.apply

    async def break_off(changes: Any) -> None:
        if made:
            await apply(changes)
        raise StorageFailed("the connection broke")

    monkeypatch.setattr(engine.backend.view, "apply", break_off)
    with pytest.raises(StorageFailed):
        await put(engine, "a", {"x": 2})
    monkeypatch.undo()
    assert (await engine.read("data/a"))["data"] == {"x": 2 if made else 1}
    assert (await put(engine, "a", {}))["version"] == (3 if made else 2)


async def test_nothing_is_held_after_a_stop(engine: Mounted) -> None:
    await put(engine, "a", {"x": 1})
    await engine.backend.stop()
    await engine.backend.view.clear()
    with pytest.raises(NotFound):
        await engine.read("data/a")
