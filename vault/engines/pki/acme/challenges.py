"""Authorizations and challenges (RFC 8555, 7.5)."""

from typing import Any

import orjson

from stratumiops.vault import clock
from stratumiops.vault.engines.pki.acme.directory import Directory
from stratumiops.vault.engines.pki.acme.models import Account, Authorization, Challenge
from stratumiops.vault.engines.pki.acme.problems import Problem
from stratumiops.vault.engines.pki.acme.service import Acme, Call
from stratumiops.vault.engines.pki.acme.validation import NotShown
from stratumiops.vault.request import Raw, Response


class Challenges:
    """What clients show, and the checks of it, which go on in the background."""

    def __init__(self, acme: Acme) -> None:
        self._acme = acme

    async def authorization(self, call: Call, name: str) -> Response:
        """Look an authorization up, or give it up."""
        status = call.message.document.get("status")
        if status not in (None, "deactivated"):
            raise Problem("malformed", "an authorization can only be deactivated")
        async with self._acme.pki.locks.hold(f"acme/authorization/{name}"):
            found = await self._found(call.known, name)
            if status == "deactivated" and found.status in {"pending", "valid"}:
                found.status = "deactivated"
                await self._acme.store.put(found)
        return Response(raw=Raw(orjson.dumps(_document(call.directory, found)), "application/json"))

    async def challenge(self, call: Call, name: str, kind: str) -> Response:
        """Look a challenge up; with an object as the payload, begin to check it."""
        wants_check = bool(call.message.payload)
        _ = call.message.document
        async with self._acme.pki.locks.hold(f"acme/authorization/{name}"):
            found = await self._found(call.known, name)
            challenge = found.challenge(kind)
            if challenge is None:
                raise Problem("notFound", "there is no such challenge")
            if wants_check and found.status == "pending" and challenge.status in {"pending", "processing"}:
                challenge.status = "processing"
                await self._acme.store.put(found)
                work = self._check(found, challenge, call.known, call.directory.settings.dns_resolver)
                self._acme.go_on(f"{name}/{kind}", work)
        url = call.directory.url(f"authorization/{name}")
        document = _shown(call.directory, found, challenge)
        return Response(raw=Raw(orjson.dumps(document), "application/json"), headers={"Link": f'<{url}>;rel="up"'})

    async def _found(self, account: Account, name: str) -> Authorization:
        found = await self._acme.store.authorization(account.id, name)
        if found is None:
            raise Problem("notFound", "there is no such authorization")
        if found.status in {"pending", "valid"} and found.expires < self._acme.now:
            found.status = "expired"
        return found

    async def _check(self, authorization: Authorization, challenge: Challenge, account: Account, resolver: str) -> None:
        error: dict[str, Any] | None = None
        try:
            await self._acme.validator.check(authorization, challenge, account.thumbprint, resolver)
        except NotShown as failed:
            error = {"type": f"urn:ietf:params:acme:error:{failed.kind}", "detail": str(failed), "status": 403}
        async with self._acme.pki.locks.hold(f"acme/authorization/{authorization.id}"):
            current = await self._acme.store.authorization(account.id, authorization.id)
            ours = current.challenge(challenge.type) if current else None
            if current is None or ours is None or current.status != "pending":
                return
            ours.status = current.status = "valid" if error is None else "invalid"
            ours.validated, ours.error = (self._acme.now if error is None else 0.0), error
            await self._acme.store.put(current)


def _document(directory: Directory, found: Authorization) -> dict[str, Any]:
    document: dict[str, Any] = {
        "status": found.status, "expires": clock.rfc3339(found.expires), "identifier": found.identifier,
        "challenges": [_shown(directory, found, one) for one in found.challenges],
    }  # fmt: skip
    return document | ({"wildcard": True} if found.wildcard else {})


def _shown(directory: Directory, found: Authorization, one: Challenge) -> dict[str, Any]:
    document: dict[str, Any] = {
        "type": one.type, "url": directory.url(f"challenge/{found.id}/{one.type}"), "status": one.status,
        "token": one.token,
    }  # fmt: skip
    if one.validated:
        document["validated"] = clock.rfc3339(one.validated)
    return document | ({"error": one.error} if one.error else {})
