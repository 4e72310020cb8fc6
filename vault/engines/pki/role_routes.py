"""Routes of roles."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.engines.pki.parts import Pki
from stratumiops.vault.engines.pki.roles import Role, role
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response, listing

NO_DEFAULT: Final = (
    "Issuing Certificate was set to default, but no default issuing certificate (configurable at /config/issuers) is"
    " currently set"
)
NO_LEASE: Final = (
    "mutually exclusive values no_store=true and generate_lease=true were both specified; no_store=true takes priority"
)


class RoleRoutes:
    """Roles."""

    def __init__(self, pki: Pki) -> None:
        self._pki = pki

    def routes(self) -> Iterator[Route]:
        """The routes."""
        yield Route("roles", list=self.list)
        yield Route(
            "roles/{name}", read=self.read, write=self.write, patch=self.patch, delete=self.delete, exists=self.exists
        )

    async def exists(self, _request: Request, match: Match) -> bool:
        """Whether there is such a role."""
        return await self._pki.roles.get(match["name"]) is not None

    async def list(self, request: Request, _match: Match) -> Response:
        """Their names."""
        fields = Fields(request.data)
        return listing(await self._pki.roles.names(fields.text("after"), max(0, fields.integer("limit"))))

    async def read(self, _request: Request, match: Match) -> Response:
        """A role."""
        found = await self._pki.roles.get(match["name"])
        if found is None:
            raise NotFound
        return Response(found.written())

    async def write(self, request: Request, match: Match) -> Response:
        """A role anew; what is absent is as usual."""
        return await self._put(match["name"], role(request.data))

    async def patch(self, request: Request, match: Match) -> Response:
        """Some fields of a role."""
        async with self._pki.locks.hold(f"role/{match['name']}"):
            before = await self._pki.roles.get(match["name"])
            if before is None:
                raise BadRequest("Unable to fetch role entry to patch")
            return await self._put(match["name"], role(request.data, before))

    async def delete(self, _request: Request, match: Match) -> None:
        """Drop a role."""
        await self._pki.roles.remove(match["name"])

    async def _put(self, name: str, made: Role) -> Response:
        warnings = [NO_LEASE] if made.no_store and made.generate_lease else []
        if warnings:
            made = replace(made, generate_lease=False)
        await self._pki.roles.put(name, made)
        try:
            await self._pki.authority.issuer(made.issuer_ref)
        except BadRequest:
            missing = (
                f"Issuing Certificate was set to {made.issuer_ref} but no issuing certificate currently has that name"
            )
            warnings.append(NO_DEFAULT if made.issuer_ref == "default" else missing)
        return Response(made.written(), warnings=warnings)
