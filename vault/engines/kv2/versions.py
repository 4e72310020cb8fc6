"""The routes that delete, restore and destroy versions by their numbers."""

from collections.abc import Iterator

from stratumiops.vault.backend import Match, Route, System
from stratumiops.vault.engines.kv2.secrets import AT_ONCE, Secrets
from stratumiops.vault.engines.kv_paths import writable
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request


class VersionRoutes:
    """Answers `delete/`, `undelete/` and `destroy/`; numbers of versions that are not there do no harm."""

    def __init__(self, secrets: Secrets, system: System) -> None:
        self._secrets = secrets
        self._system = system

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        yield Route("delete/{path*}", write=self._delete)
        yield Route("undelete/{path*}", write=self._undelete)
        yield Route("destroy/{path*}", write=self._destroy)

    async def _delete(self, request: Request, match: Match) -> None:
        path, numbers = writable(match["path"]), _numbers(request)
        async with self._secrets.locks.hold(path):
            metadata = await self._secrets.held(path)
            changed = metadata.deleted(numbers, self._system.now()) if metadata else None
            if changed is not None:
                await self._secrets.save(path, changed)

    async def _undelete(self, request: Request, match: Match) -> None:
        path, numbers = writable(match["path"]), _numbers(request)
        async with self._secrets.locks.hold(path):
            metadata = await self._secrets.held(path)
            changed = metadata.restored(numbers) if metadata else None
            if changed is not None:
                await self._secrets.save(path, changed)

    async def _destroy(self, request: Request, match: Match) -> None:
        path, numbers = writable(match["path"]), _numbers(request)
        async with self._secrets.locks.hold(path):
            metadata = await self._secrets.held(path)
            there = [number for number in numbers if metadata and number in metadata.versions]
            for begin in range(0, len(there), AT_ONCE):
                some = there[begin : begin + AT_ONCE]
                metadata = metadata and metadata.destroyed(some)
                if metadata is not None:
                    await self._secrets.save(path, metadata, dict.fromkeys(some))


def _numbers(request: Request) -> list[int]:
    value = request.data.get("versions")
    many = value if isinstance(value, list) else value.split(",") if isinstance(value, str) else [value]
    numbers = sorted({Fields({"versions": one}).integer("versions") for one in many if one not in (None, "")})
    if not numbers:
        raise BadRequest("No version number provided")
    return numbers
