"""`/vault/v1/…`: the way of values between the web app and the vault, past GraphQL.

Nothing that passes is kept, and no more is logged than method, status and duration.
"""

from collections.abc import MutableMapping
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import orjson

from stratumiops.resolvers.auth import Authenticator
from stratumiops.resolvers.errors import format_exception
from stratumiops.resolvers.http.body import ClientGone, Receive, read_body
from stratumiops.resolvers.http.headers import API_POLICY, SECURITY, Headers, RawHeaders, response_start, text
from stratumiops.resolvers.http.replies import Reply, Send, send_reply, status_of
from stratumiops.resolvers.logs import log_request
from stratumiops.resolvers.vault.allowed import Target, is_data, may_be_kv, passes, target
from stratumiops.resolvers.vault.caller import VaultCaller, caller_of
from stratumiops.resolvers.vault.client import VaultClient, token_headers
from stratumiops.resolvers.vault.errors import needs_token

if TYPE_CHECKING:
    import httpx

    from stratumiops.resolvers.bootstrap import Services

PREFIX: Final = "/vault/v1/"
MAX_BODY: Final = 1024 * 1024
_JSON: Final = b"application/json"
_MERGE: Final = b"application/merge-patch+json"
_NOT_HERE: Final = "This does not pass to the vault; the API has what else there is to ask."
Scope = MutableMapping[str, Any]


class Passage:
    """Passes requests on to the vault, with the token that comes with them."""

    def __init__(self, services: "Services", authenticator: Authenticator) -> None:
        self._services = services
        self._authenticator = authenticator
        self._logged = services.settings.logging.requests

    async def serve(self, scope: Scope, receive: Receive, send: Send, headers: Headers, request_id: str) -> None:
        """One request, from its head to the end of its answer."""
        started = perf_counter()
        try:
            status = await self._answered(scope, receive, send, headers, request_id)
        except ClientGone:
            return
        if self._logged == "all" or (self._logged == "failed" and status >= 400):
            log_request({
                "method": scope["method"],
                "status": status,
                "operation": "vault",
                "duration_ms": round((perf_counter() - started) * 1000, 2),
                "request_id": request_id,
            })  # fmt: skip

    async def _answered(self, scope: Scope, receive: Receive, send: Send, headers: Headers, request_id: str) -> int:
        try:
            response = await self._asked(scope, receive, headers)
        except ClientGone:
            raise
        except Exception as error:  # noqa: BLE001 - the boundary: a bug becomes INTERNAL with a correlation id
            told = format_exception(error, request_id)
            response = _refusal(status_of(error), told["message"])
        if isinstance(response, Reply):
            await send_reply(send, response, request_id)
            return response.status
        try:
            await send(response_start(response.status_code, _answer_headers(response, request_id)))
            async for chunk in self._vault.chunks(response):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await response.aclose()
        return response.status_code

    @property
    def _vault(self) -> VaultClient:
        return self._services.vault

    async def _asked(self, scope: Scope, receive: Receive, headers: Headers) -> "httpx.Response | Reply":
        """The vault's response before its body was read, or why there is none."""
        self._authenticator.authenticate(text(headers, b"authorization"))
        method: str = scope["method"]
        asked = _target(scope)
        caller = caller_of(text(headers, b"x-vault-token"), text(headers, b"x-vault-namespace"))
        if asked is None:
            return _refusal(404, _NOT_HERE)
        if not passes(method, asked):
            refused = await self._unless_kv(method, asked, caller)
            if refused is not None:
                return refused
        body = await read_body(receive, headers.get(b"content-length"), MAX_BODY)
        kind = (headers.get(b"content-type") or b"").partition(b";")[0].strip().lower()
        if body and kind != _JSON and not (kind == _MERGE and method == "PATCH"):
            return _refusal(415, "The body has to be application/json.")
        return await self._sent(method, asked, caller, body, kind)

    async def _sent(
        self, method: str, asked: Target, caller: VaultCaller, body: bytes, kind: bytes
    ) -> "httpx.Response | Reply":
        headers = {"X-Vault-Request": "true", "Accept-Encoding": "identity", **token_headers(caller)}
        if body:
            headers["Content-Type"] = kind.decode("ascii")
        url = f"{self._vault.required()}/v1/{asked.url}"
        response = await self._vault.send(method, url, headers=headers, content=body)
        if 300 <= response.status_code < 400:
            await response.aclose()
            return _refusal(502, "The vault sends this elsewhere; set vault.address to the server that answers.")
        return response

    async def _unless_kv(self, method: str, asked: Target, caller: VaultCaller) -> Reply | None:
        """Why a request does not pass, unless it is for a value of a kv mount that the caller may see.

        Raises:
            Unauthenticated: the caller sent no token.
            StratumError: there is no vault, or it cannot say.
        """
        if not may_be_kv(method, asked):
            return _refusal(404, _NOT_HERE)
        self._vault.required()
        if caller.token is None:
            raise needs_token()
        answer = await self._vault.ask(caller, "GET", f"sys/internal/ui/mounts/{asked.path}")
        if not answer.ok:
            return _refusal(answer.status, answer.errors)
        version = 2 if (answer.data.get("options") or {}).get("version") == "2" else 1
        kv = answer.data.get("type") == "kv" and is_data(method, asked, str(answer.data.get("path")), version)
        return None if kv else _refusal(404, _NOT_HERE)


def _target(scope: Scope) -> Target | None:
    raw: bytes = scope.get("raw_path") or b""
    prefix = PREFIX.encode()
    return target(raw[len(prefix) :], scope["query_string"]) if raw.startswith(prefix) else None


def _refusal(status: int, message: str) -> Reply:
    """An answer of our own, in the vault's form."""
    return Reply(status, orjson.dumps({"errors": [message] if message else []}), b"application/json")


def _answer_headers(response: "httpx.Response", request_id: str) -> RawHeaders:
    """What goes out with an answer of the vault: nothing of its own but type and length."""
    length = response.headers.get("content-length")
    return [
        (b"content-type", _JSON),
        (b"x-request-id", request_id.encode("ascii")),
        *SECURITY,
        *API_POLICY,
        *([(b"content-length", length.encode("ascii"))] if length and length.isdecimal() else []),
    ]
