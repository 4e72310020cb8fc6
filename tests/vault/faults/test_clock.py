"""The machine's clock is set forward and back: what has ended stays ended, what lives goes on to its end."""

from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from stratumiops.vault import clock

from ..http.live import Live  # noqa: TID252 - a core with all mounts, for all tests of the vault

HOUR_S = 3_600.0
DAY_S = 24 * HOUR_S


@dataclass
class Machine:
    """Its clocks, as the module `time` tells them."""

    wall: float = 1_800_000_000.0
    ticks: float = 1_000.0

    def time(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.ticks

    def goes_on(self, seconds: float) -> None:
        self.wall += seconds
        self.ticks += seconds


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(clock, "time", made)
    monkeypatch.setattr(clock, "now", clock.SteadyClock().now)
    return made


@pytest.fixture
async def live(machine: Machine) -> Live:
    made = Live()
    await made.begin()
    return made


async def data(live: Live, method: str, path: str, body: object = None, token: str | None = None) -> dict[str, Any]:
    reply = await live.ask(method, path, body, token)
    assert reply.status in (200, 204), (path, reply)
    return dict(orjson.loads(reply.body)) if reply.body else {}


async def token(live: Live, **fields: Any) -> str:
    made = await data(live, "POST", "auth/token/create", {"policies": ["default"], **fields})
    return str(made["auth"]["client_token"])


async def lives(live: Live, client_token: str) -> bool:
    status = (await live.ask("GET", "auth/token/lookup-self", token=client_token)).status
    assert status in (200, 403)
    return status == 200


async def lease(live: Live) -> str:
    """The lease of a certificate, of an hour."""
    await data(live, "POST", "pki/root/generate/internal", {"common_name": "r", "key_type": "ec", "ttl": "9000h"})
    role = {"allow_any_name": True, "key_type": "ec", "generate_lease": True, "ttl": "1h"}
    await data(live, "POST", "pki/roles/r", role)
    return str((await data(live, "POST", "pki/issue/r", {"common_name": "a"}))["lease_id"])


@pytest.mark.parametrize("worked", [False, True], ids=["before the worker looks", "after the worker looked"])
async def test_what_has_ended_stays_ended(machine: Machine, live: Live, worked: bool) -> None:
    given = await lease(live)
    tokens = [await token(live, ttl="1h"), await token(live, ttl="1h", type="batch"), await token(live, period="1h")]
    await data(live, "POST", "auth/approle/role/app", {"token_policies": "default", "secret_id_ttl": "1h"})
    role_id = (await data(live, "GET", "auth/approle/role/app/role-id"))["data"]["role_id"]
    secret_id = (await data(live, "POST", "auth/approle/role/app/secret-id"))["data"]["secret_id"]
    login = {"role_id": role_id, "secret_id": secret_id}
    logged_in = (await data(live, "POST", "auth/approle/login", login))["auth"]["client_token"]
    assert all([await lives(live, one) for one in [*tokens, logged_in]])
    machine.goes_on(1)

    machine.wall += 2 * HOUR_S
    assert not any([await lives(live, one) for one in tokens])
    if worked:
        await live.core.worker.expire_due()
    machine.wall -= 2 * HOUR_S
    machine.ticks += 1
    assert not any([await lives(live, one) for one in tokens])
    assert (await live.ask("POST", "auth/approle/login", login)).status == 400
    await live.core.worker.expire_due()
    assert (await live.ask("PUT", "sys/leases/lookup", {"lease_id": given})).status == 400
    assert await lives(live, live.root)


async def test_what_lives_ends_though_the_clock_was_set_back(machine: Machine, live: Live) -> None:
    living = [await token(live, ttl="60s"), await token(live, ttl="60s", type="batch")]
    machine.wall -= DAY_S
    made = await token(live, ttl="60s")
    assert all([await lives(live, one) for one in [*living, made]])
    for _ in range(100):  # at half the pace
        machine.goes_on(1)
        assert all([await lives(live, one) for one in [*living, made]])
    machine.goes_on(21)
    assert not any([await lives(live, one) for one in [*living, made]])


async def test_time_never_goes_back_and_catches_up(machine: Machine) -> None:
    steady = clock.SteadyClock()
    told = [steady.now()]
    for jump in (0.0, -10.0, -3_000.0, 5.0, -0.5, 0.0, 4_000.0, -1.0):
        machine.wall += jump
        for _ in range(10):
            machine.goes_on(0.25)
            told.append(steady.now())
    assert told == sorted(told)
    assert len(set(told)) == len(told)
    machine.goes_on(10)
    assert steady.now() == machine.wall


@pytest.mark.parametrize("jump", [-1_799_999_000.0, -DAY_S, DAY_S, 100 * 365 * DAY_S])
async def test_nothing_fails_after_a_jump(machine: Machine, live: Live, jump: float) -> None:
    await lease(live)
    await data(live, "POST", "kv2/data/a", {"data": {"x": 1}})
    machine.wall += jump
    machine.ticks += 1
    await live.core.worker.expire_due()
    asked: list[tuple[str, str, object]] = [
        ("GET", "sys/health", None), ("GET", "kv2/data/a", None), ("POST", "kv2/data/a", {"data": {"x": 2}}),
        ("DELETE", "kv2/data/a", None), ("POST", "transit/keys/k", None), ("POST", "transit/keys/k/rotate", None),
        ("POST", "pki/issue/r", {"common_name": "b", "ttl": "1h"}), ("GET", "pki/crl/rotate", None),
        ("POST", "pki/tidy", {"tidy_cert_store": True}), ("POST", "auth/token/create", {"ttl": "1h"}),
        ("GET", "auth/token/lookup-self", None), ("POST", "sys/rotate", None), ("GET", "sys/key-status", None),
        ("POST", "auth/userpass/users/u", {"password": "a password"}),
        ("POST", "auth/userpass/login/u", {"password": "a password"}), ("POST", "auth/token/tidy", None),
    ]  # fmt: skip
    for method, path, body in asked:
        status = (await live.ask(method, path, body)).status
        assert status < 500, (path, status)
