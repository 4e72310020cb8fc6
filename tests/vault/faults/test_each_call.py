"""The storage fails in each call that a request makes: an error, nothing changed, and it works when asked again."""

from collections.abc import Mapping

import orjson
from tests.vault.http.live import MOUNTS, Live

from stratumiops.vault.barrier.paths import GENERATION
from stratumiops.vault.config import parse
from stratumiops.vault.errors import OutcomeUnknown, StorageFailed
from stratumiops.vault.storage.memory import MemoryStorage

FULL = "the storage cannot be written: database or disk is full"
UNCACHED = parse({"storage": {"cache_bytes": 0}})
INIT = {"secret_shares": 1, "secret_threshold": 1}
CA = {"common_name": "r", "key_type": "ec", "ttl": "87600h"}
RULES = 'path "a" { capabilities = ["read"] }'
CALLS: list[tuple[str, str, object]] = [
    ("POST", "kv1/a", {"v": "1"}),
    ("GET", "kv1/a", None),
    ("LIST", "kv1/", None),
    ("DELETE", "kv1/a", None),
    ("POST", "kv2/config", {"max_versions": 3}),
    ("POST", "kv2/data/a", {"data": {"v": "1"}}),
    ("POST", "kv2/data/a", {"data": {"v": "2"}}),
    ("GET", "kv2/data/a", None),
    ("PATCH", "kv2/data/a", {"data": {"w": "2"}}),
    ("DELETE", "kv2/data/a", None),
    ("POST", "kv2/undelete/a", {"versions": [3]}),
    ("POST", "kv2/destroy/a", {"versions": [1]}),
    ("POST", "kv2/metadata/a", {"custom_metadata": {"k": "v"}}),
    ("LIST", "kv2/metadata/", None),
    ("DELETE", "kv2/metadata/a", None),
    ("POST", "transit/keys/k", {}),
    ("POST", "transit/keys/k/rotate", None),
    ("POST", "transit/keys/k/config", {"deletion_allowed": True}),
    ("DELETE", "transit/keys/k", None),
    ("POST", "pki/root/generate/internal", CA),
    ("POST", "pki/roles/web", {"allow_any_name": True, "generate_lease": True, "key_type": "ec", "ttl": "1h"}),
    ("POST", "pki/issue/web", {"common_name": "a.example.org"}),
    ("POST", "auth/token/create", {"policies": ["default"], "ttl": "1h"}),
    ("POST", "auth/token/roles/r", {}),
    ("DELETE", "auth/token/roles/r", None),
    ("POST", "auth/approle/role/r", {"token_policies": ["default"]}),
    ("POST", "auth/approle/role/r/secret-id", {}),
    ("DELETE", "auth/approle/role/r", None),
    ("POST", "auth/userpass/users/u", {"password": "p"}),
    ("POST", "auth/userpass/login/u", {"password": "p"}),
    ("DELETE", "auth/userpass/users/u", None),
    ("PUT", "sys/policies/acl/p", {"policy": RULES}),
    ("DELETE", "sys/policies/acl/p", None),
    ("PUT", "sys/policies/cedar/c", {"policy": "permit(principal, action, resource);"}),
    ("DELETE", "sys/policies/cedar/c", None),
    ("POST", "sys/mounts/m", {"type": "kv"}),
    ("POST", "sys/mounts/m/tune", {"default_lease_ttl": "1h"}),
    ("POST", "sys/remount", {"from": "m", "to": "n"}),
    ("DELETE", "sys/mounts/n", None),
    ("POST", "sys/auth/x", {"type": "userpass"}),
    ("DELETE", "sys/auth/x", None),
    ("POST", "sys/namespaces/team", None),
    ("DELETE", "sys/namespaces/team", None),
    ("POST", "sys/quotas/rate-limit/q", {"rate": 1000}),
    ("DELETE", "sys/quotas/rate-limit/q", None),
    ("POST", "cubbyhole/a", {"v": "1"}),
    ("DELETE", "cubbyhole/a", None),
    ("PUT", "sys/rotate", None),
    ("POST", "sys/leases/revoke-prefix/pki", {"sync": True}),
]
IN_STEPS = {
    "auth/approle/role/r", "sys/namespaces/team", "sys/leases/revoke-prefix/pki", "pki/issue/web", "sys/mounts/n",
    "sys/auth/x",
}  # fmt: skip
"""They write more than once; the rest is done when they are asked again. A certificate without its lease is revoked."""


class Faulty(MemoryStorage):
    """A storage that fails once, at the `left`-th call from now on. A `mute` one does it, but does not say so."""

    def __init__(self, *, mute: bool = False) -> None:
        super().__init__()
        self.mute = mute
        self.left = 0
        self.failed = False

    def fail(self, at: int) -> None:
        self.left, self.failed = at, False

    @property
    def kept(self) -> dict[str, bytes]:
        return {key: value for key, value in self._values.items() if key != GENERATION}

    async def get(self, key: str) -> bytes | None:
        self._read()
        return await super().get(key)

    async def apply(self, changes: Mapping[str, bytes | None]) -> None:
        due = self._due()
        if not due or self.mute:
            await super().apply(changes)
        if due:
            raise OutcomeUnknown(FULL) if self.mute else StorageFailed(FULL)

    async def names(self, prefix: str, after: str = "", limit: int = 0) -> list[str]:
        self._read()
        return await super().names(prefix, after, limit)

    def _read(self) -> None:
        if not self.mute and self._due():
            raise StorageFailed(FULL)

    def _due(self) -> bool:
        self.left -= 1
        self.failed |= self.left == 0
        return self.left == 0


