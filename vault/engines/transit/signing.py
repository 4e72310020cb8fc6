"""Signatures by one version of a key: what a request says about them, making and checking them."""

import hmac
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    NoDigestInfo,
    Prehashed,
    decode_dss_signature,
    encode_dss_signature,
)

from stratumiops.vault.crypto.port import ML_DSA, Crypto
from stratumiops.vault.engines.transit import digests, material
from stratumiops.vault.engines.transit.encoding import encoded, strict, url_decoded, url_encoded
from stratumiops.vault.engines.transit.key import Key, Version
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields

PSS: Final = "pss"
PKCS1: Final = "pkcs1v15"
NO_BASE64: Final = "invalid base64 signature value"
_INVALID: Final = "supplied signature is invalid"
_WIDTHS: Final = {"ecdsa-p256": 32, "ecdsa-p384": 48, "ecdsa-p521": 66}
_PREHASHED: Final = {"ecdsa-p256": "sha2-256", "ecdsa-p384": "sha2-384", "ecdsa-p521": "sha2-512"}
_SCHEMES: Final = {name: ec.ECDSA(algorithm) for name, algorithm in digests.ALGORITHMS.items()}
_PREHASHED_SCHEMES: Final = {
    name: ec.ECDSA(Prehashed(digests.ALGORITHMS[algorithm])) for name, algorithm in _PREHASHED.items()
}


@dataclass(frozen=True, slots=True)
class Options:
    """How a signature is made. `salt` is `auto`, `hash` or the length of PSS's salt in bytes."""

    hash_name: str = digests.DEFAULT
    prehashed: bool = False
    scheme: str = PSS
    jws: bool = False
    salt: str = "auto"

    @property
    def without_hash(self) -> bool:
        """Whether RSA signs the input as it is, without the name of a hash function."""
        return self.hash_name == digests.NONE


PLAIN: Final = Options()
_NAMES: Final = (
    "hash_algorithm", "algorithm", "prehashed", "signature_algorithm", "marshaling_algorithm", "salt_length",
)  # fmt: skip


def options(fields: Fields, from_path: str) -> Options:
    """What a request says, the path before the body.

    Raises:
        BadRequest: it says something that there is not.
    """
    if not from_path and not any(fields.has(name) for name in _NAMES):
        return PLAIN
    hash_name = from_path or fields.text("hash_algorithm") or fields.text("algorithm") or digests.DEFAULT
    if hash_name not in digests.NAMES and hash_name != digests.NONE:
        raise BadRequest(f'invalid hash algorithm "{hash_name}"')
    marshaling = fields.text("marshaling_algorithm") or "asn1"
    if marshaling not in ("asn1", "jws"):
        raise BadRequest(f'invalid marshaling type "{marshaling}"')
    prehashed, scheme = fields.boolean("prehashed"), fields.text("signature_algorithm")
    if hash_name == digests.NONE and not (prehashed and scheme == PKCS1):
        raise BadRequest("hash_algorithm=none requires both prehashed=true and signature_algorithm=pkcs1v15")
    return Options(hash_name, prehashed, scheme or PSS, marshaling == "jws", _salt(fields))


def _salt(fields: Fields) -> str:
    salt = fields.text("salt_length") or "auto"
    if salt in ("auto", "hash"):
        return salt
    digits = salt.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 7):
        raise BadRequest(f"salt length neither 'auto', 'hash', nor an int: {salt}")
    if digits != salt:
        raise BadRequest(f"salt length is invalid: {salt}")
    return salt


