"""Makes, moves and ends mounts, and offers each what it needs of the core."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from stratumiops.vault import clock
from stratumiops.vault.backend import Backend, Mount, System
from stratumiops.vault.config import AuthSection
from stratumiops.vault.core.kinds import maker
from stratumiops.vault.core.mounts import Mounted, MountTable, is_own
from stratumiops.vault.core.namespaces import Namespace, Namespaces
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
        self._leaving: dict[str, Mounted] = {}

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

    def backend_of(self, path: str) -> Backend | None:
        """What takes back the leases of a path; also while it is being unmounted."""
        mounted = self.of(path)
        if mounted is None:
            mounted = next((one for prefix, one in self._leaving.items() if path.startswith(prefix)), None)
        return None if mounted is None else mounted.backend

    # ---- changing

    async def open(self) -> None:
        """After an unseal: serve what is kept."""
        await self.namespaces.load()
        for namespace in self.namespaces:
            kept = await namespace.mounts.load()
            for mount in kept:
                namespace.mounts.add(self._served(mount))
            await self._fill(namespace)
            for mounted in namespace.mounts:
                await mounted.backend.start()

    async def close(self) -> None:
        """Before a seal: nothing is served, and nothing stays in memory."""
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
            table = self._table(namespace)
            mounted = table.get(path)
            if mounted is None:
                return
            table.remove(path)
            self._leaving[namespace + path] = mounted
            try:
                await self.revoke_by_prefix(namespace + path)
            except BaseException:
                table.add(mounted)
                raise
            finally:
                del self._leaving[namespace + path]
            await mounted.backend.stop()
            await self._view(mounted.mount).clear()
            await table.forget(mounted.mount)

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
            await table.keep(changed)
            if is_own(changed.path):
                served.mount = served.backend.mount = changed
                return
            await served.backend.stop()
            fresh = self._served(changed)
            await fresh.backend.start()
            table.add(fresh)

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
            await self.revoke_by_prefix(namespace + source)
            moved = replace(mounted.mount, path=target)
            await table.keep(moved)
            table.remove(source)
            await mounted.backend.stop()
            fresh = self._served(moved)
            await fresh.backend.start()
            table.add(fresh)

    # ---- namespaces

    async def add_namespace(self, namespace: Namespace) -> None:
        """Mount what each namespace has."""
        for mount in await namespace.mounts.load():  # of an attempt before
            namespace.mounts.add(self._served(mount))
        await self._fill(namespace)
        for mounted in namespace.mounts:
            await mounted.backend.start()

    async def remove_namespace(self, namespace: Namespace) -> None:
        """End everything that it holds.

        Raises:
            BadRequest: a lease cannot be taken back now; nothing else has ended.
        """
        for mounted in namespace.mounts:
            await self.revoke_by_prefix(namespace.path + mounted.mount.path)
        for mounted in list(namespace.mounts):
            await mounted.backend.stop()
            await self._view(mounted.mount).clear()
        namespace.mounts.clear()
        await namespace.view.clear()

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
        make = self._own.get(mount.kind) if is_own(mount.path) else None
        made = (make or maker(mount.kind, auth=mount.path.startswith("auth/")))(mount, self._view(mount), self)
        return Mounted(mount, made)

    def _view(self, mount: Mount) -> View:
        return View(self._entries, f"logical/{mount.uuid}/")

    def _check_times(self, given: Mapping[str, Any]) -> None:
        default, most = given.get("default_lease_ttl", 0), given.get("max_lease_ttl", 0)
        if default and default > (most or self._times.max_token_ttl):
            raise BadRequest("given default lease TTL greater than given max lease TTL")
