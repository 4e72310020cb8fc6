"""The routes of metadata, without those that list."""

import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from stratumiops.vault import clock
from stratumiops.vault.backend import Match, Route, System
from stratumiops.vault.engines.kv2.config import Config, ConfigEntry, max_versions
from stratumiops.vault.engines.kv2.documents import require_merge_patch
from stratumiops.vault.engines.kv2.metadata import Metadata
from stratumiops.vault.engines.kv2.secrets import Secrets
from stratumiops.vault.engines.kv_paths import checked, writable
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response

_MOST_KEYS: Final = 64
_LONGEST_KEY: Final = 128
_LONGEST_VALUE: Final = 512
_FIELDS: Final = ("cas_required", "custom_metadata", "delete_version_after", "max_versions", "metadata_cas_required")


class MetadataRoutes:
    """Answers requests for what is known of secrets beside their values."""

    def __init__(self, secrets: Secrets, config: ConfigEntry, system: System) -> None:
        self._secrets = secrets
        self._config = config
        self._system = system

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        yield Route("config", read=self._config.read, write=self._config.write)
        yield Route(
            "metadata/{path*}",
            read=self._read, write=self._write, patch=self._patch, delete=self._delete, exists=self._exists,
        )  # fmt: skip

    async def _read(self, _: Request, match: Match) -> Response:
        path = match["path"]
        metadata = None if path.endswith("/") else await self._secrets.metadata(checked(path))
        if metadata is None:
            raise NotFound
        return Response(metadata.shown())

    async def _write(self, request: Request, match: Match) -> Response | None:
        path, fields = writable(match["path"]), Fields(request.data)
        if not any(fields.has(name) for name in _FIELDS):
            return None
        async with self._secrets.locks.hold(path):
            before = await self._secrets.held(path)
            custom = _custom(fields.mapping("custom_metadata")) if fields.has("custom_metadata") else None
            return await self._change(path, before, fields, custom or (before.custom if before else None))

    async def _patch(self, request: Request, match: Match) -> Response | None:
        require_merge_patch(request)
        path = writable(match["path"])
        unset = {"cas_required": False, "metadata_cas_required": False, "max_versions": 0, "delete_version_after": 0}
        given = {
            name: unset[name] if name in unset and value is None else value for name, value in request.data.items()
        }
        async with self._secrets.locks.hold(path):
            before = await self._secrets.held(path)
            if before is None:
                raise NotFound
            custom = before.custom
            if "custom_metadata" in given:
                custom = _patched(custom, given["custom_metadata"])
            return await self._change(path, before, Fields(given), custom)

    async def _change(
        self, path: str, before: Metadata | None, fields: Fields, custom: dict[str, str] | None
    ) -> Response | None:
        """Keep the metadata with what the fields say; the lock of the path is held."""
        config = await self._config.get()
        _check_cas(fields, before, config)
        now = clock.rfc3339(self._system.now())
        metadata = before.copy() if before else self._secrets.new(now)
        metadata.cas_required = fields.boolean("cas_required", metadata.cas_required)
        metadata.revision_required = fields.boolean("metadata_cas_required", metadata.revision_required)
        metadata.max_versions = max_versions(fields, metadata.max_versions)
        metadata.delete_version_after = fields.duration("delete_version_after", metadata.delete_version_after)
        metadata.custom = custom
        metadata.updated = now
        metadata.revision += 1
        await self._secrets.save(path, metadata)
        warnings = _ignored(fields, config)
        return Response(warnings=warnings, status=200) if warnings else None

    async def _delete(self, _: Request, match: Match) -> None:
        path = match["path"]
        if path.endswith("/"):
            return
        async with self._secrets.locks.hold(checked(path)):
            metadata = await self._secrets.held(path)
            if metadata is not None:
                await self._secrets.delete(path, metadata.copy())

    async def _exists(self, _: Request, match: Match) -> bool:
        path = match["path"]
        return not path.endswith("/") and await self._secrets.metadata(checked(path)) is not None


def _check_cas(fields: Fields, before: Metadata | None, config: Config) -> None:
    if not fields.has("metadata_cas"):
        if config.metadata_cas_required or (before is not None and before.revision_required):
            raise BadRequest("metadata check-and-set parameter required for this call")
    elif fields.integer("metadata_cas") != (before.revision if before else 0):
        raise BadRequest("metadata check-and-set parameter does not match the current version")


def _ignored(fields: Fields, config: Config) -> list[str]:
    mandated = {"cas_required": config.cas_required, "metadata_cas_required": config.metadata_cas_required}
    return [
        f'"{name}" set to false, but is mandated by backend config. This value will be ignored.'
        for name, required in mandated.items()
        if required and not fields.boolean(name, True)
    ]


def _patched(custom: dict[str, str] | None, patch: Any) -> dict[str, str] | None:
    if patch is None:
        return None
    changes = Fields({"custom_metadata": patch}).mapping("custom_metadata")
    kept = {name: value for name, value in (custom or {}).items() if name not in changes}
    return _custom({**kept, **{name: value for name, value in changes.items() if value is not None}}) or None


def _custom(given: dict[str, Any]) -> dict[str, str]:
    """Names and texts of the user's own.

    Raises:
        BadRequest: there are too many, or one is too long, empty, unprintable or no text.
    """
    if len(given) > _MOST_KEYS:
        raise _invalid(f"payload must contain at most {_MOST_KEYS} keys, provided {len(given)}")
    custom = {name: _text(name, value) for name, value in given.items()}
    for name, value in custom.items():
        if not 0 < (length := len(name.encode(errors="replace"))) <= _LONGEST_KEY:
            raise _invalid(f'length of key "{name}" is {length} but must be 0 < len(key) <= {_LONGEST_KEY}')
        if not 0 < (length := len(value.encode(errors="replace"))) <= _LONGEST_VALUE:
            raise _invalid(
                f'length of value for key "{name}" is {length} but must be 0 < len(value) <= {_LONGEST_VALUE}'
            )
        if not _printable(name):
            raise _invalid(f"key {name!a} contains unprintable characters")
        if not _printable(value):
            raise _invalid(f'value for key "{name}" contains unprintable characters')
    return custom


def _text(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise _invalid(f'value for key "{name}" is not a string')


def _printable(text: str) -> bool:
    return text.isprintable() or all(one.isprintable() or unicodedata.category(one) == "Zs" for one in text)


def _invalid(what: str) -> BadRequest:
    return BadRequest(f"custom_metadata validation failed: {what}")
