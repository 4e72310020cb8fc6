"""Rate limits over their routes, and what they refuse."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratumiops.vault.backend import Backend, Route
from stratumiops.vault.errors import BadRequest, NotFound, TooManyRequests
from stratumiops.vault.quotas.limiter import MOST_CLIENTS, Limiter
from stratumiops.vault.quotas.routes import QuotaRoutes
from stratumiops.vault.quotas.store import Quotas
from stratumiops.vault.request import Operation
from stratumiops.vault.storage.memory import MemoryStorage
from stratumiops.vault.view import View

from ..mounted import Mounted, mounted  # noqa: TID252 - tests are no package on the path

MOUNTS = {"k1/": "kv", "sys/": "system", "auth/approle/": "approle"}


def mount_of(path: str) -> tuple[str, str]:
    return next(((mount, kind) for mount, kind in MOUNTS.items() if path.startswith(mount)), ("", ""))


@dataclass
class Limits:
    view: View = field(default_factory=lambda: View(MemoryStorage(), "quotas/"))
    at: float = 1000.0

    def __post_init__(self) -> None:
        self.quotas = Quotas(self.view, mount_of, lambda: self.at)
        part = QuotaRoutes(self.quotas)

        class System(Backend):
            kind = "system"

            def routes(self) -> Iterator[Route]:
                yield from part.routes()

        self.sys: Mounted = mounted(System, "sys/")

    async def set(self, name: str, **data: Any) -> None:
        assert await self.sys.ask(Operation.UPDATE, f"quotas/rate-limit/{name}", data) is None

    def allowed(self, path: str, address: str = "10.0.0.1", count: int = 10, role: str = "") -> int:
        """How many of so many requests at once go through."""
        found = 0
        for _ in range(count):
            try:
                self.quotas.check(path, address, role)
            except TooManyRequests:
                continue
            found += 1
        return found


async def test_shapes() -> None:
    limits = Limits()
    await limits.set("x", path="k1", rate=5.5)
    await limits.set("y", path="k1/a", rate="3", interval="2m", block_interval="10s")
    assert await limits.sys.read("quotas/rate-limit/x") == {
        "block_interval": 0, "interval": 1, "name": "x", "path": "k1/", "rate": 5.5, "role": "", "type": "rate-limit",
    }  # fmt: skip
    assert await limits.sys.read("quotas/rate-limit/y") == {
        "block_interval": 10, "interval": 120, "name": "y", "path": "k1/a", "rate": 3, "role": "", "type": "rate-limit",
    }  # fmt: skip
    assert await limits.sys.names("quotas/rate-limit") == ["x", "y"]
    await limits.sys.delete("quotas/rate-limit/x")
    await limits.sys.delete("quotas/rate-limit/x")
    await limits.sys.delete("quotas/rate-limit/y")
    for ask in (limits.sys.names("quotas/rate-limit"), limits.sys.read("quotas/rate-limit/x")):
        with pytest.raises(NotFound) as raised:
            await ask
        assert raised.value.messages == ()


async def test_settings() -> None:
    limits = Limits()
    before = await limits.sys.read("quotas/config")
    assert before["enable_rate_limit_response_headers"] is False
    assert "sys/health" in before["rate_limit_exempt_paths"]
    await limits.sys.write("quotas/config", enable_rate_limit_response_headers="true")
    await limits.sys.write("quotas/config", rate_limit_exempt_paths=["k1/free", "k1/open/*"])
    assert await limits.sys.read("quotas/config") == {
        "enable_rate_limit_audit_logging": False, "enable_rate_limit_response_headers": True,
        "rate_limit_exempt_paths": ["k1/free", "k1/open/*"],
    }  # fmt: skip
    await limits.set("x", path="k1", rate=2)
    assert [limits.allowed(path) for path in ("k1/free", "k1/open/a", "k1/free/x")] == [10, 10, 2]
    assert limits.quotas.check("k1/a", "other") == {
        "X-Ratelimit-Limit": "2", "X-Ratelimit-Remaining": "1", "X-Ratelimit-Reset": "1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"rate": 5, "path": "nope/"}, 'invalid mount path "nope/"'),
        ({}, "'rate' is invalid"),
        ({"rate": 0}, "'rate' is invalid"),
        ({"rate": -1}, "'rate' is invalid"),
        ({"rate": "inf"}, "'rate' is invalid"),
        ({"rate": "abc"}, "Field validation failed"),
        ({"rate": [1]}, "Field validation failed"),
        ({"rate": 1, "interval": -5}, "interval"),
        ({"rate": 1, "path": "k1/"}, 'quota rule with similar properties exists under the name "x"'),
        ({"rate": 1, "path": "k1/a", "role": "q"}, "does not support use with role-based quotas"),
    ],
)
async def test_what_is_refused(data: dict[str, Any], why: str) -> None:
    limits = Limits()
    await limits.set("x", path="k1", rate=5)
    with pytest.raises(BadRequest) as raised:
        await limits.set("y", **data)
    assert why in raised.value.messages[0]


async def test_a_client_that_asks_too_often_waits() -> None:
    limits = Limits()
    await limits.set("x", rate=5, path="k1")
    assert (limits.allowed("k1/a"), limits.allowed("k1/b"), limits.allowed("k1/a", "10.0.0.2")) == (5, 0, 5)
    with pytest.raises(TooManyRequests) as raised:
        limits.quotas.check("k1/a", "10.0.0.1")
    assert raised.value.messages == ('request path "k1/a": rate limit quota exceeded',)
    assert raised.value.headers == {"Retry-After": "1"}
    limits.at += 0.21
    assert limits.allowed("k1/a") == 1
    limits.at += 100
    assert limits.allowed("k1/a") == 5


async def test_a_client_is_blocked_for_a_while() -> None:
    limits = Limits()
    await limits.set("x", rate=3, block_interval="10s")
    assert limits.allowed("k1/a") == 3
    limits.at += 9.5
    with pytest.raises(TooManyRequests) as raised:
        limits.quotas.check("k1/a", "10.0.0.1")
    assert raised.value.headers["Retry-After"] == "1"
    limits.at += 0.6
    assert limits.allowed("k1/a") == 3


async def test_the_most_specific_counts() -> None:
    limits = Limits()
    for name, path, rate in (("all", "", 1), ("m", "k1", 2), ("p", "k1/b*", 3), ("q", "k1/bb*", 4), ("e", "k1/bbb", 5)):
        await limits.set(name, path=path, rate=rate)
    paths = ("sys/mounts", "k1/a", "k1/b", "k1/bb/x", "k1/bbb")
    assert [limits.allowed(path) for path in paths] == [1, 2, 3, 4, 5]
    assert limits.allowed("sys/health") == 10


async def test_roles() -> None:
    limits = Limits()
    await limits.set("m", path="auth/approle", rate=2)
    await limits.set("r", path="auth/approle", rate=4, role="ci")
    assert limits.allowed("auth/approle/login", role="ci") == 4
    assert limits.allowed("auth/approle/login", role="other") == 2


async def test_limits_outlive_a_seal_and_can_be_changed() -> None:
    before = Limits()
    await before.set("a/b c".replace("/", "-"), path="k1", rate=2)
    await before.sys.write("quotas/config", enable_rate_limit_response_headers=True)
    after = Limits(view=before.view)
    await after.quotas.start()
    assert (after.allowed("k1/a"), after.quotas.config.enable_rate_limit_response_headers) == (2, True)
    await after.set("a-b c", path="k1/other", rate=1)
    assert (after.allowed("k1/a"), after.allowed("k1/other")) == (10, 1)
    await after.quotas.stop()
    assert after.allowed("k1/other") == 10


def test_the_number_of_clients_is_bounded() -> None:
    limiter = Limiter(1, 1, 0)
    for number in range(MOST_CLIENTS + 10):
        limiter.take(str(number), 0)
    assert len(limiter._buckets) == MOST_CLIENTS


@given(
    st.floats(0.1, 50), st.integers(1, 100), st.lists(st.floats(0, 30), min_size=1, max_size=80)
)  # fmt: skip
def test_never_more_than_the_rate(rate: float, interval: int, gaps: list[float]) -> None:
    limiter, now, taken = Limiter(rate, interval, 0), 0.0, []
    for gap in gaps:
        now += gap
        result = limiter.take("c", now)
        if result.allowed:
            taken.append(now)
        else:
            assert result.wait_s >= 1
            assert limiter.take("c", now + result.wait_s + 1e-6).allowed
            now += result.wait_s + 1e-6
            taken.append(now)
    for first in range(len(taken)):
        for last in range(first, len(taken)):
            span = taken[last] - taken[first]
            assert last - first + 1 <= max(1, rate) + span * rate / interval + 1e-3
