"""Mounts and namespaces are removed: first what they have given, then what they hold.

From an instant on it is on record that one is leaving. What a crash leaves of it is cleared after the next unseal.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog

from stratumiops.vault.backend import Mount
from stratumiops.vault.core.mounted import Mounted
from stratumiops.vault.errors import StorageFailed
from stratumiops.vault.tasks import ended
from stratumiops.vault.view import Entries, View

if TYPE_CHECKING:
    from stratumiops.vault.core.namespaces import Namespace, Namespaces

SYS: Final = "sys/"
log = structlog.get_logger("svault.core")


class Removal:
    """Removes mounts and namespaces.

    Args:
        end_leases: ends all whose ids begin so, or raises what the engine says.
    """

    def __init__(
        self, entries: Entries, namespaces: "Namespaces", end_leases: Callable[[str], Awaitable[None]]
    ) -> None:
        self._entries = entries
        self._namespaces = namespaces
        self._end_leases = end_leases
        self._task: asyncio.Task[None] | None = None

    def view(self, mount: Mount) -> View:
        """What a mount holds."""
        return View(self._entries, f"logical/{mount.uuid}/")

    async def mount(self, namespace: "Namespace", mounted: Mounted) -> None:
        """Remove a mount.

        Raises:
            BadRequest: what it has given cannot be taken back now; it stays.
        """
        async with mounted.alone():
            await self._end_leases(namespace.path + mounted.mount.path)
            await namespace.mounts.keep(replace(mounted.mount, leaving=True))
            namespace.mounts.remove(mounted.mount.path)
            mounted.is_gone = True
            await mounted.backend.stop()
            await self._clear_mount(namespace, mounted.mount)

    async def namespace(self, namespace: "Namespace") -> None:
        """Remove a namespace with its mounts; nobody is inside of its `sys/`, so that these are all.

        Raises:
            BadRequest: see `mount`.
        """
        mounts = list(namespace.mounts)
        async with AsyncExitStack() as closed:
            for mounted in mounts:
                if mounted.mount.path != SYS:
                    await closed.enter_async_context(mounted.alone())
            for mounted in mounts:
                await self._end_leases(namespace.path + mounted.mount.path)
            await self._namespaces.keep(replace(namespace, leaving=True))
            for mounted in mounts:
                mounted.is_gone = True
            for mounted in mounts:
                await mounted.backend.stop()
            namespace.mounts.clear()
            await self._clear_namespace(namespace, [mounted.mount for mounted in mounts])

    def go_on(self, mounts: Sequence[tuple["Namespace", Mount]], namespaces: Sequence["Namespace"]) -> None:
        """Clear, in the background, what was leaving when the process ended."""
        if mounts or namespaces:
            self._task = asyncio.create_task(self._go_on(mounts, namespaces))

    async def stop(self) -> None:
        """Leave the rest for the next unseal."""
        task, self._task = self._task, None
        await ended(task)

    async def _go_on(self, mounts: Sequence[tuple["Namespace", Mount]], namespaces: Sequence["Namespace"]) -> None:
        try:
            for namespace, mount in mounts:
                await self._clear_mount(namespace, mount)
            for namespace in namespaces:
                await self._clear_namespace(namespace, await namespace.mounts.load())
        except StorageFailed as failure:
            log.warning("what was unmounted is not cleared now", reason=str(failure))

    async def _clear_mount(self, namespace: "Namespace", mount: Mount) -> None:
        await self.view(mount).clear()
        await namespace.mounts.forget(mount)

    async def _clear_namespace(self, namespace: "Namespace", mounts: Sequence[Mount]) -> None:
        for mount in mounts:
            await self.view(mount).clear()
        await namespace.view.clear()
        await self._namespaces.drop(namespace)
