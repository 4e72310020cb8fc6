"""What hangs on a token ends with it: children and theirs, leases, cubbyhole. A crash in the middle loses none of it.

A token is revoked in two steps. First its entry is replaced, in one write, by a mark: from then on nobody can use it.
Then its whole tree is marked, and only then is each mark worked off. What is left of that after a crash, or after a
failure of the storage, is found by the marks.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Final

import structlog

from stratumiops.vault import view
from stratumiops.vault.errors import StorageFailed
from stratumiops.vault.leases import entries as lease_entries
from stratumiops.vault.leases.store import LeaseStore
from stratumiops.vault.tasks import ended
from stratumiops.vault.tokens import entries
from stratumiops.vault.tokens.models import WRAPPING, Token
from stratumiops.vault.view import View

log = structlog.get_logger("svault.tokens")
OnEnd = Callable[[Token], Awaitable[None]]
_PAGE: Final = 32
_PAUSE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Ending:
    """A token that was revoked, and under which id it was kept; `orphans`: its children live on."""

    token_id: str
    token: Token
    orphans: bool = False

    def encoded(self) -> bytes:
        """As it is kept."""
        return view.encoded({"id": self.token_id, "token": asdict(self.token), "orphans": self.orphans})

    @classmethod
    def decoded(cls, data: bytes) -> "Ending":
        """The inverse of `encoded`."""
        fields = view.decoded(data)
        return cls(fields["id"], entries.from_fields(fields["token"]), fields["orphans"])


def marks(ending: Ending) -> dict[str, bytes | None]:
    """The changes that end a token: its entry and its lease go, what has to be worked off comes."""
    token_id, token = ending.token_id, ending.token
    changes: dict[str, bytes | None] = {
        entries.entry(token_id): None, entries.ending(token.accessor): ending.encoded()
    }  # fmt: skip
    if token.kind == WRAPPING:
        changes[entries.wrapped(token_id)] = None
    if token.expires:
        changes.update(lease_entries.dropped(entries.lease_of(token, token_id)))
    return changes


Mark = Callable[[str], Awaitable[bool]]
"""Marks the token that an accessor names; False: there is none any more."""
Orphan = Callable[[str], Awaitable[None]]
"""Takes the token that an accessor names from its parent."""


class Endings:
    """Works off the marks of revoked tokens."""

    def __init__(self, view: View, leases: LeaseStore, mark: Mark, orphan: Orphan) -> None:
        self.on_end: list[OnEnd] = []
        self._view = view
        self._leases = leases
        self._mark = mark
        self._orphan = orphan
        self._in_use: set[str] = set()
        self._running = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Work off, in the background, what a crash has left."""
        self._running = True
        self._finish_later()

    async def stop(self) -> None:
        """Leave the rest for the next start."""
        self._running = False
        self._in_use.clear()
        task, self._task = self._task, None
        await ended(task)

    def hold(self, accessor: str) -> None:
        """A marked token serves its last request: what hangs on it is needed until `cascade`."""
        self._in_use.add(accessor)

    async def cascade(self, accessor: str) -> None:
        """Mark all below a marked token, then work off the whole tree."""
        self._in_use.discard(accessor)
        done = False
        try:
            await self._free_children(accessor)
            await self._mark_below(accessor)
            await self._work_off(accessor)
            done = True
        finally:
            if not done:
                self._finish_later()

    async def resume(self) -> None:
        """Work off the marks that are there."""
        after = ""
        while names := await self._view.names(entries.ENDINGS, after, _PAGE):
            for accessor in names:
                if accessor not in self._in_use:
                    await self.cascade(accessor)
            after = names[-1]

    def _finish_later(self) -> None:
        if self._running and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._finish())

    async def _finish(self) -> None:
        while True:
            try:
                return await self.resume()
            except StorageFailed as failure:
                log.warning("revoked tokens are not cleaned up now", reason=str(failure))
                await asyncio.sleep(_PAUSE_S)

    async def _ending(self, accessor: str) -> Ending | None:
        data = await self._view.get(entries.ending(accessor))
        return None if data is None else Ending.decoded(data)

    async def _free_children(self, accessor: str) -> None:
        ending, after = await self._ending(accessor), ""
        if ending is None or not ending.orphans:
            return
        while names := await self._view.names(entries.children(accessor), after, _PAGE):
            await asyncio.gather(*(self._orphan(child) for child in names))
            after = names[-1]

    async def _mark_below(self, accessor: str) -> None:
        levels = [(accessor, "")]
        while levels:
            parent, after = levels.pop()
            names = await self._view.names(entries.children(parent), after, _PAGE)
            if names:
                levels.append((parent, names[-1]))
                await asyncio.gather(*(self._mark(child) for child in names))
                levels += [(child, "") for child in names]

    async def _work_off(self, accessor: str) -> None:
        levels = [(accessor, "")]
        while levels:
            current, parent = levels[-1]
            names = await self._view.names(entries.children(current), limit=_PAGE)
            if names:
                await asyncio.gather(*(self._mark(child) for child in names))
                levels += [(child, current) for child in names]
            else:
                await self._forget(current, parent)
                levels.pop()

    async def _forget(self, accessor: str, parent: str) -> None:
        ending = await self._ending(accessor)
        keys = [entries.of_accessor(accessor), entries.ending(accessor)]
        if parent:
            keys.append(entries.children(parent) + accessor)
        if ending is not None:
            token = ending.token
            await self._leases.revoke_of_token(accessor)
            for told in self.on_end:
                await told(token)
            if token.parent and token.parent != parent:
                keys.append(entries.children(token.parent) + accessor)
        await self._view.delete(*keys)
