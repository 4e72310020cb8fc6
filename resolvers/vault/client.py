"""Requests to the vault: one pool of connections for the process, and the caller's token with each request."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import orjson

from stratumiops.graph.errors import TimedOut, TooComplex, Unavailable
from stratumiops.resolvers.settings import VaultSection
from stratumiops.resolvers.vault.caller import VaultCaller
from stratumiops.resolvers.vault.tls import tls

if TYPE_CHECKING:
    import httpx

MAX_ANSWER: Final = 8 * 1024 * 1024
"""Bytes of an answer that are read."""
MAX_CONNECTIONS: Final = 64
_READING: Final = frozenset({"GET", "HEAD"})
_MAX_ERRORS: Final = 500
_CONTROL: Final = re.compile(r"[\x00-\x20\x7f]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the vault answered: its status, and the object in its body."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether it did what was asked."""
        return 200 <= self.status < 300

    @property
    def data(self) -> dict[str, Any]:
        """What it told; empty when there is nothing to tell."""
        found = self.body.get("data")
        return dict(found) if isinstance(found, dict) else {}

    @property
    def errors(self) -> str:
        """What it says is wrong, in one line."""
        found = self.body.get("errors")
        texts = [str(one) for one in found] if isinstance(found, list) else []
        return _CONTROL.sub(" ", "; ".join(texts)).strip()[:_MAX_ERRORS]


class VaultClient:
    """The vault at an address; None: there is none."""

    def __init__(self, settings: VaultSection, address: str | None) -> None:
        self.address = address
        self._settings = settings
        self._http: httpx.AsyncClient | None = None

    async def ask(
        self,
        caller: VaultCaller,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> Answer:
        """What the vault answers, whatever that is.

        Raises:
            Unavailable: there is no vault, it is out of reach, or what answers is none.
            TimedOut: it took too long.
            TooComplex: it says more than is read.
        """
        headers = {"X-Vault-Request": "true", "Accept-Encoding": "identity", **token_headers(caller)}
        if method == "PATCH":
            headers["Content-Type"] = "application/merge-patch+json"
        url = vault_url(self.required(), path)
        response = await self.send(method, url, headers=headers, params=_given(query), json=data)
        try:
            content = await self._content(response)
        finally:
            await response.aclose()
        return answer_of(response.status_code, content, self.required())

    async def send(self, method: str, url: str, **more: Any) -> "httpx.Response":
        """The response before its body was read; the caller closes it.

        Raises:
            Unavailable: the vault is out of reach.
            TimedOut: it took too long.
        """
        import httpx

        http = self._client()
        request = http.build_request(method, url, **more)
        try:
            try:
                return await http.send(request, stream=True)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                if method not in _READING:
                    raise
                return await http.send(request, stream=True)  # a connection that the vault had closed meanwhile
        except httpx.HTTPError as error:
            raise self.trouble(error) from None

    def required(self) -> str:
        """The address.

        Raises:
            Unavailable: there is none.
        """
        if self.address is None:
            raise Unavailable("No vault is configured.", hint="Set vault.address, or run `stratumiops up --vault`.")
        return self.address

    async def close(self) -> None:
        """Give connections back."""
        http, self._http = self._http, None
        if http is not None:
            await http.aclose()

    def trouble(self, error: "httpx.HTTPError") -> Unavailable | TimedOut:
        """What a failed request means."""
        return trouble(error, self._settings, self.required())

    async def chunks(self, response: "httpx.Response") -> AsyncIterator[bytes]:
        """The body of a response as it comes. Raises as `send`."""
        import httpx

        try:
            async for chunk in response.aiter_raw():
                yield chunk
        except httpx.HTTPError as error:
            raise self.trouble(error) from None

    async def _content(self, response: "httpx.Response") -> bytes:
        found = bytearray()
        async for chunk in self.chunks(response):
            found += chunk
            if len(found) > MAX_ANSWER:
                message = f"The vault answers with more than {MAX_ANSWER:,} bytes."
                raise TooComplex(message, hint="Ask for smaller pages, or for a longer path.")
        return bytes(found)

    def _client(self) -> "httpx.AsyncClient":
        if self._http is None:
            import httpx

            limits = httpx.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=16, keepalive_expiry=30)
            self._http = httpx.AsyncClient(
                verify=tls(self._settings, self.address or ""),
                timeout=self._settings.timeout_s,
                limits=limits,
                trust_env=False,
            )
        return self._http


def vault_url(address: str, path: str) -> str:
    """The address of a path, which is not encoded yet."""
    return f"{address}/v1/{quote(path)}"


def token_headers(caller: VaultCaller) -> dict[str, str]:
    """The headers that say who asks."""
    found = {}
    if caller.token is not None:
        found["X-Vault-Token"] = caller.token
    if caller.namespace:
        found["X-Vault-Namespace"] = caller.namespace
    return found


def answer_of(status: int, content: bytes, address: str) -> Answer:
    """The answer that a status and a body are.

    Raises:
        Unavailable: no vault answers so.
    """
    if not content:
        return Answer(status)
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise Unavailable(f"What answers at {address} is no vault.", hint="Is vault.address right?")
    return Answer(status, found)


def trouble(error: "httpx.HTTPError", settings: VaultSection, address: str) -> Unavailable | TimedOut:
    """What a failed request means. Nothing of the request is in it."""
    import httpx

    if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
        message = f"The vault at {address} did not answer within {settings.timeout_s:g} seconds."
        return TimedOut(message, hint="Ask for less, or raise vault.timeout_s.")
    reason = _CONTROL.sub(" ", str(error))[:200] or type(error).__name__
    hint = "`stratumiops status` says whether it runs." if settings.supervise else "Is vault.address right?"
    return Unavailable(f"The vault at {address} cannot be reached: {reason}", hint=hint)


def _given(query: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (query or {}).items() if value is not None}
