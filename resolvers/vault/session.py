"""The vault as one operation asks it: with its caller's rights, and with few requests at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from stratumiops.graph.errors import BadInput
from stratumiops.resolvers.knowledge.reader import once
from stratumiops.resolvers.vault.caller import VaultCaller
from stratumiops.resolvers.vault.client import Answer, VaultClient
from stratumiops.resolvers.vault.errors import needs_token, refusal
from stratumiops.resolvers.vault.paths import clean_mount

AT_ONCE: Final = 8
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Mount:
    """A mount that the caller may see."""

    path: str
    type: str
    version: int


class Vault:
    """The vault for one operation."""

    def __init__(self, client: VaultClient, caller: VaultCaller) -> None:
        self.client = client
        self.caller = caller
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._mounts: dict[str, Callable[[], Awaitable[Mount]]] = {}

    async def answer(
        self, method: str, path: str, *, query: Mapping[str, Any] | None = None, data: Mapping[str, Any] | None = None
    ) -> Answer:
        """What the vault answers to the caller, whatever that is.

        Raises:
            Unauthenticated: the caller sent no token.
            Unavailable, TimedOut, TooComplex: see `VaultClient.ask`.
        """
        self.client.required()
        if self.caller.token is None:
            raise needs_token()
        async with self._turns:
            return await self.client.ask(self.caller, method, path, query=query, data=data)

    async def read(self, path: str, **query: Any) -> dict[str, Any]:
        """What is at a path.

        Raises:
            StratumError: the vault refuses; see `errors.refusal`.
        """
        return (await self._done("GET", path, query=query)).data

    async def find(self, path: str, **query: Any) -> dict[str, Any] | None:
        """What is at a path; None: nothing. Raises as `read`."""
        answer = await self.answer("GET", path, query=query)
        if answer.status == 404 and not answer.errors:
            return None
        return _checked(answer, "GET", path).data

    async def names(self, path: str, **query: Any) -> dict[str, Any]:
        """The names below a path, in `keys`, with what else there is; empty: none. Raises as `read`."""
        answer = await self.answer("GET", path, query={"list": "true", **query})
        if answer.status == 404 and not answer.errors:
            return {}
        return _checked(answer, "LIST", path).data

    async def write(self, path: str, data: Mapping[str, Any]) -> Answer:
        """Write at a path. Raises as `read`."""
        return await self._done("PUT", path, data=data)

    async def patch(self, path: str, data: Mapping[str, Any]) -> Answer:
        """Change what is at a path: null takes a name away. Raises as `read`."""
        return await self._done("PATCH", path, data=data)

    async def remove(self, path: str) -> None:
        """Delete at a path. Raises as `read`."""
        await self._done("DELETE", path)

    async def mount(self, mount: str, kind: str) -> Mount:
        """The mount at a path.

        Raises:
            BadInput: it has another type than `kind`.
            StratumError: the vault refuses, or shows the caller no mount there.
        """
        path = clean_mount(mount)
        known = self._mounts.setdefault(path, once(lambda: self._mount(path)))
        found = await known()
        if found.path != path:
            raise BadInput(f"{path} lies below the mount {found.path}.", hint="`mounts` lists them.", field="mount")
        if found.type != kind:
            raise BadInput(f"{path} is a mount of type {found.type}, not {kind}.", field="mount")
        return found

    async def each(self, items: Iterable[T], do: Callable[[T], Coroutine[Any, Any, R]]) -> list[R]:
        """The results for all items, in their order; the first error ends the others."""
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(do(item)) for item in items]
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        return [task.result() for task in tasks]

    async def _mount(self, path: str) -> Mount:
        found = await self.read(f"sys/internal/ui/mounts/{path.removesuffix('/')}")
        options = found.get("options") or {}
        return Mount(str(found.get("path", path)), str(found.get("type")), 2 if options.get("version") == "2" else 1)

    async def _done(self, method: str, path: str, **more: Any) -> Answer:
        return _checked(await self.answer(method, path, **more), method, path)


def _checked(answer: Answer, method: str, path: str) -> Answer:
    if not answer.ok:
        raise refusal(answer, method, path)
    return answer
