"""Namespaces: vaults within the vault, each with mounts and policies of its own."""

import uuid
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.core.mounts import MountTable, clean_path
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.fields import Fields
from stratumiops.vault.locks import Locks
from stratumiops.vault.policies.store import PolicyStore
from stratumiops.vault.request import Request, Response, listing
from stratumiops.vault.view import View

ROOT_ID: Final = "root"
_RESERVED: Final = ("sys", "auth", "cubbyhole", "identity", "root", "audit", ".", "..")


@dataclass(slots=True)
class Namespace:
    """One namespace: `path` is "" for the root, else `team/a/`."""

    path: str
    id: str
    view: View
    mounts: MountTable
    policies: PolicyStore
    custom_metadata: dict[str, str] = field(default_factory=dict)
    leaving: bool = False
    """It was removed, and what it holds is still to be cleared."""

    def shown(self) -> dict[str, Any]:
        """As routes show it."""
        return {"id": self.id, "path": self.path, "custom_metadata": self.custom_metadata}


class Changes(Protocol):
    """What fills and empties a namespace."""

    async def add_namespace(self, namespace: Namespace) -> None:
        """Mount what each namespace has."""

    def closed(self, namespace: Namespace) -> AbstractAsyncContextManager[None]:
        """Nobody is inside of its `sys/` while the block runs: nothing is mounted or made there."""

    async def remove_namespace(self, namespace: Namespace) -> None:
        """End everything that it holds, and drop it. It is closed.

        Raises:
            BadRequest: what it has given cannot be taken back now; it stays.
        """


class Namespaces:
    """The namespaces by path, and `sys/namespaces`."""

    def __init__(self, view: View, changes: Changes) -> None:
        self._view = view
        self._changes = changes
        self._locks = Locks()
        self._by_path: dict[str, Namespace] = {"": self._made("", ROOT_ID, {})}
        self._unsure: dict[str, str] = {}
        self.left: list[Namespace] = []
        """Those that were leaving when they were loaded."""

    def __iter__(self) -> Iterator[Namespace]:
        """All of them, the root first."""
        return iter([self._by_path[path] for path in sorted(self._by_path)])

    @property
    def root(self) -> Namespace:
        """The root."""
        return self._by_path[""]

    def get(self, path: str) -> Namespace | None:
        """A namespace."""
        return self._by_path.get(path)

    def view_of(self, path: str) -> View:
        """Where a namespace keeps what is its own.

        Raises:
            NotFound: it is gone.
        """
        found = self._by_path.get(path)
        if found is None:
            raise NotFound
        return found.view

    def split(self, base: str, path: str) -> tuple[str, str]:
        """The deepest namespace that a path within another leads into, and the rest of the path."""
        found, rest = base, path
        while len(self._by_path) > 1:
            first, slash, more = rest.partition("/")
            if not slash or f"{found}{first}/" not in self._by_path:
                break
            found, rest = f"{found}{first}/", more
        return found, rest

    async def load(self) -> None:
        """Take up what is kept."""
        self.left.clear()
        for key in await self._view.below("namespaces/").names():
            kept = await self._view.read(f"namespaces/{key}")
            made = self._made(kept["path"], key, kept["custom_metadata"])
            if kept.get("leaving"):
                self.left.append(made)
                continue
            self._by_path[made.path] = made
            await made.policies.start()

    def forget(self) -> None:
        """Only the root is left in memory."""
        self._unsure.clear()
        for path in [path for path in self._by_path if path]:
            del self._by_path[path]

    def routes(self) -> Iterator[Route]:
        """Relative to `sys/`."""
        yield Route("namespaces", list=self._list)
        yield Route("namespaces/{path*}", read=self._read, write=self._write, patch=self._write, delete=self._delete)

    # ---- inside

    def _new(self, path: str, metadata: dict[str, str]) -> Namespace:
        """A new one. When the storage did not say whether it kept one before, it is that one."""
        return self._made(path, self._unsure.setdefault(path, str(uuid.uuid4())), metadata)

    def _made(self, path: str, own_id: str, metadata: dict[str, str]) -> Namespace:
        view = self._view if own_id == ROOT_ID else self._view.below(f"ns/{own_id}/")
        return Namespace(path, own_id, view, MountTable(view), PolicyStore(view.below("policies/")), metadata)

    async def _list(self, request: Request, match: Match) -> Response:
        base = request.namespace
        below = [path[len(base) :] for path in sorted(self._by_path) if path.startswith(base) and path != base]
        keys = [path for path in below if path.count("/") == 1]
        return listing(keys, {key: self._by_path[base + key].shown() for key in keys})

    async def _read(self, request: Request, match: Match) -> Response:
        return Response(self._existing(request, match).shown())

    async def _write(self, request: Request, match: Match) -> Response:
        path = request.namespace + clean_path(match["path"])
        given = Fields(request.data).mapping("custom_metadata")
        if not all(isinstance(value, str) for value in given.values()):
            raise BadRequest("custom_metadata must be a map of strings")
        parent, _, name = path[:-1].rpartition("/")
        if name in _RESERVED:
            raise BadRequest(f"{name!r} is a reserved path and cannot be used as a namespace")
        parent = f"{parent}/" if parent else ""
        async with self._locks.hold(parent), self._locks.hold(path):  # the one above is not removed meanwhile
            self._check_parent(parent, name)
            found = self._by_path.get(path)
            changed = self._new(path, given) if found is None else found
            if found is None:
                await self._changes.add_namespace(changed)
            elif given:
                changed = replace(found, custom_metadata=given)
            await self.keep(changed)
            self._by_path[path] = changed
            self._unsure.pop(path, None)
        return Response(changed.shown())

    async def _delete(self, request: Request, match: Match) -> None:
        path = request.namespace + clean_path(match["path"])
        found = self._by_path.get(path)
        if found is None:
            return
        async with self._changes.closed(found), self._locks.hold(path):
            if self._by_path.get(path) is not found:
                return
            if any(other.startswith(path) and other != path for other in self._by_path):
                raise BadRequest("the namespace has others in it; delete those first")
            await self._changes.remove_namespace(found)

    async def keep(self, namespace: Namespace) -> None:
        """Write a namespace."""
        kept = {
            "path": namespace.path, "custom_metadata": namespace.custom_metadata, "leaving": namespace.leaving
        }  # fmt: skip
        await self._view.write(f"namespaces/{namespace.id}", kept)
        if namespace.leaving:
            self._by_path.pop(namespace.path, None)

    async def drop(self, namespace: Namespace) -> None:
        """Forget a namespace that has left."""
        await self._view.delete(f"namespaces/{namespace.id}")

    def _check_parent(self, parent: str, name: str) -> None:
        above = self._by_path.get(parent)
        if above is None:
            raise BadRequest(f"the namespace {parent[:-1]!r} is not there; make it first")
        if above.mounts.find(f"{name}/") is not None:
            raise BadRequest(f"path is already in use at {name}/")

    def _existing(self, request: Request, match: Match) -> Namespace:
        found = self._by_path.get(request.namespace + clean_path(match["path"]))
        if found is None:
            raise NotFound
        return found
