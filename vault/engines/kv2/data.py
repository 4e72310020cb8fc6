"""The routes of values: `data/` and `subkeys/`."""

from collections.abc import Iterator
from typing import Any

from stratumiops.vault import clock
from stratumiops.vault.backend import Match, Route, System
from stratumiops.vault.engines.kv2.config import ConfigEntry
from stratumiops.vault.engines.kv2.documents import DEEPEST, keys_of, merged, require_merge_patch, shallow
from stratumiops.vault.engines.kv2.metadata import Metadata, Version
from stratumiops.vault.engines.kv2.secrets import AT_ONCE, Secrets
from stratumiops.vault.engines.kv_paths import checked, writable
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response


class DataRoutes:
    """Answers requests for the values of secrets."""

    def __init__(self, secrets: Secrets, config: ConfigEntry, system: System) -> None:
        self._secrets = secrets
        self._config = config
        self._system = system

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        yield Route(
            "data/{path*}",
            read=self._read, write=self._write, patch=self._patch, delete=self._delete, exists=self._exists,
        )  # fmt: skip
        yield Route("subkeys/{path*}", read=self._subkeys)

    async def _read(self, request: Request, match: Match) -> Response:
        metadata, number, value = await self._found(request, match["path"])
        return _shown(metadata, number, {"data": value}, value is None)

    async def _subkeys(self, request: Request, match: Match) -> Response:
        depth = Fields(request.data).integer("depth")
        metadata, number, value = await self._found(request, match["path"])
        keys = None if value is None else keys_of(value, max(depth, 1) if depth else DEEPEST)
        return _shown(metadata, number, {"subkeys": keys}, value is None)

    async def _found(self, request: Request, path: str) -> tuple[Metadata, int, dict[str, Any] | None]:
        """The version that is asked for, and its value; None when it cannot be read any more."""
        asked = Fields(request.data).integer("version") if request.data else 0
        if path.endswith("/"):
            raise NotFound
        metadata = await self._secrets.metadata(checked(path))
        number, gone = self._version(metadata, asked)
        if metadata is not None and not gone:
            value, there = await self._secrets.value(metadata, number)
            if there:
                return metadata, number, value
            async with self._secrets.locks.hold(path):  # a writer dropped it between the two reads
                metadata = await self._secrets.held(path)
                number, gone = self._version(metadata, asked)
                if metadata is not None and not gone:
                    return metadata, number, await self._secrets.value_held(metadata, number)
        if metadata is None:
            raise NotFound
        return metadata, number, None

    def _version(self, metadata: Metadata | None, asked: int) -> tuple[int, bool]:
        """The number of the version that is asked for, and whether its value cannot be read any more."""
        number = asked if asked > 0 else metadata.current if metadata else 0
        version = metadata.versions.get(number) if metadata else None
        if version is None:
            raise NotFound
        return number, version.gone(self._system.now())

    async def _write(self, request: Request, match: Match) -> Response:
        path = writable(match["path"])
        fields = Fields(request.data)
        data, options = _given(fields), fields.mapping("options")
        async with self._secrets.locks.hold(path):
            return await self._add(path, await self._secrets.held(path), data, options)

    async def _patch(self, request: Request, match: Match) -> Response:
        require_merge_patch(request)
        path = writable(match["path"])
        fields = Fields(request.data)
        patch, options = _given(fields), fields.mapping("options")
        async with self._secrets.locks.hold(path):
            metadata = await self._secrets.held(path)
            number, gone = self._version(metadata, 0)
            if metadata is None or gone:
                return Response(metadata.of_version(number) if metadata else None, status=404)
            value = await self._secrets.value_held(metadata, number)
            return await self._add(path, metadata, merged(value, patch), options)

    async def _add(self, path: str, before: Metadata | None, data: dict[str, Any], options: dict[str, Any]) -> Response:
        """A new version; the lock of the path is held."""
        config = await self._config.get()
        current, required = (before.current, before.cas_required) if before else (0, False)
        _check_cas(options, current, required or config.cas_required)
        at = self._system.now()
        now = clock.rfc3339(at)
        metadata = before.copy() if before else self._secrets.new(now)
        dropped = await self._prune(path, metadata, config.versions_of(metadata) - 1)
        metadata.current += 1
        metadata.updated = now
        metadata.versions[metadata.current] = Version(now, config.deletion_of(metadata, at))
        await self._secrets.save(path, metadata, {metadata.current: data, **dict.fromkeys(dropped)})
        return Response(metadata.of_version(metadata.current))

    async def _prune(self, path: str, metadata: Metadata, kept: int) -> list[int]:
        """Take out the oldest versions; the values of those returned are to be dropped with the next change."""
        excess = metadata.excess(kept)
        if not excess:
            return excess
        metadata.oldest = excess[-1] + 1
        await self._secrets.drop_versions(path, metadata, excess[:-AT_ONCE])
        for number in excess[-AT_ONCE:]:
            del metadata.versions[number]
        return excess[-AT_ONCE:]

    async def _delete(self, _: Request, match: Match) -> None:
        path = match["path"]
        if path.endswith("/"):
            return
        async with self._secrets.locks.hold(checked(path)):
            metadata = await self._secrets.held(path)
            changed = metadata.deleted([metadata.current], self._system.now()) if metadata else None
            if changed is not None:
                await self._secrets.save(path, changed)

    async def _exists(self, _: Request, match: Match) -> bool:
        path = match["path"]
        return not path.endswith("/") and await self._secrets.metadata(checked(path)) is not None


def _given(fields: Fields) -> dict[str, Any]:
    if not fields.has("data"):
        raise BadRequest("no data provided")
    return shallow(fields.mapping("data"))


def _shown(metadata: Metadata, number: int, value: dict[str, Any], gone: bool) -> Response:
    return Response({**value, "metadata": metadata.of_version(number)}, status=404 if gone else None)


def _check_cas(options: dict[str, Any], current: int, required: bool) -> None:
    if "cas" not in options:
        if required:
            raise BadRequest("check-and-set parameter required for this call")
        return
    try:
        cas = Fields(options).integer("cas")
    except BadRequest:
        raise BadRequest("error parsing check-and-set parameter") from None
    if cas != current:
        raise BadRequest("check-and-set parameter did not match the current version")
