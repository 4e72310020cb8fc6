"""What is where: mounts, engines, policies and ids of namespaces by path, for parts that know nothing of mounting."""

from stratumiops.vault.backend import Backend
from stratumiops.vault.core.mounted import Mounted
from stratumiops.vault.core.mounting import Mounting
from stratumiops.vault.cubbyhole.backend import CubbyholeBackend
from stratumiops.vault.errors import StorageFailed
from stratumiops.vault.policies.store import PolicyStore
from stratumiops.vault.policies.verdict import KINDS
from stratumiops.vault.request import Operation, Request
from stratumiops.vault.tokens.models import Token


class Places:
    """Answers for paths that begin with their namespace.

    Args:
        no_policies: those of a namespace that is gone.
    """

    def __init__(self, mounting: Mounting, no_policies: PolicyStore) -> None:
        self._mounting = mounting
        self._no_policies = no_policies

    def mount_of(self, path: str) -> tuple[str, str]:
        """The path and the type of the mount that a path leads to; "": none."""
        mounted = self._mounting.of(path)
        return ("", "") if mounted is None else (mounted.mount.namespace + mounted.mount.path, mounted.mount.kind)

    def backend_of(self, path: str) -> Backend | None:
        """What serves a path."""
        mounted = self._mounting.of(path)
        return None if mounted is None else mounted.backend

    def wants_sudo(self, operation: Operation, path: str) -> bool:
        """Whether the capability sudo is needed beside the operation's own."""
        mounted = self._mounting.of(path)
        if mounted is None:
            return False
        request = Request(id="", operation=operation, path=path[len(mounted.mount.path) :], mount=mounted.mount.path)
        return mounted.backend.needs_sudo(request)

    def policies_of(self, namespace: str) -> PolicyStore:
        """The policies of a namespace."""
        found = self._mounting.namespaces.get(namespace)
        return self._no_policies if found is None else found.policies

    async def has_policy(self, namespace: str, name: str) -> bool:
        """Whether a namespace has a policy of this name, of any kind."""
        return any(name in self.policies_of(namespace).names(kind) for kind in KINDS)

    def namespace_id(self, path: str) -> str | None:
        """What tokens are bound to: a namespace made anew has another id than the one that was there before."""
        if not path:
            return ""
        found = self._mounting.namespaces.get(path)
        return None if found is None else found.id

    async def forget_cubbyholes(self, token: Token) -> None:
        """Drop what a token has put away, in its namespace and in those below.

        Raises:
            StorageFailed: nothing is mounted: the vault is being sealed. It is done after the next unseal.
        """
        if self._mounting.mount_at("", "cubbyhole/") is None:
            raise StorageFailed("the vault is being sealed")
        for namespace in self._mounting.namespaces:
            mounted: Mounted | None = None
            if namespace.path.startswith(token.namespace):
                mounted = namespace.mounts.get("cubbyhole/")
            if mounted is not None and isinstance(mounted.backend, CubbyholeBackend):
                await mounted.backend.forget(token)
