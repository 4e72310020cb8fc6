"""Key material: new, imported, and read once for use."""

import asyncio
import os
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from stratumiops.vault.crypto import classical
from stratumiops.vault.crypto.openssl import OpenSSL
from stratumiops.vault.crypto.port import AEAD_KEYS, ML_DSA, ML_KEM, RSA_BITS, Crypto, Decapsulate, Sign
from stratumiops.vault.engines.transit import hybrid
from stratumiops.vault.engines.transit.derivation import NEEDS_CONTEXT, derived
from stratumiops.vault.engines.transit.key import Key, Version
from stratumiops.vault.engines.transit.kinds import HMAC, HYBRID
from stratumiops.vault.errors import BadRequest

_OPENSSL: Final = OpenSSL()
_HMAC_BYTES: Final = 32


def hmac_key() -> bytes:
    """A new key for HMACs."""
    return os.urandom(_HMAC_BYTES)


def backend(configured: Crypto, algorithm: str) -> Crypto:
    """The configured backend. Classical algorithms that it lacks are OpenSSL's, as the barrier's are.

    Post-quantum ones stay with it, and it says who has them.
    """
    if algorithm in (*ML_KEM, *ML_DSA) or algorithm in configured.algorithms():
        return configured
    return _OPENSSL


async def generated(crypto: Crypto, key_type: str, key_size: int, now: float) -> Version:
    """A new version of a key of this type."""
    if key_type in AEAD_KEYS:
        return Version(now, os.urandom(AEAD_KEYS[key_type]), b"", hmac_key())
    if key_type == HMAC:
        private = os.urandom(key_size)
        return Version(now, private, b"", private)
    if key_type == HYBRID:
        pair = hybrid.generated(crypto)
    elif key_type in RSA_BITS:
        pair = await asyncio.to_thread(backend(crypto, key_type).generate, key_type)
    else:
        pair = backend(crypto, key_type).generate(key_type)
    return Version(now, pair.private, pair.public, hmac_key())


def imported(crypto: Crypto, key_type: str, private: bytes, now: float) -> Version:
    """A version of a key from elsewhere: raw bytes of symmetric and post-quantum keys, PKCS #8 of all others.

    Raises:
        BadRequest: it is no such key.
    """
    if key_type in AEAD_KEYS:
        if len(private) != AEAD_KEYS[key_type]:
            raise BadRequest(f"invalid key size {len(private)} bytes for key type {key_type}")
        return Version(now, private, b"", hmac_key())
    if key_type == HMAC:
        if not 32 <= len(private) <= 512:
            raise BadRequest(f"invalid key size {len(private)} bytes for key type {key_type}")
        return Version(now, private, b"", private)
    if key_type == HYBRID:
        return Version(now, private, hybrid.public(crypto, private), hmac_key())
    if key_type in classical.SIGNATURES:
        private = classical.private_bytes(_from_pkcs8(key_type, private))
    public = backend(crypto, key_type).public(key_type, private)
    return Version(now, private, public, hmac_key())


def _from_pkcs8(key_type: str, private: bytes) -> classical.PrivateKey:
    try:
        key = classical.loaded(private)
    except (ValueError, TypeError):
        raise BadRequest("error parsing asymmetric key: it is no PKCS #8 key in DER") from None
    if not classical.fits(key_type, key):
        raise BadRequest(f"invalid key type: expected {key_type}")
    return key


def aead(crypto: Crypto, key: Key, version: Version, context: bytes) -> Any:
    """Encryption by a version; derived keys by their context."""
    if not key.derived:
        found = version.parsed.get("aead")
        if found is None:
            found = backend(crypto, key.type).aead(key.type, version.private)
            version.parsed["aead"] = found
        return found
    return backend(crypto, key.type).aead(key.type, derived(version.private, context, AEAD_KEYS[key.type]))


def nonce_key(key: Key, version: Version, context: bytes) -> bytes:
    """What the nonces of convergent encryption come from: the 32 bytes behind the encryption key."""
    length = AEAD_KEYS[key.type]
    return derived(version.private, context, length + 32)[length:]


def private_key(key: Key, version: Version, context: bytes) -> classical.PrivateKey:
    """A classical private key, read once; derived Ed25519 keys by their context."""
    if not version.private:
        raise BadRequest("requested version for signing does not contain a private part")
    if key.derived:
        if not context:
            raise BadRequest(f"error deriving key: {NEEDS_CONTEXT}")
        whole = version.private + version.public  # Vault derives from the key as Go keeps it: both parts
        return ed25519.Ed25519PrivateKey.from_private_bytes(derived(whole, context, 32))
    found: classical.PrivateKey | None = version.parsed.get("private")
    if found is None:
        found = classical.private_key(key.type, version.private)
        version.parsed["private"] = found
    return found


def public_key(key: Key, version: Version, context: bytes) -> classical.PublicKey:
    """A classical public key, read once."""
    if key.derived:
        return private_key(key, version, context).public_key()
    found: classical.PublicKey | None = version.parsed.get("public")
    if found is None:
        found = classical.public_key(key.type, version.public)
        version.parsed["public"] = found
    return found


def rsa_private(key: Key, version: Version) -> rsa.RSAPrivateKey:
    """The private key of an RSA key."""
    if not version.private:
        raise BadRequest("cannot decrypt ciphertext, key version does not have a private counterpart")
    found = private_key(key, version, b"")
    if not isinstance(found, rsa.RSAPrivateKey):
        raise BadRequest(f"{key.type} is no RSA key")
    return found


def rsa_public(key: Key, version: Version) -> rsa.RSAPublicKey:
    """The public key of an RSA key."""
    found = public_key(key, version, b"")
    if not isinstance(found, rsa.RSAPublicKey):
        raise BadRequest(f"{key.type} is no RSA key")
    return found


def signer(crypto: Crypto, key: Key, version: Version) -> Sign:
    """Signatures of a post-quantum key, read once."""
    found: Sign | None = version.parsed.get("sign")
    if found is None:
        found = crypto.signer(key.type, version.private)
        version.parsed["sign"] = found
    return found


def decapsulator(crypto: Crypto, key: Key, version: Version) -> Decapsulate:
    """Decapsulation by a post-quantum key, read once."""
    found: Decapsulate | None = version.parsed.get("decapsulate")
    if found is None:
        found = crypto.decapsulator(key.type, version.private)
        version.parsed["decapsulate"] = found
    return found


def public_pem(key: Key, version: Version) -> str:
    """A public key in PEM."""
    public = public_key(key, version, b"")
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def public_raw(key: Key, version: Version, context: bytes) -> bytes:
    """The public key that derives from a context."""
    return classical.public_bytes(public_key(key, version, context))


def private_pem(key: Key, version: Version, *, strip: bool) -> str:
    """A private key in PEM, in the traditional form of its type."""
    private = private_key(key, version, b"")
    if isinstance(private, ed25519.Ed25519PrivateKey):
        raise BadRequest(f"{key.type} has no form in PEM")
    text = private.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode("ascii")
    return text.rstrip("\n") if strip else text
