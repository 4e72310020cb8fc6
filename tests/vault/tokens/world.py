"""Tokens, leases, cubbyhole and wrapping over one storage in memory, wired as the core wires them."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from stratumiops.vault.backend import Backend, Mount, Route
from stratumiops.vault.cubbyhole.backend import CubbyholeBackend
from stratumiops.vault.errors import Internal, StorageFailed
from stratumiops.vault.leases.orders import Orders
from stratumiops.vault.leases.routes import LeaseRoutes
from stratumiops.vault.leases.store import LeaseStore
from stratumiops.vault.leases.worker import RevocationWorker
from stratumiops.vault.request import Auth, Operation, Request, Response, Secret
from stratumiops.vault.storage.memory import MemoryStorage
from stratumiops.vault.tokens.backend import TokenBackend
from stratumiops.vault.tokens.lifetime import Limits
from stratumiops.vault.tokens.models import Token
from stratumiops.vault.tokens.store import TokenStore
from stratumiops.vault.tokens.wrapping import Wrapping
from stratumiops.vault.view import View

from ..mounted import DAY_S, FixedSystem  # noqa: TID252 - tests are no package on the path

READ, WRITE, LIST, DELETE = Operation.READ, Operation.UPDATE, Operation.LIST, Operation.DELETE
LIMITS = Limits(32 * DAY_S, 32 * DAY_S)
START = 1_700_000_000.0


@dataclass
class FailingStorage(MemoryStorage):
    """A storage in memory that lets others go on meanwhile, as real ones do, and fails when told to: before or after
    it has made the changes."""

    fails: str = ""
    writes: int = 0

    def __post_init__(self) -> None:
        MemoryStorage.__init__(self)

    async def apply(self, changes: Mapping[str, bytes | None]) -> None:
        self.writes += 1
        await asyncio.sleep(0)
        if self.fails != "before":
            await super().apply(changes)
        if self.fails:
            raise StorageFailed("the disk is full")
        await asyncio.sleep(0)

    async def get(self, key: str) -> bytes | None:
        await asyncio.sleep(0)
        found = await super().get(key)
        await asyncio.sleep(0)
        return found

    async def names(self, prefix: str, after: str = "", limit: int = 0) -> list[str]:
        found = await super().names(prefix, after, limit)
        await asyncio.sleep(0)
        return found


class Engine(Backend):
    """Gives secrets, and remembers which of them it took back."""

    kind: ClassVar[str] = "engine"

    def __init__(self, mount: Mount, view: View, system: FixedSystem) -> None:
        super().__init__(mount, view, system)
        self.revoked: Counter[str] = Counter()
        self.renewed: list[int] = []
        self.broken = False
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    def routes(self) -> Iterator[Route]:
        yield Route("none")

    async def renew(self, secret: Secret, increment: int) -> Secret:
        self.renewed.append(increment)
        return secret

    async def revoke(self, secret: Secret) -> None:
        await self.may_answer.wait()
        if self.broken:
            raise Internal("connection refused")
        self.revoked[secret.internal["name"]] += 1


class Core(Backend):
    """The routes below `sys/`, without the core."""

    kind: ClassVar[str] = "system"

    def __init__(self, mount: Mount, view: View, system: FixedSystem, parts: list[Any]) -> None:
        self._parts = parts
        super().__init__(mount, view, system)

    def routes(self) -> Iterator[Route]:
        for part in self._parts:
            yield from part.routes()


@dataclass
class World:
    """`sudo`: the accessors of tokens that have the capability sudo everywhere."""

    storage: FailingStorage = field(default_factory=FailingStorage)
    system: FixedSystem = field(default_factory=lambda: FixedSystem(at=START))
    sudo: set[str] = field(default_factory=set)
    events: Counter[str] = field(default_factory=Counter)
    root: str = ""

    def __post_init__(self) -> None:
        self.view = View(self.storage, "core/")
        self.engine = Engine(_mount("db/"), self._below("db"), self.system)
        self.login = Engine(_mount("auth/approle/"), self._below("approle"), self.system)
        self.cubbyhole = CubbyholeBackend(_mount("cubbyhole/"), self._below("cubbyhole"), self.system)
        self.leases = LeaseStore(self.view, self.system.now, self._backend_of, self._count)
        self.tokens = TokenStore(self.view, self.system.now, self.leases)
        self.tokens.on_end.append(self.cubbyhole.forget)
        self.auth = TokenBackend(
            _mount("auth/token/"), self._below("token"), self.system, tokens=self.tokens, has_sudo=self._has_sudo,
            has_policy=self._has_policy, backend_of=lambda path: self.auth if "auth/token/" in path else self.login,
        )  # fmt: skip
        self.wrapping = Wrapping(self.tokens)
        self.orders = Orders(self.leases)
        self.sys = Core(
            _mount("sys/"),
            self._below("sys"),
            self.system,
            [LeaseRoutes(self.leases, self.orders, lambda _request: True), self.wrapping],
        )
        self.worker = RevocationWorker(self.leases)

    async def begin(self) -> "World":
        await self.tokens.start()
        self.orders.start()
        if not self.root:
            self.root = await self.tokens.create_root()
        return self

    async def restarted(self) -> "World":
        """Another process over what this one has stored."""
        await self.orders.stop()
        await self.tokens.stop()
        self.storage.fails = ""
        return await World(self.storage, self.system, self.sudo, root=self.root).begin()

    async def request(self, operation: Operation, path: str, client_token: str = "", **data: Any) -> Request:
        client_token = client_token or self.root
        mount = next(mount for mount in ("auth/token/", "sys/", "cubbyhole/", "db/") if path.startswith(mount))
        return Request(
            id="1", operation=operation, path=path.removeprefix(mount), data=data, mount=mount, at=self.system.at,
            client_token=client_token, token=await self.tokens.lookup(client_token),
        )  # fmt: skip

    async def ask(self, operation: Operation, path: str, client_token: str = "", **data: Any) -> Response:
        return await self.answer(await self.request(operation, path, client_token, **data))

    async def answer(self, request: Request) -> Response:
        backend = {"auth/token/": self.auth, "sys/": self.sys, "cubbyhole/": self.cubbyhole}[request.mount]
        return await backend.handle(request) or Response(status=204)

    async def data(self, operation: Operation, path: str, client_token: str = "", **data: Any) -> dict[str, Any]:
        return dict((await self.ask(operation, path, client_token, **data)).data or {})

    async def create(self, client_token: str = "", how: str = "create", **data: Any) -> Auth:
        auth = (await self.ask(WRITE, f"auth/token/{how}", client_token, **data)).auth
        assert auth is not None
        return auth

    async def token(self, client_token: str = "", **data: Any) -> str:
        return (await self.create(client_token, **{"policies": ["dev"], "ttl": "1h", **data})).client_token

    async def lease(self, name: str, client_token: str = "", **times: Any) -> str:
        request = await self.request(READ, "db/creds/app", client_token)
        secret = Secret(**{"ttl": 600, "max_ttl": 3600, **times}, internal={"name": name})
        return await self.leases.register(secret, request)

    async def is_alive(self, client_token: str) -> bool:
        return await self.tokens.lookup(client_token) is not None

    async def carried_out(self) -> None:
        """Wait until no order to revoke is left."""
        async with asyncio.timeout(30):
            while any("lease/order/" in key for key in self.stored()):
                await asyncio.sleep(0)

    def stored(self) -> set[str]:
        """The keys of all that is stored."""
        return set(self.storage._values)

    def _below(self, name: str) -> View:
        return View(self.storage, f"logical/{name}/")

    def _backend_of(self, path: str) -> Backend | None:
        return self.engine if "db/" in path else None

    def _count(self, event: str, _path: str) -> None:
        self.events[event] += 1

    async def _has_sudo(self, request: Request) -> bool:
        token: Token | None = request.token
        return token is not None and token.accessor in self.sudo

    async def _has_policy(self, _namespace: str, name: str) -> bool:
        return name in {"default", "root", "dev", "dev2", "su"}


def _mount(path: str) -> Mount:
    return Mount(path=path, kind=path, accessor="a", uuid="u")
