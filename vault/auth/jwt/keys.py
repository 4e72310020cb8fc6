"""The keys that sign tokens, and what a signature of theirs is worth."""

import binascii
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import orjson
from cryptography.exceptions import InternalError, UnsupportedAlgorithm

from stratumiops.vault.errors import BadRequest

if TYPE_CHECKING:
    from joserfc.jwk import Key

ALGORITHMS: Final = (
    "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA", "Ed25519",
)  # fmt: skip
"""Only signatures: a MAC would make the public key a secret."""
_LARGEST: Final = 64 * 1024
_UNREADABLE: Final = (ValueError, TypeError, UnsupportedAlgorithm, InternalError)


def public_key(pem: str) -> "Key":
    """The public key of a PEM text.

    Raises:
        BadRequest: it is none, or of a kind that signs nothing.
    """
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey, OKPKey, RSAKey

    for kind in (RSAKey, ECKey, OKPKey):
        try:
            key = kind.import_key(pem.encode())
        except (*_UNREADABLE, JoseError):
            continue
        if not key.is_private:
            return key
    raise BadRequest("error parsing public key: data does not contain any valid public keys")


def key_set(document: Mapping[str, Any]) -> "list[Key]":
    """The keys of a JWK set; those of kinds that are not known here are left out.

    Raises:
        BadRequest: it is no JWK set.
    """
    from joserfc.errors import JoseError
    from joserfc.jwk import JWKRegistry, OctKey

    listed = document.get("keys")
    if not isinstance(listed, list):
        raise BadRequest("the document is no JWK set")
    keys: list[Key] = []
    for one in listed:
        if not isinstance(one, dict) or one.get("use") == "enc":
            continue
        try:
            key = JWKRegistry.import_key(one)
        except (*_UNREADABLE, KeyError, JoseError):
            continue
        if not isinstance(key, OctKey):
            keys.append(key)
    return keys


def verified(token: str, keys: "Sequence[Key]", algorithms: Sequence[str]) -> dict[str, Any] | None:
    """The claims of a token that one of the keys has signed; None: none of them has.

    Raises:
        BadRequest: it is no token, or signed with another algorithm.
    """
    from joserfc import jws
    from joserfc.errors import JoseError

    registry = jws.JWSRegistry(algorithms=list(algorithms or ALGORITHMS), strict_check_header=False)
    try:
        if len(token) > _LARGEST or token.count(".") != 2:
            raise _unverified("a compact JWS has three parts")
        found = jws.extract_compact(token.encode(), registry=registry)
        header = found.headers()
        if header.get("alg") not in (algorithms or ALGORITHMS):
            raise _unverified("its algorithm is not accepted")
    except (JoseError, ValueError, TypeError, binascii.Error):
        raise _unverified("it is malformed") from None
    named = [key for key in keys if header.get("kid") and key.kid == header["kid"]]
    for key in named or keys:
        try:
            if jws.validate_compact(found, key, registry=registry):
                return _claims(found.payload)
        except (JoseError, ValueError, TypeError):
            continue  # a key of another kind
    return None


def _claims(payload: bytes | None) -> dict[str, Any]:
    try:
        claims = orjson.loads(payload or b"")
    except orjson.JSONDecodeError:
        claims = None
    if not isinstance(claims, dict):
        raise BadRequest("error validating token: its claims are not a JSON object")
    return claims


def _unverified(why: str) -> BadRequest:
    return BadRequest(f"error validating token: error verifying token signature: {why}")
