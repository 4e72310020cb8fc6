"""The rate limits that are in force."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Final
from urllib.parse import quote

from stratumiops.vault.errors import BadRequest, TooManyRequests
from stratumiops.vault.quotas.limiter import Limiter, Taken
from stratumiops.vault.quotas.models import QuotaConfig, RateLimit
from stratumiops.vault.view import View

MountOf = Callable[[str], tuple[str, str]]
_LONGEST: Final = 512


class Quotas:
    """Rate limits by path. Of those that fit a request only the most specific counts: its path, the longest prefix, its
    mount, all paths; with the role of the login before without one.

    Args:
        view: for the limits and their settings.
        mount_of: the path (with a slash at the end) and kind of the mount that has a path; "" when none has.
        now: seconds of a clock that does not go back.
    """

    def __init__(self, view: View, mount_of: MountOf, now: Callable[[], float] = time.monotonic) -> None:
        self._view = view
        self._mount_of = mount_of
        self._now = now
        self._limits: dict[str, RateLimit] = {}
        self._by_path: dict[tuple[str, str], tuple[RateLimit, Limiter]] = {}
        self._prefixes: list[str] = []
        self.config = QuotaConfig()

    async def start(self) -> None:
        """Read them all. Called after each unseal."""
        await self.stop()
        for key in await self._view.names("rate-limit/"):
            found = await self._view.read(f"rate-limit/{key}")
            if found is not None:
                self._add(RateLimit(**found))
        kept = await self._view.read("config")
        self.config = QuotaConfig(**kept) if kept is not None else QuotaConfig()

    async def stop(self) -> None:
        """Let go of what is in memory. Called before each seal."""
        self._limits.clear()
        self._by_path.clear()
        self._prefixes.clear()
        self.config = QuotaConfig()

    def check(self, path: str, address: str, role: str = "") -> Mapping[str, str]:
        """Count a request.

        Args:
            path: with the namespace and the mount.
            address: of the client.
            role: of a login.

        Returns:
            Headers for the answer.

        Raises:
            TooManyRequests: the client has to wait.
        """
        if not self._limits or self.config.exempts(path):
            return {}
        found = self._limit_of(path, role)
        if found is None:
            return {}
        limit, limiter = found
        taken = limiter.take(address, self._now())
        headers = self._headers(limit, taken)
        if not taken.allowed:
            raise TooManyRequests(f'request path "{path}": rate limit quota exceeded', headers=headers)
        return headers

    def names(self) -> list[str]:
        """The names of all limits, sorted."""
        return sorted(self._limits)

    def get(self, name: str) -> RateLimit | None:
        """A limit by its name."""
        return self._limits.get(name)

    async def write(self, limit: RateLimit) -> None:
        """Set a limit; its counts begin anew.

        Raises:
            BadRequest: no mount has the path, or another limit is for the same.
        """
        _check_name(limit.name)
        self._check_mount(limit)
        same = self._by_path.get((limit.path, limit.role))
        if same is not None and same[0].name != limit.name:
            raise BadRequest(f'quota rule with similar properties exists under the name "{same[0].name}"')
        await self._view.write(_key(limit.name), asdict(limit))
        self._remove(limit.name)
        self._add(limit)

    async def delete(self, name: str) -> None:
        """Remove a limit; one that is not there is removed already."""
        if name in self._limits:
            await self._view.delete(_key(name))
            self._remove(name)

    async def configure(self, config: QuotaConfig) -> None:
        """Set what holds for all."""
        await self._view.write("config", asdict(config))
        self.config = config

    def normal(self, path: str) -> str:
        """A path as a limit has it: that of a mount ends with a slash."""
        path = path.removeprefix("/")
        return (
            f"{path}/"
            if path and not path.endswith(("/", "*")) and self._mount_of(f"{path}/")[0] == f"{path}/"
            else path
        )

    def _check_mount(self, limit: RateLimit) -> None:
        if not limit.path:
            return
        mount = self._mount_of(limit.path.removesuffix("*"))[0]
        if not mount:
            raise BadRequest(f'invalid mount path "{limit.path[:200]}"')
        if limit.role and not mount.startswith("auth/"):
            raise BadRequest(f'Mount path "{mount}" does not support use with role-based quotas')

    def _limit_of(self, path: str, role: str) -> tuple[RateLimit, Limiter] | None:
        places = [path, *(prefix for prefix in self._prefixes if path.startswith(prefix[:-1]))]
        for place in (*places, self._mount_of(path)[0], ""):
            found = (self._by_path.get((place, role)) if role else None) or self._by_path.get((place, ""))
            if found is not None:
                return found
        return None

    def _headers(self, limit: RateLimit, taken: Taken) -> dict[str, str]:
        headers = {} if taken.allowed else {"Retry-After": str(taken.wait_s)}
        if self.config.enable_rate_limit_response_headers:
            headers |= {
                "X-Ratelimit-Limit": str(max(1, int(limit.rate))),
                "X-Ratelimit-Remaining": str(taken.left),
                "X-Ratelimit-Reset": str(taken.wait_s),
            }
        return headers

    def _add(self, limit: RateLimit) -> None:
        self._limits[limit.name] = limit
        self._by_path[limit.path, limit.role] = (limit, Limiter(limit.rate, limit.interval, limit.block_interval))
        self._sort()

    def _remove(self, name: str) -> None:
        limit = self._limits.pop(name, None)
        if limit is not None:
            del self._by_path[limit.path, limit.role]
        self._sort()

    def _sort(self) -> None:
        prefixes = {limit.path for limit in self._limits.values() if limit.path.endswith("*")}
        self._prefixes = sorted(prefixes, key=len, reverse=True)


def _check_name(name: str) -> None:
    if not name.isprintable() or len(_key(name)) > _LONGEST:
        raise BadRequest("the name of a quota is too long, or holds control characters")


def _key(name: str) -> str:
    return "rate-limit/" + quote(name, safe="")
