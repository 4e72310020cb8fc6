"""The same requests to KV of ours and of OpenBao: the same statuses, texts and data."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from stratumiops.vault.engines.kv1 import Kv1Backend
from stratumiops.vault.engines.kv2.backend import Kv2Backend

from ..mounted import mounted  # noqa: TID252 - tests are no package on the path
from ..openbao import Both, openbao  # noqa: TID252

Step = tuple[str, str] | tuple[str, str, dict[str, Any]]

VERSION_1: list[Step] = [
    ("LIST", ""), ("GET", "a"), ("POST", "a"), ("POST", "a", {"x": 1, "y": {"z": [None]}}), ("GET", "a"),
    ("POST", "a/b/c", {"x": 1}), ("POST", "a", {"y": 2}), ("GET", "a"), ("LIST", ""), ("LIST", "a"), ("LIST", "a/"),
    ("LIST", "a/b/c"), ("GET", "a/"), ("POST", "a/", {"x": 1}), ("DELETE", "a"), ("DELETE", "a"), ("GET", "a"),
    ("LIST", ""),
]  # fmt: skip
VALUES: list[Step] = [
    ("LIST", "metadata/"), ("GET", "config"), ("GET", "data/a"), ("DELETE", "data/a"), ("POST", "data/a"),
    ("POST", "data/a", {"data": {"x": 1, "deep": {"y": [1, None]}}}), ("GET", "data/a"), ("GET", "metadata/a"),
    ("POST", "data/a", {"data": {"x": 2}, "options": {"cas": 0}}),
    ("POST", "data/a", {"data": {}, "options": {"cas": 1}}),
    ("POST", "data/a", {"data": {"x": 3}, "options": {"cas": "2"}}),
    ("POST", "data/a", {"data": {}, "options": {"cas": -1}}),
    ("POST", "data/a", {"data": {}, "options": {"cas": "x"}}),
    ("POST", "data/a", {"data": {}, "options": {"cas": 1.5}}),
    ("POST", "data/a", {"data": {}, "options": {"cas": None}}), ("GET", "data/a", {"version": 1}),
    ("GET", "data/a", {"version": 0}), ("GET", "data/a", {"version": -1}), ("GET", "data/a", {"version": 9}),
    ("PATCH", "data/a", {"data": {"x": None, "new": {"k": 1}}}), ("GET", "data/a"),
    ("PATCH", "data/none", {"data": {}}),
    ("PATCH", "data/a", {"data": {"new": {"k": None}}, "options": {"cas": 4}}), ("GET", "data/a"),
    ("PATCH", "data/a"),
    ("PATCH", "data/a", {"data": {}, "options": {"cas": 1}}), ("GET", "subkeys/a"),
    ("GET", "subkeys/a", {"version": 1}),
    ("GET", "subkeys/a", {"depth": 1, "version": 1}), ("GET", "subkeys/a", {"depth": 2, "version": 1}),
    ("GET", "subkeys/none"), ("DELETE", "data/a"), ("GET", "data/a"), ("GET", "subkeys/a"),
    ("PATCH", "data/a", {"data": {}}),
    ("POST", "data/a", {"data": {}, "options": {"cas": 0}}), ("POST", "undelete/a", {"versions": [5]}),
    ("GET", "data/a"),
    ("POST", "delete/a", {"versions": ["1", 2, 99]}), ("GET", "data/a", {"version": 1}), ("GET", "metadata/a"),
    ("POST", "destroy/a", {"versions": "1,3"}), ("GET", "data/a", {"version": 3}),
    ("POST", "undelete/a", {"versions": [1, 3]}),
    ("GET", "metadata/a"), ("POST", "delete/a"), ("POST", "undelete/a", {"versions": []}),
    ("POST", "delete/none", {"versions": [1]}),
    ("POST", "destroy/none", {"versions": [1]}), ("POST", "delete/a/", {"versions": [1]}), ("DELETE", "metadata/a"),
    ("GET", "metadata/a"), ("GET", "data/a"), ("DELETE", "metadata/none"), ("LIST", "metadata/"),
]  # fmt: skip
ABOUT: list[Step] = [
    ("POST", "config", {"max_versions": 3, "delete_version_after": "1h30m"}), ("GET", "config"),
    ("POST", "config", {"max_versions": 0, "delete_version_after": "-1s"}), ("GET", "config"), ("POST", "config"),
    ("POST", "config", {"delete_version_after": "0s"}),
    ("POST", "metadata/m", {"max_versions": 2, "cas_required": True, "delete_version_after": "30m"}),
    ("POST", "metadata/m", {"custom_metadata": {"k": "v"}}),
    ("GET", "metadata/m"), ("GET", "data/m"), ("POST", "data/m", {"data": {}}),
    ("POST", "data/m", {"data": {}, "options": {"cas": 0}}),
    ("POST", "data/m", {"data": {}, "options": {"cas": 1}}), ("POST", "data/m", {"data": {}, "options": {"cas": 2}}),
    ("GET", "metadata/m"), ("GET", "data/m", {"version": 1}),
    ("POST", "metadata/m", {"custom_metadata": {"other": 1}}),
    ("GET", "metadata/m"),
    ("PATCH", "metadata/m", {"custom_metadata": {"k": "new", "other": None}, "cas_required": False}),
    ("GET", "metadata/m"), ("PATCH", "metadata/m", {"max_versions": None}),
    ("PATCH", "metadata/m", {"custom_metadata": None}),
    ("GET", "metadata/m"), ("PATCH", "metadata/none", {"max_versions": 1}), ("POST", "metadata/empty"),
    ("GET", "metadata/empty"),
    ("POST", "metadata/m/", {"max_versions": 1}),
    ("POST", "config", {"cas_required": True, "metadata_cas_required": True}),
    ("POST", "metadata/z", {"max_versions": 1}), ("POST", "metadata/z", {"max_versions": 1, "metadata_cas": 0}),
    ("POST", "metadata/z", {"max_versions": 1, "metadata_cas": 5}),
    ("POST", "metadata/z", {"cas_required": False, "metadata_cas": 1}),
    ("GET", "metadata/z"), ("POST", "data/z", {"data": {}}), ("LIST", "metadata/"),
    ("LIST", "metadata/", {"after": "m"}),
    ("LIST", "detailed-metadata/", {"limit": 1}), ("LIST", "metadata/none"),
]  # fmt: skip
MISLED: list[Step] = [
    ("GET", "foo"), ("POST", "foo/bar", {"x": 1}), ("DELETE", "foo"), ("LIST", "foo"), ("GET", "data"),
    ("POST", "data"),
    ("GET", "data/"), ("POST", "data/", {"data": {}}), ("DELETE", "data/"), ("GET", "config/x"),
]  # fmt: skip
WRONG: list[Step] = [
    ("POST", "config", {"max_versions": "x"}), ("POST", "config", {"cas_required": "x"}),
    ("POST", "config", {"delete_version_after": "x"}),
    ("POST", "data/a", {"data": "x"}), ("POST", "data/a", {"data": {}, "options": "x"}),
    ("GET", "data/a", {"version": "x"}),
    ("POST", "delete/a", {"versions": ["x"]}), ("POST", "delete/a", {"versions": [1.5]}),
    ("POST", "delete/a", {"versions": {"a": 1}}),
    ("POST", "metadata/a", {"custom_metadata": "x"}), ("POST", "metadata/a", {"custom_metadata": {"k": {}}}),
    ("POST", "metadata/a", {"custom_metadata": {"": "v"}}), ("POST", "metadata/a", {"custom_metadata": {"k": ""}}),
    ("POST", "metadata/a", {"custom_metadata": {"k": "v" * 513}}),
    ("POST", "metadata/a", {"custom_metadata": {"k" * 129: "v"}}),
    ("POST", "metadata/a", {"custom_metadata": {"k": "v\n"}}),
    ("POST", "metadata/a", {"custom_metadata": {str(n): "v" for n in range(65)}}),
    ("POST", "metadata/a", {"max_versions": "x"}), ("POST", "metadata/a", {"delete_version_after": "-1s"}),
    ("LIST", "data/a"), ("GET", "delete/a"), ("POST", "subkeys/a"), ("DELETE", "config"),
]  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with openbao(tmp_path_factory.mktemp("openbao")) as client:
        yield client


@pytest.fixture
def mount(server: httpx.Client, request: pytest.FixtureRequest) -> Iterator[str]:
    version = "1" if "version_1" in request.node.name else "2"
    server.post("sys/mounts/tested", json={"type": "kv", "options": {"version": version}})
    while server.get("tested/config").status_code == 400:  # it is being upgraded
        continue
    yield "tested"
    server.delete("sys/mounts/tested")


async def compare(both: Both, steps: list[Step], *, texts: bool) -> None:
    for step in steps:
        ours, theirs = await both.see(*step)
        assert (step, ours if texts else ours[0]) == (step, theirs if texts else theirs[0])


async def test_version_1(server: httpx.Client, mount: str) -> None:
    await compare(Both(mounted(Kv1Backend, "kv/"), server, mount), VERSION_1, texts=True)


@pytest.mark.parametrize("steps", [VALUES, ABOUT, MISLED], ids=["values", "about", "misled"])
async def test_version_2(server: httpx.Client, mount: str, steps: list[Step]) -> None:
    await compare(Both(mounted(Kv2Backend, "kv/"), server, mount), steps, texts=True)


async def test_version_2_with_wrong_values(server: httpx.Client, mount: str) -> None:
    """The texts of Go's decoders differ; the statuses do not."""
    both = Both(mounted(Kv2Backend, "kv/"), server, mount)
    await both.see("POST", "data/a", {"data": {"x": 1}})
    await compare(both, WRONG, texts=False)
