"""`sys/mounts`, `sys/auth` and `sys/remount`."""

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, Protocol

from stratumiops.vault import durations
from stratumiops.vault.backend import Match, Mount, Route
from stratumiops.vault.core.mounted import Mounted
from stratumiops.vault.core.mounts import clean_path, is_own
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response

_KV: Final = {"kv-v1": "1", "kv-v2": "2"}
_READABLE: Final = ("audit_non_hmac_request_keys", "audit_non_hmac_response_keys")
"""Fields whose values are not HMACs in the audit."""


class Mounting(Protocol):
    """What makes, moves and ends mounts of a namespace."""

    def mounts(self, namespace: str) -> list[Mounted]:
        """All of them, in order of path."""

    def mount_at(self, namespace: str, path: str) -> Mounted | None:
        """The mount at just this path."""

    async def enable(self, namespace: str, path: str, kind: str, **more: Any) -> None:
        """Mount; it serves when this returns."""

    async def disable(self, namespace: str, path: str) -> None:
        """Unmount: leases end, data goes. Nothing there is no error."""

    async def keep(self, changed: Mount) -> None:
        """Keep a mount as it was tuned."""

    async def move(self, namespace: str, source: str, target: str) -> None:
        """The mount is at another path when this returns."""

    def default_lease_ttl(self, mount: Mount) -> int:
        """Seconds."""

    def max_lease_ttl(self, mount: Mount) -> int:
        """Seconds."""


