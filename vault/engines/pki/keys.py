"""Kinds of keys by the names that clients use, and keys as text."""

import asyncio
import base64
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
)
from cryptography.x509 import SubjectKeyIdentifier

from stratumiops.vault.errors import BadRequest

MlDsa = mldsa.MLDSA44PrivateKey | mldsa.MLDSA65PrivateKey | mldsa.MLDSA87PrivateKey
MlDsaPublic = mldsa.MLDSA44PublicKey | mldsa.MLDSA65PublicKey | mldsa.MLDSA87PublicKey
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | MlDsa
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | MlDsaPublic
Hash = hashes.SHA256 | hashes.SHA384 | hashes.SHA512

_CURVES: Final[dict[int, type[ec.EllipticCurve]]] = {
    224: ec.SECP224R1, 256: ec.SECP256R1, 384: ec.SECP384R1, 521: ec.SECP521R1,
}  # fmt: skip
_RSA: Final = frozenset({2048, 3072, 4096, 8192})
_ML_DSA: Final[dict[int, Any]] = {
    44: mldsa.MLDSA44PrivateKey, 65: mldsa.MLDSA65PrivateKey, 87: mldsa.MLDSA87PrivateKey,
}  # fmt: skip
_ML_DSA_PUBLIC: Final = {44: mldsa.MLDSA44PublicKey, 65: mldsa.MLDSA65PublicKey, 87: mldsa.MLDSA87PublicKey}
_HASHES: Final[dict[int, type[Hash]]] = {256: hashes.SHA256, 384: hashes.SHA384, 512: hashes.SHA512}
_DEFAULT_BITS: Final = {"rsa": 2048, "ec": 256, "mldsa": 44}


@dataclass(frozen=True, slots=True)
class KeyKind:
    """A type (`rsa`, `ec`, `ed25519`, `mldsa`, or `any` in a role) and a size; for ML-DSA the size is 44, 65 or 87."""

    type: str
    bits: int


def kind(key_type: str, bits: int, *, any_too: bool = False) -> KeyKind:
    """A kind that exists; 0 bits: the type's default. `ml-dsa-65` is `mldsa` with 65.

    Raises:
        BadRequest: there is no such kind.
    """
    name = key_type.lower()
    if name.startswith("ml-dsa-") and name[7:].isdecimal():
        name, bits = "mldsa", int(name[7:])
    bits = bits or _DEFAULT_BITS.get(name, 0)
    match name:
        case "any" if any_too:
            return KeyKind("any", 0)
        case "any":
            raise BadRequest("unknown key type: any")
        case "ed25519":
            return KeyKind(name, 0)
        case "rsa" if bits < 2048:
            raise BadRequest(f"RSA keys < 2048 bits are unsafe and not supported: got {bits}")
        case "rsa" if bits not in _RSA:
            raise BadRequest(f"unsupported bit length for RSA key: {bits}")
        case "ec" if bits not in _CURVES:
            raise BadRequest(f"unsupported bit length for EC key: {bits}")
        case "mldsa" if bits not in _ML_DSA:
            raise BadRequest(f"unsupported parameter set for ML-DSA key: {bits}")
        case "rsa" | "ec" | "mldsa":
            return KeyKind(name, bits)
    raise BadRequest(f"unknown key type {key_type}")


async def generate(wanted: KeyKind) -> PrivateKey:
    """A new key. Only RSA takes long; it leaves the event loop alone."""
    match wanted.type:
        case "rsa":
            return await asyncio.to_thread(rsa.generate_private_key, 65537, wanted.bits)
        case "ec":
            return ec.generate_private_key(_CURVES[wanted.bits]())
        case "ed25519":
            return ed25519.Ed25519PrivateKey.generate()
    made: MlDsa = _ML_DSA[wanted.bits].generate()
    return made


