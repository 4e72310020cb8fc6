"""Mounts and namespaces go as a whole, whatever happens at the same time or in the middle."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from stratumiops.vault.config import Config
from stratumiops.vault.core.core import Core
from stratumiops.vault.crypto.backends import crypto
from stratumiops.vault.errors import StorageFailed
from stratumiops.vault.fields import Fields
from stratumiops.vault.storage.memory import MemoryStorage

from .live import Live

NAMESPACE = "team/"


class Stopping(MemoryStorage):
    """A storage that drops nothing of any mount once it is told so, as when the process ends there. When `holds` is
    set, what changes something in whose key it is waits until `goes_on`."""

    stops = False
    holds = ""

    def __init__(self) -> None:
        super().__init__()
        self.is_held, self.goes_on = asyncio.Event(), asyncio.Event()

    async def apply(self, changes: Mapping[str, bytes | None]) -> None:
        if self.holds and any(self.holds in key for key in changes):
            self.is_held.set()
            await self.goes_on.wait()
        await asyncio.sleep(0)
        if self.stops and any(value is None and key.startswith("logical/") for key, value in changes.items()):
            raise StorageFailed("the process ends here")
        await super().apply(changes)
        await asyncio.sleep(0)


class Running(Live):
    """A core over such a storage."""

    def __init__(self, storage: Stopping) -> None:
        super().__init__()
        self.storage = storage
        self.core = Core(Config(), storage, crypto("openssl"))
        self.share = ""

    async def begin(self) -> None:
        await self.core.start()
        made = await self.core.seal.init(Fields({"secret_shares": 1, "secret_threshold": 1}))
        self.share, self.root = made["keys"][0], made["root_token"]
        await self.unseal()

    async def unseal(self) -> None:
        await self.core.seal.unseal(Fields({"key": self.share}))
        await self.core.start()

    async def restarted(self) -> "Running":
        await self.core.stop()
        self.storage.stops = False
        again = Running(self.storage)
        again.share, again.root = self.share, self.root
        await again.unseal()
        return again

    def of_tokens(self) -> set[str]:
        """The keys of tokens, and of what they have put away."""
        return {key for key in self.storage._values if "/token/" in key or key.startswith("logical/")}

    def mounts_stored(self) -> set[str]:
        """Of how many mounts there is anything."""
        return {key.split("/")[1] for key in self.storage._values if key.startswith("logical/")}


async def _running() -> Running:
    live = Running(Stopping())
    await live.begin()
    return live


@pytest.mark.parametrize("namespace", ["", NAMESPACE], ids=["a mount", "a namespace"])
async def test_what_a_crash_left_is_cleared(namespace: str) -> None:
    live = await _running()
    if namespace:
        await live.ask("POST", "sys/namespaces/team")
    before = live.mounts_stored()
    await live.ask("POST", f"{namespace}sys/mounts/kv", {"type": "kv"})
    for number in range(5):
        await live.ask("POST", f"{namespace}kv/{number}", {"v": "old"})
    live.storage.stops = True
    removed = "sys/namespaces/team" if namespace else "sys/mounts/kv"
    assert (await live.ask("DELETE", removed)).status == 500
    assert (await live.ask("GET", f"{namespace}kv/1")).status == 404
    again = await live.restarted()
    assert (await again.ask("GET", f"{namespace}kv/1")).status == 404
    if namespace:
        assert (await again.ask("LIST", "sys/namespaces")).status == 404
        assert (await again.ask("POST", "sys/namespaces/team")).status == 200
    assert (await again.ask("POST", f"{namespace}sys/mounts/kv", {"type": "kv"})).status == 204
    assert (await again.ask("GET", f"{namespace}kv/1")).status == 404
    async with asyncio.timeout(20):
        while again.mounts_stored() > before:
            await asyncio.sleep(0)
    assert again.mounts_stored() <= before
    await again.core.stop()


async def _others_run() -> None:
    for _ in range(500):
        await asyncio.sleep(0)


async def test_a_namespace_is_not_made_in_one_that_goes() -> None:
    live = await _running()
    await live.ask("POST", "sys/namespaces/team")
    await live.ask("POST", "team/sys/mounts/kv", {"type": "kv"})
    await live.ask("POST", "team/kv/a", {"v": "b"})
    live.storage.holds = "logical/"
    going = asyncio.create_task(live.ask("DELETE", "sys/namespaces/team"))
    await live.storage.is_held.wait()
    making = asyncio.create_task(live.ask("POST", "team/sys/namespaces/inner"))
    await _others_run()
    live.storage.goes_on.set()
    assert ((await going).status, (await making).status) == (204, 404)
    assert [namespace.path for namespace in live.core.mounting.namespaces] == [""]
    await live.core.stop()


async def test_a_namespace_in_which_another_is_being_made_is_not_removed() -> None:
    for place in ("team/sys/namespaces/inner", "sys/namespaces/team/inner"):
        live = await _running()
        await live.ask("POST", "sys/namespaces/team")
        live.storage.holds = "core/namespaces/"
        making = asyncio.create_task(live.ask("POST", place))
        await live.storage.is_held.wait()
        going = asyncio.create_task(live.ask("DELETE", "sys/namespaces/team"))
        await _others_run()
        live.storage.goes_on.set()
        async with asyncio.timeout(10):
            assert ((await making).status, (await going).status) == (200, 400)
        left = [namespace.path for namespace in live.core.mounting.namespaces]
        assert left == ["", "team/", "team/inner/"]
        await live.core.stop()


async def test_a_namespace_that_is_removed_twice_at_once_is_gone() -> None:
    live = await _running()
    await live.ask("POST", "sys/namespaces/team")
    both = await asyncio.gather(*(live.ask("DELETE", "sys/namespaces/team") for _ in range(2)))
    assert [reply.status for reply in both] == [204, 204]
    assert [namespace.path for namespace in live.core.mounting.namespaces] == [""]
    await live.core.stop()


async def test_a_secret_id_is_used_once_though_its_method_is_tuned_in_the_middle() -> None:
    live = await _running()
    await live.ask("POST", "sys/auth/approle", {"type": "approle"})
    await live.ask("POST", "auth/approle/role/app", {"secret_id_num_uses": 1})
    given = {
        "role_id": (await live.data("GET", "auth/approle/role/app/role-id"))["role_id"],
        "secret_id": (await live.data("POST", "auth/approle/role/app/secret-id", {}))["secret_id"],
    }
    live.storage.holds = "/secret-ids/"
    first = asyncio.create_task(live.ask("POST", "auth/approle/login", given, token=""))
    await live.storage.is_held.wait()
    tuning = asyncio.create_task(live.ask("POST", "sys/auth/approle/tune", {"description": "new"}))
    await _others_run()
    second = asyncio.create_task(live.ask("POST", "auth/approle/login", given, token=""))
    await _others_run()
    live.storage.goes_on.set()
    assert ((await first).status, (await tuning).status, (await second).status) == (200, 204, 400)
    await live.core.stop()


async def test_a_token_spent_on_a_request_that_could_not_be_put_on_record_is_ended(tmp_path: Path) -> None:
    live = await _running()
    before = live.of_tokens()
    made = await live.ask("POST", "auth/token/create", {"policies": ["default"], "num_uses": 2})
    token = live.decoded(made)["auth"]["client_token"]
    assert (await live.ask("POST", "cubbyhole/mine", {"a": "b"}, token=token)).status == 204
    options = {"address": str(tmp_path / "peer"), "socket_type": "unix"}
    peer = await asyncio.start_unix_server(lambda _, writer: writers.append(writer), options["address"])
    writers: list[asyncio.StreamWriter] = []
    assert (await live.ask("PUT", "sys/audit/peer", {"type": "socket", "options": options})).status == 204
    peer.close()
    for writer in writers:
        writer.transport.abort()
    async with asyncio.timeout(20):
        while (await live.ask("GET", "sys/mounts")).status == 200:
            await asyncio.sleep(0)
    assert (await live.ask("GET", "cubbyhole/mine", token=token)).status == 500
    async with asyncio.timeout(20):
        while live.of_tokens() != before:
            await asyncio.sleep(0)
    await live.core.stop()
