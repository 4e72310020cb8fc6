"""The routes of single fields of a role: `role/{name}/policies` and its like, and `role/{name}/role-id`."""

from collections.abc import Iterator
from typing import Any, Final

from stratumiops.vault.auth.approle.roles import Role, Roles
from stratumiops.vault.auth.names import named
from stratumiops.vault.backend import Match, Route
from stratumiops.vault.errors import BadRequest, NotFound, UnsupportedOperation, UnsupportedPath
from stratumiops.vault.fields import Fields
from stratumiops.vault.locks import Locks
from stratumiops.vault.request import Request, Response

_FIELDS: Final[dict[str, tuple[tuple[str, ...], Any]]] = {
    "policies": (("token_policies", "policies"), []),
    "secret-id-num-uses": (("secret_id_num_uses",), 0),
    "secret-id-ttl": (("secret_id_ttl",), 0),
    "secret-id-bound-cidrs": (("secret_id_bound_cidrs",), []),
    "bind-secret-id": (("bind_secret_id",), True),
    "token-num-uses": (("token_num_uses",), 0),
    "token-ttl": (("token_ttl",), 0),
    "token-max-ttl": (("token_max_ttl",), 0),
    "token-bound-cidrs": (("token_bound_cidrs",), []),
    "period": (("token_period", "period"), 0),
    "local-secret-ids": (("local_secret_ids",), None),
}
"""What a route is for: the names of its field, the newest first, and what a DELETE sets; None: it is read only."""


class RoleFields:
    """Answers requests for single fields; `locks` are those of the roles' names."""

    def __init__(self, roles: Roles, locks: Locks) -> None:
        self._roles = roles
        self._locks = locks

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        yield Route("role/{name}/role-id", read=self._read_id, write=self._write_id)
        yield Route("role/{name}/{field}", read=self._read, write=self._write, delete=self._reset)

    async def _read_id(self, _: Request, match: Match) -> Response:
        return Response({"role_id": (await self._role(match)).role_id})

    async def _write_id(self, request: Request, match: Match) -> None:
        role_id = Fields(request.data).required("role_id")
        await self._change(match, {"role_id": role_id})

    async def _read(self, _: Request, match: Match) -> Response:
        names, _ = _field(match)
        shown = (await self._role(match)).shown()
        return Response({name: shown[name] for name in names if name in shown})

    async def _write(self, request: Request, match: Match) -> None:
        names, usual = _field(match)
        if usual is None:
            raise UnsupportedOperation
        given = {name: request.data[name] for name in names if request.data.get(name) is not None}
        if not given:
            raise BadRequest(f"missing {names[0]}")
        await self._change(match, given)

    async def _reset(self, _: Request, match: Match) -> None:
        names, usual = _field(match)
        if usual is None:
            raise UnsupportedOperation
        await self._change(match, {names[0]: usual})

    async def _change(self, match: Match, given: dict[str, Any]) -> None:
        async with self._locks.hold(named(match["name"])):
            role = await self._role(match)
            await self._roles.save(role.changed(Fields(given)), role)

    async def _role(self, match: Match) -> Role:
        role = await self._roles.get(named(match["name"]))
        if role is None:
            raise NotFound
        return role


def _field(match: Match) -> tuple[tuple[str, ...], Any]:
    found = _FIELDS.get(match["field"])
    if found is None:
        raise UnsupportedPath
    return found
