"""Routes of external keys: whoever has a token gets one, and binds one ACME account with it."""

import secrets
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.engines.pki.acme.directory import PREFIXES, path
from stratumiops.vault.engines.pki.acme.models import ExternalKey
from stratumiops.vault.engines.pki.acme.service import Acme
from stratumiops.vault.request import Request, Response, listing


class ExternalKeys:
    """`acme/new-eab` and `eab`."""

    def __init__(self, acme: Acme) -> None:
        self._acme = acme

    def routes(self) -> Iterator[Route]:
        """The routes."""
        for prefix in PREFIXES:
            yield Route(f"{prefix}acme/new-eab", write=self.new)
        yield Route("eab", list=self.list)
        yield Route("eab/{id}", delete=self.delete)

    async def new(self, _request: Request, match: Match) -> Response:
        """A key for an account of this directory; its secret is shown here and nowhere else."""
        secret = f"vault-eab-0-{secrets.token_urlsafe(32)}"
        key = ExternalKey(str(uuid.uuid4()), path(match), self._acme.now, secret)
        await self._acme.store.put_external_key(key)
        return Response({"id": key.id, "key": secret, **_described(key)})

    async def list(self, _request: Request, _match: Match) -> Response:
        """The keys that are not used up."""
        info = {}
        for name in await self._acme.store.external_keys():
            key = await self._acme.store.external_key(name)
            if key is not None:
                info[name] = _described(key)
        return listing(list(info), info)

    async def delete(self, _request: Request, match: Match) -> Response | None:
        """Drop a key."""
        if await self._acme.store.external_key(match["id"]) is None:
            return Response(status=200, warnings=[f"No key id found with id: {match['id']}"])
        await self._acme.store.drop_external_key(match["id"])
        return None


def _described(key: ExternalKey) -> dict[str, str]:
    created = datetime.fromtimestamp(int(key.created), UTC)
    return {
        "acme_directory": f"{key.directory}directory",
        "created_on": f"{created:%Y-%m-%dT%H:%M:%SZ}",
        "key_type": "hs",
    }