def sign(crypto: Crypto, key: Key, version: Version, message: bytes, context: bytes, how: Options) -> str:
    """The text of a signature behind its prefix.

    Raises:
        BadRequest: this key cannot sign that so.
    """
    if key.type in ML_DSA:
        _whole_message(key, how)
        signature = material.signer(crypto, key, version)(message, context)
        return url_encoded(signature) if how.jws else encoded(signature)
    private = material.private_key(key, version, context)
    if isinstance(private, rsa.RSAPrivateKey):
        try:
            signature = private.sign(
                message, _padding(how, signing=True), NoDigestInfo() if how.without_hash else _hashed(how)
            )
        except ValueError:
            raise BadRequest(_unsuited(how)) from None
    elif isinstance(private, ec.EllipticCurvePrivateKey):
        signature = private.sign(*_digest(key, message, how))
        if how.jws:
            width = _WIDTHS[key.type]
            signature = b"".join(part.to_bytes(width, "big") for part in decode_dss_signature(signature))
    else:
        signature = private.sign(message)
    return url_encoded(signature) if how.jws else encoded(signature)


def verify(crypto: Crypto, key: Key, version: Version, message: bytes, text: str, context: bytes, how: Options) -> bool:
    """Whether the text of a signature, without its prefix, is one of this message.

    Raises:
        BadRequest: it is no signature at all, or this key cannot make one so.
    """
    signature = url_decoded(text, NO_BASE64) if how.jws else strict(text, NO_BASE64)
    if key.type in ML_DSA:
        _whole_message(key, how)
        return crypto.verify(key.type, version.public, message, signature, context)
    public = material.public_key(key, version, context)
    try:
        if isinstance(public, rsa.RSAPublicKey) and how.without_hash:
            signed = public.recover_data_from_signature(signature, padding.PKCS1v15(), None)
            return hmac.compare_digest(signed, message)
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, message, _padding(how, signing=False), _hashed(how))
        elif isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(_der(key, signature, how), *_digest(key, message, how))
        else:
            public.verify(signature, message)
    except InvalidSignature:
        return False
    except ValueError:
        raise BadRequest(_unsuited(how)) from None
    return True


def _padding(how: Options, *, signing: bool) -> padding.AsymmetricPadding:
    if how.scheme == PKCS1:
        return padding.PKCS1v15()
    if how.scheme != PSS:
        raise BadRequest(f"unsupported rsa signature algorithm {how.scheme}")
    mask = padding.MGF1(digests.ALGORITHMS[how.hash_name])
    if how.salt == "hash":
        return padding.PSS(mask, padding.PSS.DIGEST_LENGTH)
    if how.salt == "auto":
        return padding.PSS(mask, padding.PSS.MAX_LENGTH if signing else padding.PSS.AUTO)
    return padding.PSS(mask, int(how.salt))


def _hashed(how: Options) -> hashes.HashAlgorithm | Prehashed:
    algorithm = digests.ALGORITHMS[how.hash_name]
    return Prehashed(algorithm) if how.prehashed else algorithm


def _unsuited(how: Options) -> str:
    if how.prehashed:
        return "crypto/rsa: input must be hashed with given hash"
    return f"requested salt length {how.salt} is invalid"


def _digest(key: Key, message: bytes, how: Options) -> tuple[bytes, ec.ECDSA]:
    """What is signed: the message, or a digest of any length, as ECDSA takes it (its leftmost bits, as a number)."""
    if not how.prehashed:
        return message, _SCHEMES[how.hash_name]
    scheme = _PREHASHED_SCHEMES[key.type]
    width = digests.ALGORITHMS[_PREHASHED[key.type]].digest_size
    if key.type == "ecdsa-p521" and len(message) > width:
        raise BadRequest(f"a digest for {key.type} has at most {width} bytes")
    return message[:width].rjust(width, b"\0"), scheme


def _der(key: Key, signature: bytes, how: Options) -> bytes:
    if not how.jws:
        try:
            decode_dss_signature(signature)
        except ValueError:
            raise BadRequest(_INVALID) from None
        return signature
    width = _WIDTHS[key.type]
    if len(signature) != 2 * width:
        raise InvalidSignature
    halves = (int.from_bytes(signature[at : at + width], "big") for at in (0, width))
    return encode_dss_signature(*halves)


def _whole_message(key: Key, how: Options) -> None:
    if how.prehashed:
        raise BadRequest(f"{key.type} signs whole messages: prehashed is not supported")
