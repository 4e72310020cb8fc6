"""Requests to a server: where it is, with which token, and what its errors mean to whoever asked."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from stratumiops.vault.cli.failures import Failed, Refused

if TYPE_CHECKING:
    import httpx

DEFAULT_ADDRESS: Final = "http://127.0.0.1:8200"
TIMEOUT_S: Final = 60.0
_HINTS: Final = {
    "missing client token": "Log in with `svault login`, or set VAULT_TOKEN.",
    "permission denied": "Ask why with `svault policy explain`, or log in with another token.",
    "preflight capability check returned 403": "Ask why with `svault policy explain`, or log in with another token.",
    "Vault is sealed": "Unseal it with `svault operator unseal`.",
}


@dataclass(frozen=True, slots=True)
class Target:
    """Which server, and how it is reached."""

    address: str
    token: str
    namespace: str
    ca_cert: str
    client_cert: str
    client_key: str
    skip_verify: bool


def target(address: str | None = None, namespace: str | None = None) -> Target:
    """What options and the environment say: VAULT_ADDR or SVAULT_ADDR, VAULT_TOKEN or the token file, VAULT_CACERT …"""

    def said(name: str, default: str = "") -> str:
        return os.environ.get(f"SVAULT_{name}") or os.environ.get(f"VAULT_{name}") or default

    return Target(
        address=(address or said("ADDR", DEFAULT_ADDRESS)).rstrip("/"),
        token=said("TOKEN") or kept_token(),
        namespace=namespace or said("NAMESPACE"),
        ca_cert=said("CACERT"),
        client_cert=said("CLIENT_CERT"),
        client_key=said("CLIENT_KEY"),
        skip_verify=said("SKIP_VERIFY").lower() in ("1", "t", "true"),
    )


def token_file() -> Path:
    """Where `svault login` leaves the token; the same file as Vault's command line has."""
    return Path(os.environ.get("SVAULT_TOKEN_FILE") or Path.home() / ".vault-token")


def kept_token() -> str:
    """The token of the last login."""
    try:
        return token_file().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def keep_token(token: str) -> None:
    """Leave a token for the next commands, where only its owner reads it."""
    path = token_file()
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, stat.S_IRUSR | stat.S_IWUSR)
    with os.fdopen(descriptor, "w") as file:
        file.write(token)
    fresh.replace(path)


class Client:
    """One server."""

    def __init__(self, where: Target) -> None:
        self.where = where

    def read(self, path: str, **query: Any) -> dict[str, Any]:
        """GET."""
        return self.call("GET", path, query=query)

    def names(self, path: str, **query: Any) -> dict[str, Any]:
        """LIST."""
        return self.call("GET", path, query={"list": "true", **query})

    def write(self, path: str, data: dict[str, Any] | None = None, *, wrap_ttl: str = "") -> dict[str, Any]:
        """PUT."""
        return self.call("PUT", path, data=data or {}, wrap_ttl=wrap_ttl)

    def patch(self, path: str, data: dict[str, Any]) -> dict[str, Any]:
        """PATCH."""
        return self.call("PATCH", path, data=data)

    def delete(self, path: str, **query: Any) -> dict[str, Any]:
        """DELETE."""
        return self.call("DELETE", path, query=query)

    def call(
        self,
        method: str,
        path: str,
        *,
        data: dict[str, Any] | None = None,
        query: dict[str, Any] | None = None,
        wrap_ttl: str = "",
        token: str | None = None,
    ) -> dict[str, Any]:
        """The answer's object; empty when there is no body.

        Raises:
            Refused: the server refused.
            Failed: there is no server, or what answers is none of ours.
        """
        answer = self.ask(method, path, data=data, query=query, wrap_ttl=wrap_ttl, token=token)
        found = _object(answer)
        if answer.is_error:
            errors = [str(one) for one in found.get("errors") or ()]
            if not errors and found.get("data") is not None:
                return found  # a version that was deleted: 404 with what is known of it
            hint = next((hint for text, hint in _HINTS.items() if any(text in one for one in errors)), "")
            raise Refused(method, str(answer.request.url), answer.status_code, errors, hint)
        return found

    def ask(
        self,
        method: str,
        path: str,
        *,
        data: dict[str, Any] | None = None,
        query: dict[str, Any] | None = None,
        wrap_ttl: str = "",
        token: str | None = None,
    ) -> "httpx.Response":
        """The answer, whatever its status."""
        import httpx

        headers = {"X-Vault-Request": "true"}
        token = self.where.token if token is None else token
        if token:
            headers["X-Vault-Token"] = token
        if self.where.namespace:
            headers["X-Vault-Namespace"] = self.where.namespace
        if wrap_ttl:
            headers["X-Vault-Wrap-TTL"] = wrap_ttl
        if method == "PATCH":
            headers["Content-Type"] = "application/merge-patch+json"
        url = f"{self.where.address}/v1/{quote(path.strip('/'))}"
        try:
            with httpx.Client(verify=self._verify(), timeout=TIMEOUT_S, trust_env=False) as client:
                return client.request(method, url, headers=headers, params=_stated(query), json=data)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            hint = (
                "Is the server running, and is VAULT_ADDR right? Start one with `svault server --config svault.toml`."
            )
            raise Failed(f"error: {self.where.address} cannot be reached: {error}\n{hint}") from None

    def _verify(self) -> Any:
        import ssl

        if self.where.skip_verify or not self.where.address.startswith("https"):
            return False
        context = ssl.create_default_context(cafile=self.where.ca_cert or None)
        if self.where.client_cert:
            context.load_cert_chain(self.where.client_cert, self.where.client_key or None)
        return context


def _stated(query: dict[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (query or {}).items() if value is not None}


def _object(answer: "httpx.Response") -> dict[str, Any]:
    if not answer.content:
        return {}
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        kind = answer.headers.get("content-type", "")
        raise Failed(f"error: {answer.request.url} does not answer like a vault ({answer.status_code}, {kind})")
    return found