async def uncached() -> tuple[Live, Faulty]:
    storage = Faulty()
    live = Live(storage, UNCACHED)
    await live.begin()
    return live, storage


async def test_a_request() -> None:
    live, storage = await uncached()
    failures = 0
    for method, path, body in CALLS:
        for number in range(1, 100):
            before = storage.kept
            storage.fail(number)
            found = await live.ask(method, path, body)
            if not storage.failed:
                assert found.status in (200, 204), (method, path, found.body)
                break
            failures += 1
            assert found.status == 500, (method, path, number, found.status)
            assert orjson.loads(found.body).keys() == {"errors"}
            assert FULL in found.body.decode()
            assert path in IN_STEPS or storage.kept == before, (method, path, number)
    assert failures > len(CALLS)
    await live.core.stop()


MADE: list[tuple[str, str, object]] = [
    ("POST", "sys/mounts/{}", {"type": "kv"}),
    ("POST", "sys/auth/{}", {"type": "userpass"}),
    ("PUT", "sys/policies/acl/{}", {"policy": RULES}),
    ("POST", "sys/namespaces/t{}", None),
    ("POST", "transit/keys/{}", {}),
    ("POST", "auth/approle/role/{}", {}),
]
SHOWN = [
    ("GET", "sys/mounts"), ("GET", "sys/auth"), ("LIST", "sys/policies/acl"), ("LIST", "sys/namespaces"),
    ("LIST", "transit/keys"), ("LIST", "auth/approle/role"), ("GET", "auth/approle/role/n0/role-id"),
    ("GET", "tn0/sys/mounts"), ("GET", "tn2/sys/mounts"),
]  # fmt: skip


async def shown(live: Live) -> list[object]:
    answers = [await live.ask(method, path) for method, path in SHOWN]
    assert {answer.status for answer in answers} == {200}, [answer.body for answer in answers]
    return [orjson.loads(answer.body)["data"] for answer in answers]


async def test_a_write_whose_answer_was_lost() -> None:
    """Asked again it is done once; what the server says then is what it says after a restart."""
    storage = Faulty(mute=True)
    live = Live(storage, UNCACHED)
    made = orjson.loads((await live.ask("PUT", "sys/init", INIT, token="")).body)
    live.root = made["root_token"]
    key = {"key": made["keys"][0]}
    await live.ask("PUT", "sys/unseal", key, token="")
    for path, body in MOUNTS.items():
        assert (await live.ask("POST", f"sys/{path}", body)).status == 204
    for method, path, body in MADE:
        for number in range(1, 9):
            storage.fail(number)
            found = await live.ask(method, path.format(f"n{number - 1}"), body)
            if storage.failed:
                assert found.status == 500, (path, number, found.body)
                found = await live.ask(method, path.format(f"n{number - 1}"), body)
            assert found.status in (200, 204), (path, number, found.body)
    said = await shown(live)
    after = Live(storage, UNCACHED)
    after.root = live.root
    await after.core.start()
    assert (await after.ask("PUT", "sys/unseal", key, token="")).status == 200
    assert await shown(after) == said
    for one in (live, after):
        await one.core.stop()


async def test_init() -> None:
    for number in range(1, 100):
        storage = Faulty()
        live = Live(storage, UNCACHED)
        storage.fail(number)
        found = await live.ask("PUT", "sys/init", INIT, token="")
        failed = storage.failed
        storage.fail(0)
        if found.status != 200:
            assert (failed, found.status) == (True, 500)
            assert (await live.ask("GET", "sys/init", token="")).body == b'{"initialized":false}\n'
            found = await live.ask("PUT", "sys/init", INIT, token="")
        share = orjson.loads(found.body)["keys"][0]
        opened = await live.ask("PUT", "sys/unseal", {"key": share}, token="")
        assert orjson.loads(opened.body)["sealed"] is False
        await live.core.stop()
        if not failed:
            return
    raise AssertionError


async def test_unseal() -> None:
    storage = Faulty()
    live = Live(storage, UNCACHED)
    made = orjson.loads((await live.ask("PUT", "sys/init", INIT, token="")).body)
    for number in range(1, 100):
        storage.fail(number)
        found = await live.ask("PUT", "sys/unseal", {"key": made["keys"][0]}, token="")
        storage.fail(0)
        if found.status == 200:
            break
        assert (number, found.status) == (number, 500)
        assert (await live.ask("GET", "sys/health")).status == 503
    assert number > 5
    assert (await live.ask("GET", "auth/token/lookup-self", token=made["root_token"])).status == 200
    await live.core.stop()
