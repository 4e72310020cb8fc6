"""Routes of keys. The private parts are never shown."""

from collections.abc import Iterator
from dataclasses import replace

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.engines.pki import keys
from stratumiops.vault.engines.pki.encoding import with_colons
from stratumiops.vault.engines.pki.parts import Pki
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response, listing


class KeyRoutes:
    """Keys."""

    def __init__(self, pki: Pki) -> None:
        self._pki = pki

    def routes(self) -> Iterator[Route]:
        """The routes."""
        yield Route("keys", list=self.list)
        yield Route("key/{ref}", read=self.read, write=self.rename, delete=self.delete)

    async def list(self, _request: Request, _match: Match) -> Response:
        """All keys."""
        everyone, default = await self._pki.authority.keys(), (await self._pki.authority.defaults()).key
        info = {one.id: {"key_name": one.name, "is_default": one.id == default} for one in everyone.values()}
        return listing(list(everyone), info)

    async def read(self, _request: Request, match: Match) -> Response:
        """A key."""
        key = await self._pki.authority.key(match["ref"])
        identifier = with_colons(keys.key_id(key.private.public_key()).hex())
        return Response({"key_id": key.id, "key_name": key.name, "key_type": key.type, "subject_key_id": identifier})

    async def rename(self, request: Request, match: Match) -> Response:
        """Call a key otherwise."""
        async with self._pki.authority.changing:
            key = await self._pki.authority.key(match["ref"])
            name = Fields(request.data).text("key_name", key.name)
            made = replace(key, name=await self._pki.authority.free_key_name(name, key.id))
            await self._pki.authority.change(keys=[made])
        return Response({"key_id": made.id, "key_name": made.name, "key_type": made.type})

    async def delete(self, _request: Request, match: Match) -> Response | None:
        """Drop a key that no issuer needs."""
        async with self._pki.authority.changing:
            try:
                key = await self._pki.authority.key(match["ref"])
            except BadRequest:
                return None
            for issuer in (await self._pki.authority.issuers()).values():
                if issuer.key_id == key.id:
                    raise BadRequest(f"Failed to Delete Key.  Key in Use by Issuer: {issuer.id}")
            was_default = (await self._pki.authority.defaults()).key == key.id
            await self._pki.authority.change(without_keys=[key.id])
        if not was_default:
            return None
        return Response(
            status=200,
            warnings=[
                f"Deleted key {key.id} (via key_ref {match['ref']}); this was configured as the default key. Operations"
                " without an explicit key will not work until a new default is configured."
            ],
        )
