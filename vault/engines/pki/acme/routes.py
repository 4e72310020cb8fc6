"""The routes of ACME: in the default directory, and in those of roles and issuers."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict
from typing import Final

import orjson

from stratumiops.vault.backend import JSON, Handler, Match, Route
from stratumiops.vault.engines.pki.acme.accounts import Accounts
from stratumiops.vault.engines.pki.acme.challenges import Challenges
from stratumiops.vault.engines.pki.acme.directory import PREFIXES, Directory, directory
from stratumiops.vault.engines.pki.acme.external import ExternalKeys
from stratumiops.vault.engines.pki.acme.orders import Orders
from stratumiops.vault.engines.pki.acme.problems import ANSWERS, Problem
from stratumiops.vault.engines.pki.acme.revocation import revoke_certificate
from stratumiops.vault.engines.pki.acme.service import Acme, Call
from stratumiops.vault.engines.pki.acme.settings import changed
from stratumiops.vault.engines.pki.public import CHAIN
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Raw, Request, Response

JOSE: Final = "application/jose+json"
Signed = Callable[[Call, Match], Awaitable[Response]]


class AcmeRoutes:
    """What clients ask without a token, with signatures of their own, and how it is set."""

    def __init__(self, acme: Acme) -> None:
        self._acme = acme

    def routes(self) -> Iterator[Route]:
        """The routes."""
        accounts, orders, challenges = Accounts(self._acme), Orders(self._acme), Challenges(self._acme)
        yield Route("config/acme", read=self.settings, write=self.set)
        yield from ExternalKeys(self._acme).routes()
        signed: dict[str, Signed] = {
            "new-account": lambda call, _: accounts.new(call),
            "account/{id}": lambda call, match: accounts.change(call, match["id"]),
            "key-change": lambda call, _: accounts.change_key(call),
            "new-order": lambda call, _: orders.new(call),
            "orders": lambda call, _: orders.list(call),
            "order/{id}": lambda call, match: orders.read(call, match["id"]),
            "order/{id}/finalize": lambda call, match: orders.finalize(call, match["id"]),
            "order/{id}/cert": lambda call, match: orders.certificate(call, match["id"]),
            "authorization/{id}": lambda call, match: challenges.authorization(call, match["id"]),
            "challenge/{id}/{kind}": lambda call, match: challenges.challenge(call, match["id"], match["kind"]),
            "revoke-cert": lambda call, _: revoke_certificate(self._acme, call),
        }
        for prefix in PREFIXES:
            yield Route(f"{prefix}acme/directory", read=self.directory, public=True, answers={200: JSON, **ANSWERS})
            yield Route(f"{prefix}acme/new-nonce", read=self.new_nonce, public=True, answers={204: "", **ANSWERS})
            for rest, handler in signed.items():
                kind = CHAIN if rest == "order/{id}/cert" else JSON
                yield Route(
                    f"{prefix}acme/{rest}", write=self._signed(handler), public=True, takes=JOSE,
                    answers={200: kind, 201: kind, **ANSWERS},
                )  # fmt: skip

    async def settings(self, _request: Request, _match: Match) -> Response:
        """How ACME is set."""
        return Response(asdict(await self._acme.settings.get()))

    async def set(self, request: Request, _match: Match) -> Response:
        """Set it."""
        made = await changed(await self._acme.settings.get(), Fields(request.data), self._acme.pki)
        await self._acme.settings.put(made)
        return Response(asdict(made))

    async def directory(self, _request: Request, match: Match) -> Response:
        """The directory."""
        try:
            found = await self._directory(match)
        except Problem as refused:
            return refused.response()
        return Response(raw=Raw(orjson.dumps(found.document()), "application/json"))

    async def new_nonce(self, request: Request, match: Match) -> Response:
        """A nonce: 204, and 200 for HEAD (RFC 8555, 7.2)."""
        try:
            found = await self._directory(match)
        except Problem as refused:
            return refused.response()
        return self._with_headers(Response(raw=Raw(b"", "", 200 if request.head else 204)), found)

    async def _directory(self, match: Match) -> Directory:
        return await directory(self._acme.pki, await self._acme.settings.get(), match)

    def _signed(self, handler: Signed) -> Handler:
        async def answer(request: Request, match: Match) -> Response:
            try:
                found = await self._directory(match)
            except Problem as refused:
                return refused.response()
            try:
                response = await handler(await self._acme.call(found, request.data, request.path), match)
            except Problem as refused:
                response = refused.response()
            return self._with_headers(response, found)

        return answer

    def _with_headers(self, response: Response, found: Directory) -> Response:
        index = f'<{found.url("directory")}>;rel="index"'
        links = [one for one in (response.headers.get("Link", ""), index) if one]
        own = {"Replay-Nonce": self._acme.nonces.new(self._acme.now), "Link": ", ".join(links)}
        response.headers = {**response.headers, **own}
        return response