def kind_of(key: PrivateKey | PublicKey) -> KeyKind:
    """What a key is."""
    if isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey):
        return KeyKind("rsa", key.key_size)
    if isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey):
        return KeyKind("ec", key.curve.key_size)
    if isinstance(key, ed25519.Ed25519PrivateKey | ed25519.Ed25519PublicKey):
        return KeyKind("ed25519", 256)
    bits = next(bits for bits, public in _ML_DSA_PUBLIC.items() if isinstance(key, (public, _ML_DSA[bits])))
    return KeyKind("mldsa", bits)


def public(key: object) -> PublicKey:
    """A public key, when it is of a kind that is known here.

    Raises:
        BadRequest: it is not.
    """
    if isinstance(key, PublicKey) and (not isinstance(key, ec.EllipticCurvePublicKey) or key.key_size in _CURVES):
        return key
    raise BadRequest("unsupported public key type")


def load(data: bytes) -> PrivateKey:
    """A private key from PEM or DER.

    Raises:
        BadRequest: it is none; the text says nothing of it.
    """
    read = load_pem_private_key if data.lstrip().startswith(b"-----") else load_der_private_key
    try:
        key = read(data, None)
    except (ValueError, TypeError, UnsupportedAlgorithm, InternalError):
        raise BadRequest("failed to parse private key") from None
    if not isinstance(key, PrivateKey) or (isinstance(key, ec.EllipticCurvePrivateKey) and key.key_size not in _CURVES):
        raise BadRequest("unsupported private key type")
    if isinstance(key, rsa.RSAPrivateKey) and not 2048 <= key.key_size <= 16_384:
        raise BadRequest("RSA keys < 2048 bits are unsafe and not supported, nor are those of more than 16384 bits")
    return key


def hash_for(signer: PrivateKey, bits: int = 0) -> Hash | None:
    """The hash that a key signs with: the one asked for, else by the key's size; None for keys that bring their own.

    Raises:
        BadRequest: there is no hash of so many bits.
    """
    if not isinstance(signer, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        return None
    if not bits:
        bits = 256 if isinstance(signer, rsa.RSAPrivateKey) else {384: 384, 521: 512}.get(signer.key_size, 256)
    return _HASHES[signature_bits(bits)]()


def signature_bits(bits: int) -> int:
    """Bits of a hash, 0 for the default.

    Raises:
        BadRequest: there is no hash of so many bits.
    """
    if bits and bits not in _HASHES:
        raise BadRequest(f"unsupported hash signature algorithm: {bits}")
    return bits


def pss(signer: PrivateKey, *, wanted: bool) -> padding.PSS | None:
    """The padding for RSA-PSS, when it is wanted of an RSA key."""
    if not wanted or not isinstance(signer, rsa.RSAPrivateKey):
        return None
    return padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)


def sign(signer: PrivateKey, data: bytes, digest: Hash | None, padded: padding.PSS | None = None) -> bytes:
    """A signature, as certificates and lists hold it."""
    if isinstance(signer, rsa.RSAPrivateKey):
        return signer.sign(data, padded or padding.PKCS1v15(), digest or hashes.SHA256())
    if isinstance(signer, ec.EllipticCurvePrivateKey):
        return signer.sign(data, ec.ECDSA(digest or hashes.SHA256()))
    return signer.sign(data)


def key_id(key: PublicKey) -> bytes:
    """The subject key identifier: SHA-1 of the bits of the public key (RFC 5280, 4.2.1.2)."""
    return SubjectKeyIdentifier.from_public_key(key).digest


def spki(key: PublicKey) -> bytes:
    """The encoding by which two keys are compared."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def pkcs8(key: PrivateKey) -> bytes:
    """The encoding in which keys are kept."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def private_text(key: PrivateKey, *, form: str, key_form: str) -> str:
    """A private key for a client: PEM, or base64 of DER when `form` is `der`; PKCS #8 if asked for or needed."""
    traditional = key_form != "pkcs8" and isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    layout = PrivateFormat.TraditionalOpenSSL if traditional else PrivateFormat.PKCS8
    if form == "der":
        return base64.b64encode(key.private_bytes(Encoding.DER, layout, NoEncryption())).decode()
    return key.private_bytes(Encoding.PEM, layout, NoEncryption()).decode().strip()
