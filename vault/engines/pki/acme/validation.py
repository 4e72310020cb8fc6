"""Whether a client shows control over a name (RFC 8555, 8)."""

import asyncio
import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx

from stratumiops.vault.engines.pki.acme.dns import DnsResolver, Resolver, Unresolved, system_resolver
from stratumiops.vault.engines.pki.acme.jws import encoded
from stratumiops.vault.engines.pki.acme.models import Authorization, Challenge
from stratumiops.vault.engines.pki.acme.settings import resolver_address

_LARGEST: Final = 4_096
_REDIRECTS: Final = 10
_TIMEOUT_S: Final = 10.0


class NotShown(Exception):
    """Control was not shown. `kind` is of `urn:ietf:params:acme:error:`; `lasting`: asking again would not help."""

    def __init__(self, kind: str, detail: str, *, lasting: bool = True) -> None:
        super().__init__(detail)
        self.kind = kind
        self.lasting = lasting


@dataclass
class Validator:
    """Asks the world. `http_port` is where clients answer, `https_port` where they may send on to; `retries` are the
    seconds to wait before asking again when nobody answered.
    """

    http_port: int = 80
    https_port: int = 443
    retries: Sequence[float] = (1.0, 3.0)

    async def check(self, authorization: Authorization, challenge: Challenge, thumbprint: str, resolver: str) -> None:
        """Check one challenge.

        Args:
            authorization: the name.
            challenge: how.
            thumbprint: of the account's key.
            resolver: `address:port` of a DNS resolver; "": the machine's.

        Raises:
            NotShown: control was not shown.
        """
        expected = f"{challenge.token}.{thumbprint}"
        name = authorization.identifier["value"].removeprefix("*.")
        for pause in (*self.retries, None):
            try:
                if challenge.type == "dns-01":
                    return await self._dns(name, expected, _resolver(resolver))
                return await self._http(name, challenge.token, expected, resolver)
            except NotShown as failed:
                if failed.lasting or pause is None:
                    raise
                await asyncio.sleep(pause)
        return None

    async def _dns(self, name: str, expected: str, resolver: Resolver) -> None:
        wanted = encoded(hashlib.sha256(expected.encode()).digest())
        try:
            texts = await resolver.texts(f"_acme-challenge.{name}")
        except Unresolved as failed:
            raise NotShown("dns", str(failed), lasting=False) from None
        if not any(hmac.compare_digest(wanted.encode(), one.encode()) for one in texts):
            raise NotShown("unauthorized", f"no TXT record of _acme-challenge.{name} has the expected value")

    async def _http(self, name: str, token: str, expected: str, resolver: str) -> None:
        port = "" if self.http_port == 80 else f":{self.http_port}"
        url = f"http://{_in_url(name)}{port}/.well-known/acme-challenge/{token}"
        try:
            # What the answer says is what counts, not the certificate of a redirect's target (RFC 8555, 8.3).
            async with httpx.AsyncClient(timeout=_TIMEOUT_S, verify=False, trust_env=False) as client:  # noqa: S501
                body = await self._fetched(client, url, resolver)
        except (httpx.HTTPError, httpx.InvalidURL, Unresolved, UnicodeError):
            raise NotShown("connection", f"{name} did not answer on port {self.http_port}", lasting=False) from None
        if not hmac.compare_digest(body.rstrip(), expected.encode()):
            raise NotShown("unauthorized", f"the answer of {name} is not the expected key authorization")

    async def _fetched(self, client: httpx.AsyncClient, url: str, resolver: str) -> bytes:
        for _ in range(_REDIRECTS):
            target, headers = await self._target(url, resolver)
            async with client.stream("GET", target, headers=headers) as response:
                if response.is_redirect:
                    url = _redirected(url, response.headers.get("location", ""))
                    continue
                if response.status_code != 200:
                    raise NotShown("unauthorized", f"the answer has status {response.status_code}, not 200")
                body = b""
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > _LARGEST:
                        raise NotShown("unauthorized", "the answer is too long")
                return body
        raise NotShown("connection", "too many redirects")

    async def _target(self, url: str, resolver: str) -> tuple[str, dict[str, str]]:
        try:
            parts = urlsplit(url)
            port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
            host = parts.hostname or ""
        except ValueError:
            raise NotShown("connection", "a redirect leads to no URL") from None
        ports = {"http": {80, self.http_port}, "https": {443, self.https_port}}
        if port not in ports.get(parts.scheme, set()):
            raise NotShown("connection", "a redirect leads to another scheme or port")
        if not resolver or parts.scheme == "https" or _is_address(host):
            return url, {}
        found = await _resolver(resolver).addresses(host)
        if not found:
            raise Unresolved(f"{host} has no address")
        return parts._replace(netloc=f"{_in_url(found[0])}:{port}").geturl(), {"Host": parts.netloc}


def _redirected(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise NotShown("connection", "a redirect leads to no URL") from None


def _resolver(text: str) -> Resolver:
    return DnsResolver(resolver_address(text) or system_resolver())


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
