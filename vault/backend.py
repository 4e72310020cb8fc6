"""What every mount is made of: routes to handlers, and what a lease of it needs."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

from stratumiops.vault.errors import UnsupportedOperation, UnsupportedPath
from stratumiops.vault.request import WRITES, Operation, Request, Response, Secret
from stratumiops.vault.tokens.lifetime import Limits, Terms
from stratumiops.vault.view import View

if TYPE_CHECKING:
    from stratumiops.vault.crypto.port import Crypto
    from stratumiops.vault.tokens.models import Token

Match = Mapping[str, str]
Handler = Callable[[Request, Match], Awaitable[Response | None]]
Exists = Callable[[Request, Match], Awaitable[bool]]
JSON: Final = "application/json"
_PART: Final = re.compile(r"\{(\w+)(\*?)\}")


@dataclass(slots=True)
class Mount:
    """A mount as it is kept. `path` ends with `/`, that of an auth method begins with `auth/`; TTL 0: the system's."""

    path: str
    kind: str
    accessor: str
    uuid: str
    description: str = ""
    options: dict[str, str] | None = None
    default_lease_ttl: int = 0
    max_lease_ttl: int = 0
    local: bool = False
    seal_wrap: bool = False
    external_entropy_access: bool = False
    token_type: str = "default-service"  # noqa: S105 - a kind of token
    namespace: str = ""
    config: dict[str, Any] = field(default_factory=dict)
    leaving: bool = False
    """It was unmounted, and what it holds is still to be cleared."""


class System(Protocol):
    """What the core offers to a mount."""

    @property
    def crypto(self) -> "Crypto":
        """Primitives of the configured backend."""

    def default_lease_ttl(self, mount: Mount) -> int:
        """Seconds."""

    def max_lease_ttl(self, mount: Mount) -> int:
        """Seconds."""

    def now(self) -> float:
        """Seconds since 1970."""

    async def revoke_by_prefix(self, prefix: str) -> None:
        """End all leases whose ids begin so.

        Raises:
            BadRequest: an engine cannot take one back now.
        """

    async def password(self, mount: Mount, policy: str) -> str:
        """A new password by a password policy of the mount's namespace.

        Raises:
            BadRequest: there is no such policy.
        """


@dataclass(frozen=True, slots=True)
class Route:
    """Paths, and what answers each operation on them.

    In a template `{name}` stands for one segment and `{path*}`, at its end, for all that is left. A write is one
    handler for CREATE and UPDATE; which of the two it is, policies learn from `exists`; without one it is UPDATE.
    `public` routes need no token, `sudo` ones the capability of that name. The rest is for the description of the API:
    the content type of the body; the content types of answers by status, where it is not JSON with 200 for an answer
    and 204 for None, by the handler's type; and whether it is in there.
    """

    template: str
    read: Handler | None = None
    write: Handler | None = None
    patch: Handler | None = None
    delete: Handler | None = None
    list: Handler | None = None
    exists: Exists | None = None
    public: bool = False
    sudo: bool = False
    takes: str = JSON
    answers: Mapping[int, str] = field(default_factory=dict, hash=False)
    described: bool = True

    def handler(self, operation: Operation) -> Handler | None:
        """What answers an operation."""
        if operation is Operation.READ:
            return self.read
        if operation in WRITES:
            return self.write
        if operation is Operation.LIST:
            return self.list
        return self.patch if operation is Operation.PATCH else self.delete


class Routes:
    """Routes by path; the first that fits counts. Those of the last path are kept: a request asks several times."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._by_first: dict[str, list[tuple[re.Pattern[str], Route]]] = {}
        self._others: list[tuple[re.Pattern[str], Route]] = []
        for route in routes:
            first = route.template.split("/", 1)[0]
            pair = (re.compile(_pattern(route.template), re.DOTALL), route)
            if "{" in first:
                self._others.append(pair)
            else:
                self._by_first.setdefault(first, []).append(pair)
        for candidates in self._by_first.values():
            candidates.extend(self._others)
        self._last: tuple[str, list[tuple[Route, Match]]] = ("", self._search(""))

    def find(self, path: str) -> Sequence[tuple[Route, Match]]:
        """The routes that fit a path."""
        last, found = self._last
        if path != last:
            found = self._search(path)
            self._last = (path, found)
        return found

    def _search(self, path: str) -> list[tuple[Route, Match]]:
        candidates = self._by_first.get(path.partition("/")[0], self._others)
        return [
            (route, found.groupdict())
            for pattern, route in candidates
            if (found := pattern.fullmatch(path)) is not None
        ]


class Backend:
    """A secrets engine, an auth method, or a part of the core that answers requests."""

    kind: ClassVar[str] = ""

    def __init__(self, mount: Mount, view: View, system: System) -> None:
        self.mount = mount
        self.view = view
        self.system = system
        self.declared = tuple(self.routes())
        self._routes = Routes(self.declared)

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        raise NotImplementedError

    async def start(self) -> None:
        """Called when it is mounted, and after each unseal."""

    async def stop(self) -> None:
        """Called before it is unmounted, and before each seal; what it holds in memory goes."""

    async def renew(self, secret: Secret, increment: int) -> Secret:
        """Extend what it has given; the core bounds the time. Without more to do, what came in."""
        return secret

    async def revoke(self, secret: Secret) -> None:
        """Take back what it has given; again, when it was taken back already."""

    async def terms(self, token: "Token") -> Terms | None:
        """By what a token of one of its logins is renewed: as the token was made, within what the mount has now.

        None: it is not, and nobody is told why.

        Raises:
            NotRenewed: it is not.
        """
        most = self.system.max_lease_ttl(self.mount)
        limits = Limits(self.system.default_lease_ttl(self.mount), min(token.max_ttl or most, most))
        return Terms(limits, token.last_ttl, token.period, token.explicit_max_ttl)

    def route(self, request: Request) -> tuple[Route, Match, Handler]:
        """What answers a request.

        Raises:
            UnsupportedPath: no route has this path.
            UnsupportedOperation: none of those that have it knows the operation.
        """
        known = False
        for route, match in self._found(request):
            known = True
            handler = route.handler(request.operation)
            if handler is not None:
                return route, match, handler
        raise UnsupportedOperation if known else UnsupportedPath

    async def handle(self, request: Request) -> Response | None:
        """Answer a request that was allowed."""
        _, match, handler = self.route(request)
        return await handler(request, match)

    async def exists(self, request: Request) -> bool:
        """Whether a write changes something that is there."""
        try:
            route, match, _ = self.route(request)
        except (UnsupportedPath, UnsupportedOperation):
            return True
        return True if route.exists is None else await route.exists(request, match)

    def is_public(self, request: Request) -> bool:
        """Whether no token is needed."""
        return any(route.public and route.handler(request.operation) is not None for route, _ in self._found(request))

    def needs_sudo(self, request: Request) -> bool:
        """Whether the capability sudo is needed beside the operation's own."""
        return any(route.sudo and route.handler(request.operation) is not None for route, _ in self._found(request))

    def _found(self, request: Request) -> Sequence[tuple[Route, Match]]:
        path = request.path
        return self._routes.find(path[:-1] if request.operation is Operation.LIST and path.endswith("/") else path)


def _pattern(template: str) -> str:
    parts, at = [], 0
    for found in _PART.finditer(template):
        parts.append(re.escape(template[at : found.start()]))
        parts.append(f"(?P<{found[1]}>.+)" if found[2] else f"(?P<{found[1]}>[^/]+)")
        at = found.end()
    return "".join(parts) + re.escape(template[at:])
