"""Makes, moves and ends mounts, and offers each what it needs of the core."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from stratumiops.vault import clock
from stratumiops.vault.backend import Backend, Mount, System
from stratumiops.vault.config import AuthSection
from stratumiops.vault.core.kinds import maker
from stratumiops.vault.core.mounted import Mounted
from stratumiops.vault.core.mounts import MountTable, is_own
from stratumiops.vault.core.namespaces import Namespace, Namespaces
from stratumiops.vault.core.removal import SYS, Removal
from stratumiops.vault.errors import BadRequest, Internal
from stratumiops.vault.locks import Locks
from stratumiops.vault.policies.password_routes import PasswordPolicies
from stratumiops.vault.view import Entries, View

if TYPE_CHECKING:
    from stratumiops.vault.crypto.port import Crypto
    from stratumiops.vault.leases.store import LeaseStore
    from stratumiops.vault.request import Request

OWN_KINDS: Final[Mapping[str, str]] = {
    "sys/": "system",
    "cubbyhole/": "cubbyhole",
    "identity/": "identity",
    "auth/token/": "token",
}
"""Mounts that every namespace has, and their types."""
_WORDS: Final = {
    "system": "system endpoints used for control, policy and debugging",
    "cubbyhole": "per-token private secret storage",
    "identity": "identity store",
    "token": "token based credentials",
}
Make = Callable[[Mount, View, System], Backend]
Allowed = Callable[["Request", str], bool]


class Mounting:
    """The mounts of all namespaces. It is also the `System` of each of them."""

    def __init__(self, entries: Entries, crypto: "Crypto", times: AuthSection, own: Mapping[str, Make]) -> None:
        self._entries = entries
        self._times = times
        self._own = own
        self._locks = Locks()
        self._crypto = crypto
        self.allowed: Allowed = lambda request, path: True
        self.namespaces = Namespaces(View(entries, "core/"), self)
        self.passwords = PasswordPolicies(self.namespaces.view_of)
        self.leases: LeaseStore | None = None
        self._removal = Removal(entries, self.namespaces, self.revoke_by_prefix)

    # ---- what a mount needs of the core

    @property
    def crypto(self) -> "Crypto":
        """Primitives of the configured backend."""
        return self._crypto

    def now(self) -> float:
        """Seconds since 1970."""
        return clock.now()

    def default_lease_ttl(self, mount: Mount) -> int:
        """Seconds."""
        return min(mount.default_lease_ttl or self._times.token_ttl, self.max_lease_ttl(mount))

    def max_lease_ttl(self, mount: Mount) -> int:
        """Seconds."""
        return mount.max_lease_ttl or self._times.max_token_ttl

    async def revoke_by_prefix(self, prefix: str) -> None:
        """End all leases whose ids begin so.

        Raises:
            BadRequest: an engine cannot take one back now.
        """
        if self.leases is None:
            return
        try:
            await self.leases.revoke_prefix(prefix, sync=True)
        except Internal as error:
            raise BadRequest(*error.messages) from None

    async def password(self, mount: Mount, policy: str) -> str:
        """A new password by a password policy of the mount's namespace."""
        return (await self.passwords.get(mount.namespace, policy)).password()

    # ---- finding

    def mounts(self, namespace: str) -> list[Mounted]:
        """All of them, in order of path."""
        return list(self._table(namespace))

    def mount_at(self, namespace: str, path: str) -> Mounted | None:
        """The mount at just this path."""
        return self._table(namespace).get(path)

    def of(self, path: str) -> Mounted | None:
        """The mount of a path that begins with its namespace."""
        namespace, rest = self.namespaces.split("", path)
        found = self.namespaces.get(namespace)
        return None if found is None else found.mounts.find(rest)

    # ---- changing

    async def open(self) -> None:
        """After an unseal: serve what is kept."""
        await self.namespaces.load()
        left: list[tuple[Namespace, Mount]] = []
        for namespace in self.namespaces:
            for mount in await namespace.mounts.load():
                if mount.leaving:
                    left.append((namespace, mount))
                else:
                    namespace.mounts.add(self._served(mount))
            await self._fill(namespace)
            for mounted in namespace.mounts:
                await mounted.backend.start()
        self._removal.go_on(left, self.namespaces.left)

    async def close(self) -> None:
        """Before a seal: nothing is served, and nothing stays in memory."""
        await self._removal.stop()
        for namespace in self.namespaces:
            for mounted in namespace.mounts:
                await mounted.backend.stop()
            namespace.mounts.clear()
        self.namespaces.forget()

    async def enable(self, namespace: str, path: str, kind: str, **more: Any) -> None:
        """Mount; it serves when this returns.

        Raises:
            BadRequest: the type is unknown, or the path is taken.
        """
        async with self._locks.hold(namespace):
            table = self._table(namespace)
            maker(kind, auth=path.startswith("auth/"))
            table.check_free(path)
            self._check_times(more)
            mount = table.new(path, kind, namespace=namespace, **more)
            mounted = self._served(mount)
            await table.keep(mount)
            await mounted.backend.start()
            table.add(mounted)

    async def disable(self, namespace: str, path: str) -> None:
        """Unmount: leases end, data goes. Nothing there is no error.

        Raises:
            BadRequest: the vault needs it, or a lease cannot be taken back now; the mount stays then.
        """
        if is_own(path):
            raise BadRequest(f'cannot unmount "{path}"')
        async with self._locks.hold(namespace):
            mounted = self._table(namespace).get(path)
            found = self.namespaces.get(namespace)
            if mounted is not None and found is not None:
                await self._removal.mount(found, mounted)

    async def keep(self, changed: Mount) -> None:
        """Keep a mount as it was tuned; an engine that depends on it is made anew.

        Raises:
            BadRequest: its times cannot be, or it is gone.
        """
        self._check_times({"default_lease_ttl": changed.default_lease_ttl, "max_lease_ttl": changed.max_lease_ttl})
        async with self._locks.hold(changed.namespace):
            table = self._table(changed.namespace)
            served = table.get(changed.path)
            if served is None or served.mount.uuid != changed.uuid:
                raise BadRequest(f'no matching mount at "{changed.path}"')
            if is_own(changed.path):
                await table.keep(changed)
                served.mount = served.backend.mount = changed
                return
            async with served.alone():
                await table.keep(changed)
                await self._serve_as(served, changed)

    async def move(self, namespace: str, source: str, target: str) -> None:
        """The mount is at another path when this returns.

        Raises:
            BadRequest: there is none, it cannot be moved, the other path is taken, or a lease cannot be taken back now.
        """
        if is_own(source) or source.startswith("auth/") is not target.startswith("auth/"):
            raise BadRequest(f"cannot remount {source!r} to {target!r}")
        async with self._locks.hold(namespace):
            table = self._table(namespace)
            mounted = table.get(source)
            if mounted is None:
                raise BadRequest(f'no matching mount at "{source}"')
            table.check_free(target)
            async with mounted.alone():
                await self.revoke_by_prefix(namespace + source)
                moved = replace(mounted.mount, path=target)
                await table.keep(moved)
                table.remove(source)
                await self._serve_as(mounted, moved)
                table.add(mounted)

    # ---- namespaces

    async def add_namespace(self, namespace: Namespace) -> None:
        """Mount what each namespace has."""
        for mount in await namespace.mounts.load():  # of an attempt before
            namespace.mounts.add(self._served(mount))
        await self._fill(namespace)
        for mounted in namespace.mounts:
            await mounted.backend.start()

    @asynccontextmanager
    async def closed(self, namespace: Namespace) -> AsyncIterator[None]:
        """See `Changes.closed`."""
        system = namespace.mounts.get(SYS)
        if system is None:
            yield
        else:
            async with system.alone():
                yield

    async def remove_namespace(self, namespace: Namespace) -> None:
        """See `Changes.remove_namespace`."""
        await self._removal.namespace(namespace)

    # ---- inside

    def _table(self, namespace: str) -> MountTable:
        found = self.namespaces.get(namespace)
        if found is None:
            raise BadRequest(f"no namespace {namespace!r}")
        return found.mounts

    async def _fill(self, namespace: Namespace) -> None:
        for path, kind in OWN_KINDS.items():
            if namespace.mounts.get(path) is None:
                mount = namespace.mounts.new(
                    path,
                    kind,
                    namespace=namespace.path,
                    description=_WORDS[kind],
                    local=kind == "cubbyhole",
                    seal_wrap=kind == "system",
                )
                await namespace.mounts.keep(mount)
                namespace.mounts.add(self._served(mount))

    def _served(self, mount: Mount) -> Mounted:
        return Mounted(mount, self._backend(mount))

    def _backend(self, mount: Mount) -> Backend:
        make = self._own.get(mount.kind) if is_own(mount.path) else None
        return (make or maker(mount.kind, auth=mount.path.startswith("auth/")))(mount, self._removal.view(mount), self)

    async def _serve_as(self, mounted: Mounted, changed: Mount) -> None:
        """Go on with another configuration; nobody uses it meanwhile."""
        await mounted.backend.stop()
        mounted.mount, mounted.backend = changed, self._backend(changed)
        await mounted.backend.start()

    def _check_times(self, given: Mapping[str, Any]) -> None:
        default, most = given.get("default_lease_ttl", 0), given.get("max_lease_ttl", 0)
        if default and default > (most or self._times.max_token_ttl):
            raise BadRequest("given default lease TTL greater than given max lease TTL")
