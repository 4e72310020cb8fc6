"""The routes of policies below `sys/`."""

from collections.abc import Callable, Iterator
from typing import Any

from stratumiops.vault import clock
from stratumiops.vault.backend import Match, Route
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.fields import Fields
from stratumiops.vault.policies.cedar_schema import SCHEMA
from stratumiops.vault.policies.store import PolicyStore, Stored, normal
from stratumiops.vault.policies.verdict import ACL, CEDAR, KINDS
from stratumiops.vault.request import Request, Response, listing

StoreOf = Callable[[str], PolicyStore]
"""The policies of a namespace."""


class PolicyRoutes:
    """Reads, writes and versions of policies; each namespace has its own."""

    def __init__(self, store_of: StoreOf) -> None:
        self._store_of = store_of

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        yield Route("policy", read=self._list_flat, list=self._list_flat)
        yield Route("policy/{name*}", read=self._read_flat, write=self._write_acl, delete=self._delete_acl)
        yield Route("policies/cedar-schema", read=self._schema)
        for kind in KINDS:
            yield from _KindRoutes(self._store_of, kind).routes()

    async def _list_flat(self, request: Request, _: Match) -> Response:
        names = self._store_of(request.namespace).names(ACL)
        return Response({"keys": names, "policies": names}, flat=True)

    async def _read_flat(self, request: Request, match: Match) -> Response:
        stored = await found(self._store_of(request.namespace), ACL, match["name"], Fields(request.data))
        return Response({"name": normal(match["name"]), "rules": stored.text}, flat=True)

    async def _write_acl(self, request: Request, match: Match) -> Response | None:
        return await write(self._store_of(request.namespace), ACL, match["name"], Fields(request.data))

    async def _delete_acl(self, request: Request, match: Match) -> None:
        await self._store_of(request.namespace).delete(ACL, match["name"])

    async def _schema(self, _: Request, __: Match) -> Response:
        return Response({"schema": SCHEMA})


class _KindRoutes:
    """The same routes for each kind of policy."""

    def __init__(self, store_of: StoreOf, kind: str) -> None:
        self._store_of = store_of
        self._kind = kind

    def routes(self) -> Iterator[Route]:
        yield Route(f"policies/{self._kind}", list=self._list)
        yield Route(
            f"policies/{self._kind}/{{name*}}",
            read=self._read,
            write=self._write,
            delete=self._delete,
            list=self._versions,
        )

    async def _list(self, request: Request, _: Match) -> Response:
        return listing(self._store_of(request.namespace).names(self._kind))

    async def _read(self, request: Request, match: Match) -> Response:
        fields = Fields(request.data)
        stored = await found(self._store_of(request.namespace), self._kind, match["name"], fields)
        data: dict[str, Any] = {"name": normal(match["name"]), "policy": stored.text}
        if fields.has("version") or self._kind == CEDAR:
            data |= {"version": stored.version, "modified": clock.rfc3339(stored.modified)}
        return Response(data)

    async def _write(self, request: Request, match: Match) -> Response | None:
        return await write(self._store_of(request.namespace), self._kind, match["name"], Fields(request.data))

    async def _delete(self, request: Request, match: Match) -> None:
        await self._store_of(request.namespace).delete(self._kind, match["name"])

    async def _versions(self, request: Request, match: Match) -> Response:
        info, store = {}, self._store_of(request.namespace)
        for version in await store.versions(self._kind, match["name"]):
            stored = await store.version(self._kind, match["name"], version)
            removed = stored is None
            info[str(version)] = {
                "removed": removed,
                "modified": "" if stored is None else clock.rfc3339(stored.modified),
            }
        return listing(list(info), info)


async def found(store: PolicyStore, kind: str, name: str, fields: Fields) -> Stored:
    """A policy, in the version that is asked for.

    Raises:
        NotFound: there is none.
    """
    if not fields.has("version"):
        stored = store.get(kind, name)
    else:
        stored = await store.version(kind, name, fields.integer("version"))
    if stored is None:
        raise NotFound
    return stored


async def write(store: PolicyStore, kind: str, name: str, fields: Fields) -> Response | None:
    """Write `policy`, or the text of the version in `version` once more."""
    warnings = []
    text = fields.text("policy")
    if not text and fields.text("rules"):
        text = fields.text("rules")
        warnings.append("'rules' is deprecated, please use 'policy' instead")
    if not text and fields.has("version"):
        text = (await found(store, kind, name, fields)).text
    if not text:
        raise BadRequest("'policy' parameter not supplied or empty")
    await store.write(kind, name, text)
    return Response(warnings=warnings, status=200) if warnings else None
