"""Whom a mount trusts, and the keys of those."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from stratumiops.vault.auth.jwt.fetch import Fetch
from stratumiops.vault.auth.jwt.keys import ALGORITHMS, key_set, public_key, verified
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields

if TYPE_CHECKING:
    from joserfc.jwk import Key

_ONE_OF: Final = "exactly one of 'jwt_validation_pubkeys', 'jwks_url' or 'oidc_discovery_url' must be set"
_KEPT_S: Final = 300
"""How long fetched keys are used before they are fetched again."""
_PATIENCE_S: Final = 10
"""How long after a fetch an unknown key does not lead to another one."""


@dataclass(frozen=True, slots=True)
class Config:
    """Where keys come from: exactly one of the texts in it, the URL of a JWK set, or an issuer that names one."""

    jwt_validation_pubkeys: tuple[str, ...] = ()
    jwks_url: str = ""
    jwks_ca_pem: str = ""
    oidc_discovery_url: str = ""
    oidc_discovery_ca_pem: str = ""
    bound_issuer: str = ""
    default_role: str = ""
    jwt_supported_algs: tuple[str, ...] = ()

    @classmethod
    def given(cls, fields: Fields) -> Self:
        """As the fields say.

        Raises:
            BadRequest: they name no source of keys or several, or a value is wrong.
        """
        if fields.text("oidc_client_id") or fields.text("oidc_client_secret"):
            raise BadRequest("logins with a browser ('oidc_client_id') are not offered: use tokens")
        config = cls(
            jwt_validation_pubkeys=tuple(pem.strip() for pem in _pems(fields)),
            jwks_url=fields.text("jwks_url"),
            jwks_ca_pem=fields.text("jwks_ca_pem"),
            oidc_discovery_url=fields.text("oidc_discovery_url"),
            oidc_discovery_ca_pem=fields.text("oidc_discovery_ca_pem"),
            bound_issuer=fields.text("bound_issuer"),
            default_role=fields.text("default_role").lower(),
            jwt_supported_algs=tuple(fields.strings("jwt_supported_algs")),
        )
        if sum(map(bool, (config.jwt_validation_pubkeys, config.jwks_url, config.oidc_discovery_url))) != 1:
            raise BadRequest(_ONE_OF)
        for name in config.jwt_supported_algs:
            if name not in ALGORITHMS:
                raise BadRequest(f'invalid jwt_supported_algs: unsupported signing algorithm "{name}"')
        for url in (config.jwks_url, config.oidc_discovery_url):
            if url and not url.startswith(("https://", "http://")):
                raise BadRequest("the URL of keys begins with https://")
        return config

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> Self:
        """One that was kept as `asdict` gives it."""
        lists = {name: tuple(kept[name]) for name in ("jwt_validation_pubkeys", "jwt_supported_algs")}
        return cls(**{**kept, **lists})

    def shown(self) -> dict[str, Any]:
        """As clients see it, with the fields of logins that are not offered, void."""
        return {
            **{name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()},
            "namespace_in_state": True,
            "oidc_client_id": "",
            "oidc_response_mode": "",
            "oidc_response_types": [],
            "provider_config": {},
            "status": "valid",
        }


def _pems(fields: Fields) -> list[str]:
    value = fields.raw("jwt_validation_pubkeys")
    return [value] if isinstance(value, str) and value else fields.strings("jwt_validation_pubkeys")


class Keys:
    """The keys of a configuration; those of a URL are fetched when they are needed, and again when one is unknown."""

    def __init__(self, config: Config, fetch: Fetch) -> None:
        self.config = config
        self._fetch = fetch
        self._keys: list[Key] = [public_key(pem) for pem in config.jwt_validation_pubkeys]
        self._fixed = bool(self._keys)
        self._issuer = config.bound_issuer
        self._fetched = 0.0
        self._failed = 0.0
        self._fetching = asyncio.Lock()

    async def claims(self, token: str, now: float) -> dict[str, Any]:
        """The claims of a token with a good signature.

        Raises:
            BadRequest: none of the keys has signed it, or they cannot be fetched.
        """
        await self.refresh(now, _KEPT_S)
        found = verified(token, self._keys, self.config.jwt_supported_algs)
        if found is None and await self.refresh(now, _PATIENCE_S):
            found = verified(token, self._keys, self.config.jwt_supported_algs)
        if found is None:
            raise BadRequest("error validating token: error verifying token signature: no known key has signed it")
        return found

    @property
    def issuer(self) -> str:
        """Who has to have issued a token; "": anyone who has a key."""
        return self._issuer

    async def refresh(self, now: float, older_than: float) -> bool:
        """Fetch keys that were fetched longer ago; whether that was done. Those there are stay when it fails.

        Raises:
            BadRequest: they cannot be had, and there are none.
        """
        async with self._fetching:
            if self._fixed or 0 <= now - self._fetched < older_than or 0 <= now - self._failed < _PATIENCE_S:
                return False
            try:
                self._keys = await self._get()
            except BadRequest:
                self._failed = now
                if not self._keys:
                    raise
                return False
            self._fetched = now
            return True

    async def _get(self) -> "list[Key]":
        config = self.config
        if config.jwks_url:
            return key_set(await self._document("jwks URL", config.jwks_url, config.jwks_ca_pem))
        what, base = "oidc discovery URL", config.oidc_discovery_url.rstrip("/")
        about = await self._document(what, f"{base}/.well-known/openid-configuration", config.oidc_discovery_ca_pem)
        issuer, url = about.get("issuer"), about.get("jwks_uri")
        if not isinstance(issuer, str) or issuer.rstrip("/") != base or not isinstance(url, str):
            raise BadRequest(f"error checking {what}: the document is of another issuer or names no keys")
        keys = key_set(await self._document(what, url, config.oidc_discovery_ca_pem))
        self._issuer = config.bound_issuer or issuer
        return keys

    async def _document(self, what: str, url: str, ca_pem: str) -> dict[str, Any]:
        try:
            return await self._fetch(url, ca_pem)
        except BadRequest as error:
            raise BadRequest(f"error checking {what}: {error}") from None
