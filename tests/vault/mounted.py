"""One engine without a server: mounted over a storage in memory, asked as the core would ask it."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from stratumiops.vault import clock
from stratumiops.vault.backend import Backend, Mount
from stratumiops.vault.crypto.port import Crypto
from stratumiops.vault.request import Operation, Request, Response
from stratumiops.vault.storage.memory import MemoryStorage
from stratumiops.vault.tokens.models import Token
from stratumiops.vault.view import View

DAY_S = 86_400


@dataclass
class FixedSystem:
    """A core with nothing but times; `at` stands still until a test moves it."""

    crypto: Crypto = field(default=None)  # type: ignore[assignment]
    at: float = field(default_factory=clock.now)
    revoked: list[str] = field(default_factory=list)

    def default_lease_ttl(self, mount: Mount) -> int:
        return mount.default_lease_ttl or 32 * DAY_S

    def max_lease_ttl(self, mount: Mount) -> int:
        return mount.max_lease_ttl or 32 * DAY_S

    def now(self) -> float:
        return self.at

    async def revoke_by_prefix(self, prefix: str) -> None:
        self.revoked.append(prefix)


@dataclass
class Mounted:
    """A backend, and requests to it as the core makes them: a write is CREATE where nothing is."""

    backend: Backend
    system: FixedSystem

    async def ask(self, operation: Operation, path: str, data: dict[str, Any], **more: Any) -> Response | None:
        token = Token(accessor="accessor", policies=("root",), path="auth/token/root", created=0, expires=0, ttl=0)
        request = Request(
            id=str(uuid.uuid4()), operation=operation, path=path, data=data, mount=self.backend.mount.path,
            token=token, client_token="token", at=self.system.at, **more,
        )  # fmt: skip
        if operation is Operation.UPDATE and not await self.backend.exists(request):
            request.operation = Operation.CREATE
        return await self.backend.handle(request)

    async def data(self, operation: Operation, path: str, given: dict[str, Any], **more: Any) -> dict[str, Any]:
        found = await self.ask(operation, path, given, **more)
        return dict((found.data if found else None) or {})

    async def read(self, path: str, /, **query: Any) -> dict[str, Any]:
        return await self.data(Operation.READ, path, query)

    async def write(self, path: str, /, **data: Any) -> dict[str, Any]:
        return await self.data(Operation.UPDATE, path, data)

    async def patch(self, path: str, /, **data: Any) -> dict[str, Any]:
        return await self.data(Operation.PATCH, path, data, content_type="application/merge-patch+json")

    async def delete(self, path: str, /, **query: Any) -> dict[str, Any]:
        return await self.data(Operation.DELETE, path, query)

    async def names(self, path: str) -> list[str]:
        return list((await self.data(Operation.LIST, path, {}))["keys"])


def mounted(kind: type[Backend], path: str, *, options: dict[str, str] | None = None, crypto: Any = None) -> Mounted:
    """A backend of this kind at this path."""
    system = FixedSystem(crypto=crypto)
    mount = Mount(path=path, kind=kind.kind, accessor=f"{kind.kind}_1", uuid=str(uuid.uuid4()), options=options)
    return Mounted(kind(mount, View(MemoryStorage(), f"logical/{mount.uuid}/"), system), system)
