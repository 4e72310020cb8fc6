"""A vault of nothing but barrier and seal, asked through its routes."""

import asyncio
import secrets
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from tests.vault.mounted import FixedSystem

from stratumiops.vault.backend import Backend, Mount, Route
from stratumiops.vault.barrier.barrier import Barrier
from stratumiops.vault.request import Operation, Request, Response
from stratumiops.vault.seal.routes import SealRoutes
from stratumiops.vault.seal.seal import Seal, SealSettings
from stratumiops.vault.storage.memory import MemoryStorage
from stratumiops.vault.storage.port import Storage
from stratumiops.vault.view import View


class SealVault:
    """`tokens` are the root tokens made so far; `events` what the core was told."""

    def __init__(self, storage: Storage | None = None, anchor: Path | None = None) -> None:
        self.storage = storage or MemoryStorage()
        self.barrier = Barrier(self.storage, anchor)
        self.tokens: list[str] = []
        self.events: list[str] = []
        settings = SealSettings(self._token, self._unsealed, self._sealing, lambda: ("c", "id"), 4, 2, "1.0")
        self.seal = Seal(self.barrier, settings)
        self.routes = SealRoutes(self.seal)
        routes = self.routes

        class Sys(Backend):
            kind: ClassVar[str] = "system"

            def routes(self) -> Iterator[Route]:
                return routes.routes()

        mount = Mount(path="sys/", kind="system", accessor="a", uuid="u")
        self.backend = Sys(mount, View(self.barrier, "sys/"), FixedSystem())

    async def ask(self, operation: Operation, path: str, data: dict[str, Any]) -> Response | None:
        return await self.backend.handle(Request(str(uuid.uuid4()), operation, path, data, mount="sys/"))

    async def read(self, path: str) -> dict[str, Any]:
        found = await self.ask(Operation.READ, path, {})
        assert found is not None
        return dict(found.data or {})

    async def write(self, path: str, **data: Any) -> dict[str, Any]:
        found = await self.ask(Operation.UPDATE, path, data)
        return dict(found.data or {}) if found else {}

    async def delete(self, path: str) -> dict[str, Any]:
        found = await self.ask(Operation.DELETE, path, {})
        return dict(found.data or {}) if found else {}

    async def unseal(self, keys: list[str], **more: Any) -> dict[str, Any]:
        status: dict[str, Any] = {}
        for key in keys:
            status = await self.write("unseal", key=key, **more)
        return status

    async def opened(self, shares: int = 3, threshold: int = 2) -> list[str]:
        made = await self.write("init", secret_shares=shares, secret_threshold=threshold)
        await self.unseal(made["keys"][:threshold])
        return list(made["keys"])

    async def _token(self) -> str:
        token = "hvs." + secrets.token_urlsafe(18)
        self.tokens.append(token)
        await self.barrier.apply({f"tokens/{len(self.tokens)}": b"1"})
        return token

    async def _unsealed(self) -> None:
        await asyncio.sleep(0)
        self.events.append("unsealed")

    async def _sealing(self) -> None:
        assert not self.barrier.sealed
        self.events.append("sealing")
