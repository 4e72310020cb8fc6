"""Signed requests (RFC 8555, 6.2; RFC 7515)."""

import base64
import binascii
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

import orjson
from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OctKey, OKPKey, RSAKey

from stratumiops.vault.engines.pki.acme.problems import Problem

PublicKey = RSAKey | ECKey | OKPKey
SIGNATURES: Final = ("ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "EdDSA", "Ed25519")
_MACS: Final = ("HS256", "HS384", "HS512")
_KINDS: Final = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}


class _Registry(jws.JWSRegistry):
    """With room for an RSA key in the header, and for a post-quantum CSR in the payload."""

    max_header_length = 8_192
    max_payload_length = 131_072
    max_signature_length = 4_096


@dataclass(frozen=True, slots=True)
class Message:
    """A signed message that is not yet checked: its protected header, and its payload."""

    header: Mapping[str, Any]
    payload: bytes
    whole: Mapping[str, str] = field(repr=False)

    def text(self, name: str) -> str:
        """A field of the header that has to be a text.

        Raises:
            Problem: it is none.
        """
        value = self.header.get(name)
        if not isinstance(value, str) or not value:
            raise Problem("malformed", f"missing required field '{name}' in the protected header")
        return value

    @property
    def document(self) -> dict[str, Any]:
        """The payload as an object; an empty payload is an empty object.

        Raises:
            Problem: it is none.
        """
        if not self.payload:
            return {}
        try:
            found = orjson.loads(self.payload)
        except orjson.JSONDecodeError:
            found = None
        if not isinstance(found, dict):
            raise Problem("malformed", "the payload is no JSON object")
        return found


def read(data: Any) -> Message:
    """A message in flattened JSON.

    Raises:
        Problem: it is none.
    """
    if not isinstance(data, dict):
        raise Problem("malformed", "the request is no signed message")
    whole = {}
    for name in ("protected", "payload", "signature"):
        if not isinstance(data.get(name), str):
            raise Problem("malformed", f"missing required field '{name}': the request message was malformed")
        whole[name] = data[name]
    if "signatures" in data or "header" in data:
        raise Problem("malformed", "only the flattened form with one protected header is taken")
    try:
        header = orjson.loads(decoded(whole["protected"], "protected"))
    except orjson.JSONDecodeError:
        header = None
    if not isinstance(header, dict):
        raise Problem("malformed", "the protected header is no JSON object")
    if "crit" in header or "b64" in header:
        raise Problem("malformed", "extensions of the header are not known")
    return Message(header, decoded(whole["payload"], "payload"), whole)


def decoded(text: str, name: str) -> bytes:
    """Base64 for URLs, without padding.

    Raises:
        Problem: it is something else.
    """
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Problem("malformed", f"failed to base64 parse '{name}': the request message was malformed") from None


def key(jwk: Any) -> PublicKey:
    """A public key.

    Raises:
        Problem: it is none, a private one, or of a kind that is not taken.
    """
    if not isinstance(jwk, dict) or not all(isinstance(value, str) for value in jwk.values()):
        raise Problem("badPublicKey", "the jwk is no public key")
    if jwk.get("kty") not in _KINDS or "d" in jwk or "k" in jwk:
        raise Problem("badPublicKey", "the jwk is not of a kind that is taken")
    try:
        found = JWKRegistry.import_key(cast("Any", jwk))
    except (JoseError, ValueError, TypeError, KeyError, UnsupportedAlgorithm, InternalError):
        raise Problem("badPublicKey", "the jwk is no public key") from None
    if not isinstance(found, PublicKey) or (
        isinstance(found, RSAKey) and not 2048 <= found.public_key.key_size <= 8192
    ):
        raise Problem("badPublicKey", "the jwk is not of a kind that is taken")
    return found


def verify(message: Message, public: PublicKey) -> None:
    """Refuse a message that this key has not signed.

    Raises:
        Problem: it has not.
    """
    if message.header.get("alg") not in SIGNATURES:
        raise Problem("badSignatureAlgorithm", f"the algorithms are {', '.join(SIGNATURES)}")
    _verified(message, public, SIGNATURES, "malformed")


def verify_mac(message: Message, secret: bytes) -> None:
    """Refuse a message that was not made with this secret.

    Raises:
        Problem: it was not.
    """
    if message.header.get("alg") not in _MACS:
        raise Problem("badSignatureAlgorithm", f"the algorithms are {', '.join(_MACS)}")
    _verified(message, OctKey.import_key(secret), _MACS, "unauthorized")


def _verified(message: Message, public: PublicKey | OctKey, algorithms: Collection[str], kind: str) -> None:
    registry = _Registry(strict_check_header=False, algorithms=list(algorithms))
    try:
        jws.deserialize_json(cast("Any", dict(message.whole)), public, registry=registry)
    except (JoseError, ValueError, TypeError, KeyError):
        raise Problem(kind, "the signature is not that of the key") from None


def encoded(data: bytes) -> str:
    """Base64 for URLs, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
