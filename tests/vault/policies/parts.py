"""Policies and the routes of them, over a storage in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from stratumiops.vault.backend import Backend, Route
from stratumiops.vault.policies.authorizer import Authorizer
from stratumiops.vault.policies.capability_routes import CapabilityRoutes
from stratumiops.vault.policies.routes import PolicyRoutes
from stratumiops.vault.policies.store import PolicyStore
from stratumiops.vault.request import Operation, Request
from stratumiops.vault.storage.memory import MemoryStorage
from stratumiops.vault.tokens.models import Token
from stratumiops.vault.view import View

from ..mounted import Mounted, mounted  # noqa: TID252 - tests are no package on the path

MOUNTS = {"secret/": "kv", "sys/": "system", "team/a/secret/": "kv"}


def mount_of(path: str) -> tuple[str, str]:
    return next(((mount, kind) for mount, kind in MOUNTS.items() if path.startswith(mount)), ("", ""))


def token(*policies: str, accessor: str = "acc", **more: object) -> Token:
    known = {"path": "auth/token/create", "created": 0, "expires": 0, "ttl": 0, "display_name": "token"}
    return Token(accessor=accessor, policies=policies, **known | more)  # type: ignore[arg-type]


def request(operation: Operation, path: str, **more: object) -> Request:
    mount = mount_of(path)[0]
    return Request(id="r", operation=operation, path=path[len(mount) :], mount=mount, **more)  # type: ignore[arg-type]


@dataclass
class Policies:
    view: View = field(default_factory=lambda: View(MemoryStorage(), "policy/"))
    tokens: dict[str, Token] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.store = PolicyStore(self.view)
        self.authorizer = Authorizer(self.store, mount_of=mount_of)
        parts = (
            CapabilityRoutes(
                self.authorizer, by_token=self.by_token, by_accessor=self.by_accessor,
                needs_sudo=lambda _, path: path.startswith("sys/audit/"),
            ),
            PolicyRoutes(lambda _: self.store),
        )  # fmt: skip

        class System(Backend):
            kind = "system"

            def routes(self) -> Iterator[Route]:
                for part in parts:
                    yield from part.routes()

        self.sys: Mounted = mounted(System, "sys/")

    async def by_token(self, client_token: str) -> Token | None:
        return self.tokens.get(client_token)

    async def by_accessor(self, accessor: str) -> Token | None:
        return next((one for one in self.tokens.values() if one.accessor == accessor), None)

    def allows(self, who: Token, operation: Operation, path: str, **more: object) -> bool:
        return self.authorizer.check(request(operation, path, **more), who).allowed