class MountRoutes:
    """Secrets engines and auth methods: list, enable, tune, move, disable."""

    def __init__(self, mounting: Mounting) -> None:
        self._mounting = mounting
        self._moves: dict[str, dict[str, Any]] = {}

    def routes(self) -> Iterator[Route]:
        """Relative to `sys/`."""
        yield Route("mounts", read=self._list_mounts, list=self._list_mounts)
        yield Route("mounts/auth/{path*}/tune", read=self._read_auth_tune, write=self._write_auth_tune)
        yield Route("mounts/{path*}/tune", read=self._read_tune, write=self._write_tune)
        yield Route("mounts/{path*}", read=self._read_mount, write=self._enable, delete=self._disable)
        yield Route("auth", read=self._list_auth, list=self._list_auth)
        yield Route("auth/{path*}/tune", read=self._read_auth_tune, write=self._write_auth_tune, sudo=True)
        yield Route("auth/{path*}", read=self._read_auth, write=self._enable_auth, delete=self._disable_auth, sudo=True)
        yield Route("remount", write=self._remount, sudo=True)
        yield Route("remount/status/{id}", read=self._moved)

    # ---- secrets engines

    async def _list_mounts(self, request: Request, match: Match) -> Response:
        return self._list(request, auth=False)

    async def _read_mount(self, request: Request, match: Match) -> Response:
        return self._read(request, clean_path(match["path"]))

    async def _enable(self, request: Request, match: Match) -> None:
        await self._make(request, clean_path(match["path"]))

    async def _disable(self, request: Request, match: Match) -> None:
        await self._mounting.disable(request.namespace, clean_path(match["path"]))

    async def _read_tune(self, request: Request, match: Match) -> Response:
        return self._tuning(request, clean_path(match["path"]))

    async def _write_tune(self, request: Request, match: Match) -> None:
        await self._tune(request, clean_path(match["path"]))

    # ---- auth methods

    async def _list_auth(self, request: Request, match: Match) -> Response:
        return self._list(request, auth=True)

    async def _read_auth(self, request: Request, match: Match) -> Response:
        return self._read(request, "auth/" + clean_path(match["path"]))

    async def _enable_auth(self, request: Request, match: Match) -> None:
        await self._make(request, "auth/" + clean_path(match["path"]))

    async def _disable_auth(self, request: Request, match: Match) -> None:
        await self._mounting.disable(request.namespace, "auth/" + clean_path(match["path"]))

    async def _read_auth_tune(self, request: Request, match: Match) -> Response:
        return self._tuning(request, "auth/" + clean_path(match["path"]))

    async def _write_auth_tune(self, request: Request, match: Match) -> None:
        await self._tune(request, "auth/" + clean_path(match["path"]))

    # ---- both

    def _list(self, request: Request, *, auth: bool) -> Response:
        found = {}
        for mounted in self._mounting.mounts(request.namespace):
            path = mounted.mount.path
            if path.startswith("auth/") is auth:
                found[path.removeprefix("auth/") if auth else path] = described(mounted.mount)
        return Response(found, flat=True)

    def _read(self, request: Request, path: str) -> Response:
        return Response(described(self._existing(request, path).mount), flat=True)

    async def _make(self, request: Request, path: str) -> None:
        given = Fields(request.data)
        kind = given.text("type") or given.text("plugin_name")
        if not kind:
            raise BadRequest("backend type must be specified as a string")
        options = {name: str(value) for name, value in given.mapping("options").items() if value is not None}
        if kind in _KV:
            options, kind = {**options, "version": _KV[kind]}, "kv"
        config = Fields(given.mapping("config"))
        await self._mounting.enable(
            request.namespace,
            path,
            kind,
            description=given.text("description"),
            options=options or None,
            default_lease_ttl=config.duration("default_lease_ttl"),
            max_lease_ttl=config.duration("max_lease_ttl"),
            local=given.boolean("local"),
            seal_wrap=given.boolean("seal_wrap"),
            external_entropy_access=given.boolean("external_entropy_access"),
            config=_readable(config, {}),
        )

    def _tuning(self, request: Request, path: str) -> Response:
        mount = self._existing(request, path).mount
        found: dict[str, Any] = {
            "default_lease_ttl": self._mounting.default_lease_ttl(mount),
            "max_lease_ttl": self._mounting.max_lease_ttl(mount),
            "description": mount.description,
            "force_no_cache": False,
        }
        if mount.options:
            found["options"] = mount.options
        if path.startswith("auth/"):
            found["token_type"] = mount.token_type
        return Response(found | mount.config, flat=True)

    async def _tune(self, request: Request, path: str) -> None:
        mounted = self._existing(request, path)
        given, mount = Fields(request.data), replace(mounted.mount)
        default, most = (_ttl(given, name, getattr(mount, name)) for name in ("default_lease_ttl", "max_lease_ttl"))
        if most and default > most:
            raise BadRequest("given default lease TTL greater than given max lease TTL")
        mount.default_lease_ttl, mount.max_lease_ttl = default, most
        if given.has("description"):
            mount.description = given.text("description")
        if given.has("options"):
            changed = {name: str(value) for name, value in given.mapping("options").items()}
            if mount.kind == "kv" and changed.get("version", "1") < (mount.options or {}).get("version", "1"):
                raise BadRequest(f"cannot downgrade mount from version {(mount.options or {}).get('version')}")
            mount.options = {**(mount.options or {}), **changed}
        mount.token_type = given.text("token_type") or mount.token_type
        mount.config = _readable(given, mount.config)
        await self._mounting.keep(mount)

    def _existing(self, request: Request, path: str) -> Mounted:
        found = self._mounting.mount_at(request.namespace, path)
        if found is None:
            raise BadRequest(
                f"No secret engine mount at {path}"
                if not path.startswith("auth/")
                else "cannot fetch sysview for path " + repr(path)
            )
        return found

    async def _remount(self, request: Request, match: Match) -> Response:
        given = Fields(request.data)
        source, target = clean_path(given.required("from")), clean_path(given.required("to"))
        await self._mounting.move(request.namespace, source, target)
        move = str(uuid.uuid4())
        self._moves[move] = {
            "migration_id": move,
            "migration_info": {"source_mount": source, "target_mount": target, "status": "success"},
        }
        while len(self._moves) > 256:
            del self._moves[next(iter(self._moves))]
        return Response({"migration_id": move}, flat=True)

    async def _moved(self, request: Request, match: Match) -> Response:
        found = self._moves.get(match["id"])
        if found is None:
            raise NotFound
        return Response(found, flat=True)


def described(mount: Mount) -> Mapping[str, Any]:
    """A mount as lists show it."""
    config: dict[str, Any] = {
        "default_lease_ttl": mount.default_lease_ttl,
        "max_lease_ttl": mount.max_lease_ttl,
        "force_no_cache": False,
        **mount.config,
    }
    if mount.path.startswith("auth/"):
        config["token_type"] = mount.token_type
    return {
        "type": mount.kind,
        "description": mount.description,
        "accessor": mount.accessor,
        "uuid": mount.uuid,
        "config": config,
        "options": mount.options,
        "local": mount.local,
        "seal_wrap": mount.seal_wrap,
        "external_entropy_access": mount.external_entropy_access,
        "plugin_version": "",
        "running_plugin_version": f"v{_VERSION}+builtin",
        "running_sha256": "",
        "deprecation_status": "" if is_own(mount.path) else "supported",
    }


_VERSION: Final = "1.0.0"


def _readable(given: Fields, before: Mapping[str, Any]) -> dict[str, Any]:
    found = {**before, **{name: given.strings(name) for name in _READABLE if given.has(name)}}
    return {name: value for name, value in found.items() if value}


def _ttl(given: Fields, name: str, before: int) -> int:
    value = given.raw(name)
    if value is None:
        return before
    if value == "system" or re.fullmatch(r"-1s?", str(value)):
        return 0
    return durations.parse(value, name)
