"""The engine."""

import asyncio
from collections.abc import Iterator
from typing import ClassVar, Final

import structlog

from stratumiops.vault.backend import Backend, Mount, Route, System
from stratumiops.vault.engines.database.databases import Databases
from stratumiops.vault.engines.database.roles import Roles
from stratumiops.vault.engines.database.static_roles import StaticRoles
from stratumiops.vault.errors import VaultError
from stratumiops.vault.request import Secret
from stratumiops.vault.view import View

_LOOK_S: Final = 5.0
"""How often it is looked whether a password is due: the shortest period there is."""
_RETRY_S: Final = 30.0
"""How long a password whose change failed is left alone."""
_log = structlog.get_logger(__name__)


class DatabaseBackend(Backend):
    """Databases at a mount. Between `start` and `stop` passwords of static roles change by themselves."""

    kind: ClassVar[str] = "database"

    def __init__(self, mount: Mount, view: View, system: System) -> None:
        self._databases = Databases(view, system, mount)
        self._roles = Roles(view, system, mount, self._databases)
        self._static = StaticRoles(view, system, mount, self._databases)
        self._rotating: asyncio.Task[None] | None = None
        super().__init__(mount, view, system)

    def routes(self) -> Iterator[Route]:
        """See `Backend.routes`."""
        yield from self._databases.routes()
        yield from self._roles.routes()
        yield from self._static.routes()

    async def start(self) -> None:
        """See `Backend.start`."""
        self._rotating = asyncio.create_task(self._rotate(), name=f"rotation of {self.mount.path}")

    async def stop(self) -> None:
        """See `Backend.stop`."""
        task, self._rotating = self._rotating, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        await self._databases.close()

    async def renew(self, secret: Secret, increment: int) -> Secret:
        """See `Backend.renew`."""
        return await self._roles.renew(secret, increment)

    async def revoke(self, secret: Secret) -> None:
        """See `Backend.revoke`."""
        await self._roles.revoke(secret)

    async def _rotate(self) -> None:
        retry: dict[str, float] = {}
        while True:
            try:
                names = await self._static.names()
            except VaultError as error:
                names = []
                _log.warning("static roles cannot be listed", mount=self.mount.path, why=str(error))
            for name in names:
                if self.system.now() >= retry.get(name, 0.0):
                    await self._rotate_one(name, retry)
            await asyncio.sleep(_LOOK_S)

    async def _rotate_one(self, name: str, retry: dict[str, float]) -> None:
        try:
            await self._static.rotate_when_due(name)
        except VaultError as error:
            retry[name] = self.system.now() + _RETRY_S
            _log.warning("a static role cannot be rotated", mount=self.mount.path, role=name, why=str(error))
