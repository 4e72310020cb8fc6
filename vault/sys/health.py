"""`sys/health`, `sys/leader`, `sys/host-info` and `sys/internal`: how the server is."""

from collections.abc import Iterator
from typing import Any, Final, Protocol

from stratumiops.vault import clock
from stratumiops.vault.backend import JSON, Match, Route
from stratumiops.vault.core.mounted import Mounted
from stratumiops.vault.errors import BadRequest, PermissionDenied, Sealed
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response
from stratumiops.vault.sys.mounts import described

VERSION: Final = "1.17.0"
"""What clients are told: the version of Vault whose interface this is."""
BUILD_DATE: Final = "2026-11-26T00:00:00Z"


class Standing(Protocol):
    """How the vault stands."""

    @property
    def sealed(self) -> bool:
        """Whether it is sealed."""

    @property
    def initialized(self) -> bool:
        """Whether it has been initialised."""

    @property
    def cluster_name(self) -> str:
        """The name of the configuration."""

    @property
    def cluster_id(self) -> str:
        """The id that init gave it; "" while it is sealed."""

    @property
    def problems(self) -> list[str]:
        """What is wrong, as when no audit device can be written."""

    def mounts(self, namespace: str) -> list[Mounted]:
        """The mounts of a namespace."""

    async def visible(self, request: Request, mount: Mounted) -> bool:
        """Whether the token of a request may do anything below a mount."""

    async def authenticate(self, request: Request) -> bool:
        """Whether the request has a good token; it is in `request.token` then."""


class HealthRoutes:
    """How the server is. All but what shows mounts needs no token."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing

    def routes(self) -> Iterator[Route]:
        """Relative to `sys/`."""
        yield Route("health", read=self._health, public=True, answers=dict.fromkeys((200, 429, 501, 503), JSON))
        yield Route("leader", read=self._leader, public=True)
        yield Route("internal/ui/mounts", read=self._shown_mounts, public=True)
        yield Route("internal/ui/mounts/{path*}", read=self._shown_mount, public=True)
        yield Route("ha-status", read=self._ha_status)
        yield Route("step-down", write=self._step_down, sudo=True)
        yield Route("version-history", list=self._versions)

    async def _health(self, request: Request, match: Match) -> Response:
        given, now = Fields(request.data), self._standing
        status = 200
        if not now.initialized:
            status = given.integer("uninitcode", 501)
        elif now.sealed:
            status = given.integer("sealedcode", 503)
        elif given.has("activecode"):
            status = given.integer("activecode")
        elif now.problems:
            status = 500
        if not 200 <= status <= 599:
            raise BadRequest(f"{status} is no status to answer with")
        data: dict[str, Any] = {
            "initialized": now.initialized,
            "sealed": now.sealed,
            "standby": False,
            "performance_standby": False,
            "replication_performance_mode": "disabled",
            "replication_dr_mode": "disabled",
            "server_time_utc": int(clock.now()),
            "version": VERSION,
            "cluster_name": now.cluster_name,
            "cluster_id": now.cluster_id,
        }
        if now.problems:
            data["problems"] = now.problems
        return Response(data, bare=True, status=status)

    async def _leader(self, request: Request, match: Match) -> Response:
        leader = {"ha_enabled": False, "is_self": False, "leader_address": "", "leader_cluster_address": ""}
        return Response({**leader, "performance_standby": False, "performance_standby_last_remote_wal": 0}, bare=True)

    async def _shown_mounts(self, request: Request, match: Match) -> Response:
        if self._standing.sealed:
            raise Sealed
        found: dict[str, dict[str, Any]] = {"secret": {}, "auth": {}}
        if await self._standing.authenticate(request):
            for mounted in self._standing.mounts(request.namespace):
                if await self._standing.visible(request, mounted):
                    path, kind = mounted.mount.path, "secret"
                    if path.startswith("auth/"):
                        path, kind = path.removeprefix("auth/"), "auth"
                    found[kind][path] = described(mounted.mount)
        return Response(found)

    async def _shown_mount(self, request: Request, match: Match) -> Response:
        path = match["path"]
        if self._standing.sealed:
            raise Sealed
        if not await self._standing.authenticate(request):
            raise PermissionDenied
        for mounted in sorted(self._standing.mounts(request.namespace), key=lambda one: -len(one.mount.path)):
            if f"{path}/".startswith(mounted.mount.path):
                if await self._standing.visible(request, mounted):
                    return Response({**described(mounted.mount), "path": mounted.mount.path})
                break
        raise PermissionDenied(
            "preflight capability check returned 403, please ensure client's policies grant access to path "
            f'"{path.rstrip("/")}/"'
        )

    async def _ha_status(self, request: Request, match: Match) -> Response:
        return Response({"nodes": []})

    async def _step_down(self, request: Request, match: Match) -> None:
        """There is no other node that could take over."""

    async def _versions(self, request: Request, match: Match) -> Response:
        return Response({"keys": [VERSION], "key_info": {VERSION: {"build_date": "", "previous_version": None}}})
