"""Keeps other web pages away: DNS rebinding (Host) and cross-site requests (Origin, Fetch metadata)."""

from urllib.parse import urlsplit

from stratumiops.graph.errors import Forbidden
from stratumiops.resolvers.http.headers import Headers, text
from stratumiops.resolvers.settings import Settings

_LOOPBACK_NAMES = frozenset(("localhost", "127.0.0.1", "[::1]"))
_REMEMBERED = 64


class BrowserGuard:
    """Refuses requests that a page from elsewhere made a browser send.

    Without tokens the loopback address is the only protection, so `Host` must be a name of this machine:
    a rebound name is not. `Origin`, when a browser sends it, must be this server's or an allowed one.
    """

    def __init__(self, settings: Settings) -> None:
        hosts = frozenset(host.lower() for host in settings.server.allowed_hosts)
        any_host = settings.auth.token_file is not None and not hosts
        self._hosts = None if any_host else _LOOPBACK_NAMES | hosts
        self._origins = frozenset(origin.rstrip("/").lower() for origin in settings.server.allowed_origins)
        self._known_good: set[tuple[bytes | None, bytes | None]] = set()

    def check(self, headers: Headers) -> None:
        """Let a request pass.

        Raises:
            Forbidden: an unknown Host, or a page of another origin.
        """
        pair = (headers.get(b"host"), headers.get(b"origin"))
        if pair not in self._known_good:
            self._check_host(text(headers, b"host") or "")
            self._check_origin(text(headers, b"origin"), text(headers, b"host") or "")
            if len(self._known_good) < _REMEMBERED:
                self._known_good.add(pair)
        if b"sec-fetch-site" in headers:
            self._check_fetch(headers)

    def allows_origin(self, origin: str | None) -> bool:
        """Whether a page of this origin elsewhere was allowed by the settings (CORS)."""
        return origin is not None and origin.lower() in self._origins

    def _check_host(self, host: str) -> None:
        if self._hosts is None:
            return
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        if name.lower() not in self._hosts:
            message = f"this server is not known as {name[:100]!r}"
            raise Forbidden(message, hint="use http://localhost, or add the name to server.allowed_hosts")

    def _check_origin(self, origin: str | None, host: str) -> None:
        if origin is None or self.allows_origin(origin):
            return
        if _authority(origin) != host.lower():
            message = f"pages of {origin[:100]!r} may not use this server"
            raise Forbidden(message, hint="add the origin to server.allowed_origins")

    def _check_fetch(self, headers: Headers) -> None:
        if headers[b"sec-fetch-site"] in {b"same-origin", b"none"}:
            return
        if headers.get(b"sec-fetch-mode") == b"navigate" or self.allows_origin(text(headers, b"origin")):
            return
        message = "pages of other sites may not use this server"
        raise Forbidden(message, hint="add their origin to server.allowed_origins")


def _authority(origin: str) -> str | None:
    """Host and port of an origin; None when it is opaque (`null`) or malformed."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None
