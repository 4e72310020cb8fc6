"""The routes of a role's secret ids."""

import uuid
from collections.abc import Iterator

from stratumiops.vault.auth.approle.metadata import parsed
from stratumiops.vault.auth.approle.roles import Role, Roles
from stratumiops.vault.auth.approle.secret_ids import SecretIds, made
from stratumiops.vault.auth.names import named
from stratumiops.vault.backend import Match, Route, System
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.fields import Fields
from stratumiops.vault.locks import Locks
from stratumiops.vault.request import Request, Response, listing


class SecretIdRoutes:
    """Answers requests below `role/{name}/secret-id`; `locks` are those of the roles' names."""

    def __init__(self, roles: Roles, secret_ids: SecretIds, locks: Locks, system: System) -> None:
        self._roles = roles
        self._secret_ids = secret_ids
        self._locks = locks
        self._system = system

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        role = "role/{name}/"
        yield Route(role + "secret-id", write=self._make, list=self._list)
        yield Route(role + "custom-secret-id", write=self._make_custom)
        yield Route(role + "secret-id/lookup", write=self._lookup)
        yield Route(role + "secret-id/destroy", write=self._destroy, delete=self._destroy)
        yield Route(role + "secret-id-accessor/lookup", write=self._lookup_accessor)
        yield Route(role + "secret-id-accessor/destroy", write=self._destroy_accessor, delete=self._destroy_accessor)

    async def _make(self, request: Request, match: Match) -> Response:
        return await self._add(match, Fields(request.data), str(uuid.uuid4()))

    async def _make_custom(self, request: Request, match: Match) -> Response:
        fields = Fields(request.data)
        return await self._add(match, fields, fields.required("secret_id"))

    async def _add(self, match: Match, fields: Fields, secret_id: str) -> Response:
        name = named(match["name"])
        async with self._locks.hold(name):  # so that the role is not deleted meanwhile
            role = await self._roles.get(name)
            if role is None:
                raise NotFound(f'role "{name}" does not exist')
            if not role.bind_secret_id:
                raise BadRequest("bind_secret_id is not set on the role")
            entry = made(role, fields, parsed(fields), self._system.now())
            await self._secret_ids.add(role, secret_id, entry)
        return Response(
            {
                "secret_id": secret_id,
                "secret_id_accessor": entry.accessor,
                "secret_id_ttl": entry.ttl,
                "secret_id_num_uses": entry.uses,
            }
        )

    async def _list(self, _: Request, match: Match) -> Response:
        return listing(await self._secret_ids.accessors(await self._role(match)))

    async def _lookup(self, request: Request, match: Match) -> Response | None:
        secret_id = Fields(request.data).required("secret_id")
        found = await self._secret_ids.find(await self._role(match), secret_id, self._system.now())
        return None if found is None else Response(found.shown())

    async def _lookup_accessor(self, request: Request, match: Match) -> Response:
        accessor = Fields(request.data).required("secret_id_accessor")
        found = await self._secret_ids.find_accessor(await self._role(match), accessor, self._system.now())
        return Response({"error": _unknown(accessor)}, status=404) if found is None else Response(found.shown())

    async def _destroy(self, request: Request, match: Match) -> None:
        secret_id = Fields(request.data).required("secret_id")
        await self._secret_ids.destroy(await self._role(match), secret_id)

    async def _destroy_accessor(self, request: Request, match: Match) -> None:
        accessor = Fields(request.data).required("secret_id_accessor")
        if not await self._secret_ids.destroy_accessor(await self._role(match), accessor):
            raise BadRequest(_unknown(accessor))

    async def _role(self, match: Match) -> Role:
        name = named(match["name"])
        role = await self._roles.get(name)
        if role is None:
            raise BadRequest(f'role "{name}" does not exist')
        return role


def _unknown(accessor: str) -> str:
    return f'failed to find accessor entry for secret_id_accessor: "{accessor}"'
