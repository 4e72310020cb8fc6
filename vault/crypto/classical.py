"""RSA, ECDSA and Ed25519 by pyca/cryptography, in the encodings of the port."""

from typing import Final

from cryptography.exceptions import InternalError, InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from stratumiops.vault.crypto.port import ECDSA, ED25519, RSA_BITS, Sign
from stratumiops.vault.crypto.primitives import short_context
from stratumiops.vault.errors import BadRequest

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

SIGNATURES: Final = frozenset({*RSA_BITS, *ECDSA, ED25519})
CURVES: Final[dict[str, type[ec.EllipticCurve]]] = {
    "ecdsa-p256": ec.SECP256R1,
    "ecdsa-p384": ec.SECP384R1,
    "ecdsa-p521": ec.SECP521R1,
}
_PSS: Final = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "ecdsa-p256": hashes.SHA256(),
    "ecdsa-p384": hashes.SHA384(),
    "ecdsa-p521": hashes.SHA512(),
}


def generated(algorithm: str) -> bytes:
    """A new private key; RSA takes up to seconds."""
    if algorithm in RSA_BITS:
        return private_bytes(rsa.generate_private_key(65537, RSA_BITS[algorithm]))
    if algorithm in CURVES:
        return private_bytes(ec.generate_private_key(CURVES[algorithm]()))
    return private_bytes(ed25519.Ed25519PrivateKey.generate())


def private_bytes(key: PrivateKey) -> bytes:
    """A private key as the port encodes it."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.private_bytes_raw()
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def public_bytes(key: PrivateKey | PublicKey) -> bytes:
    """A public key as the port encodes it, also that of a private one."""
    public = key.public_key() if hasattr(key, "public_key") else key
    if isinstance(public, ed25519.Ed25519PublicKey):
        return public.public_bytes_raw()
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def private_key(algorithm: str, private: bytes) -> PrivateKey:
    """A private key of our own making, read; numbers of RSA are not checked again, which takes long.

    Raises:
        BadRequest: it is none of this algorithm.
    """
    try:
        key = (
            ed25519.Ed25519PrivateKey.from_private_bytes(private)
            if algorithm == ED25519
            else loaded(private, ours=True)
        )
    except (ValueError, TypeError, UnsupportedAlgorithm, InternalError):
        raise BadRequest(f"malformed private key of {algorithm}") from None
    if not fits(algorithm, key):
        raise BadRequest(f"this is no private key of {algorithm}")
    return key


def public_key(algorithm: str, public: bytes) -> PublicKey:
    """A public key, read.

    Raises:
        BadRequest: it is none of this algorithm.
    """
    try:
        key = ed25519.Ed25519PublicKey.from_public_bytes(public) if algorithm == ED25519 else loaded_public(public)
    except (ValueError, TypeError, UnsupportedAlgorithm, InternalError):
        raise BadRequest(f"malformed public key of {algorithm}") from None
    if not fits(algorithm, key):
        raise BadRequest(f"this is no public key of {algorithm}")
    return key


def fits(algorithm: str, key: PrivateKey | PublicKey) -> bool:
    """Whether a key is one of this algorithm."""
    if algorithm in RSA_BITS:
        return isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey) and key.key_size == RSA_BITS[algorithm]
    if algorithm in CURVES:
        curves = (ec.EllipticCurvePrivateKey, ec.EllipticCurvePublicKey)
        return isinstance(key, curves) and isinstance(key.curve, CURVES[algorithm])
    return isinstance(key, ed25519.Ed25519PrivateKey | ed25519.Ed25519PublicKey)


def signer(algorithm: str, private: bytes) -> Sign:
    """Signatures by one key."""
    key = private_key(algorithm, private)

    def sign(message: bytes, context: bytes = b"") -> bytes:
        short_context(algorithm, context)
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(message, _PSS, hashes.SHA256())
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key.sign(message, ec.ECDSA(_HASHES[algorithm]))
        return key.sign(message)

    return sign


def verified(algorithm: str, public: bytes, message: bytes, signature: bytes, context: bytes) -> bool:
    """Whether a signature is good."""
    short_context(algorithm, context)
    key = public_key(algorithm, public)
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, _PSS, hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(_HASHES[algorithm]))
        else:
            key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def loaded(private: bytes, *, ours: bool = False) -> PrivateKey:
    """A private key in PKCS #8, checked unless it is ours; a ValueError or TypeError: it is none of these kinds."""
    try:
        key = load_der_private_key(private, None, unsafe_skip_rsa_key_validation=ours)
    except (UnsupportedAlgorithm, InternalError) as error:
        raise ValueError(str(error)) from None
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
        raise TypeError("another kind of key")
    return key


def loaded_public(public: bytes) -> PublicKey:
    """A SubjectPublicKeyInfo; a ValueError or TypeError when it is none of these kinds."""
    try:
        key = load_der_public_key(public)
    except (UnsupportedAlgorithm, InternalError) as error:
        raise ValueError(str(error)) from None
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey):
        raise TypeError("another kind of key")
    return key
