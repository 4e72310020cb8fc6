"""Encryption and decryption by one version of a key."""

import hmac
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from stratumiops.vault.crypto.port import AEAD_KEYS, Crypto
from stratumiops.vault.engines.transit import hybrid, material
from stratumiops.vault.engines.transit.key import Key, Version
from stratumiops.vault.engines.transit.kinds import HYBRID
from stratumiops.vault.errors import BadRequest

_NONCE: Final = 12
_OAEP: Final = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


def encrypt(crypto: Crypto, key: Key, version: Version, plaintext: bytes, context: bytes, associated: bytes) -> bytes:
    """What stands behind the prefix of a ciphertext.

    Raises:
        BadRequest: this key cannot encrypt that.
    """
    if key.type in AEAD_KEYS:
        sealer = material.aead(crypto, key, version, context)
        nonce = (
            hmac.digest(material.nonce_key(key, version, context), plaintext, "sha256")[:_NONCE]
            if key.convergent_encryption
            else os.urandom(_NONCE)
        )
        return nonce + bytes(sealer.encrypt(nonce, plaintext, associated))
    if key.type == HYBRID:
        return hybrid.encrypt(crypto, version.public, plaintext, associated)
    if not key.kind.encryption:
        raise BadRequest(f"message encryption not supported for key type {key.type}")
    try:
        return material.rsa_public(key, version).encrypt(plaintext, _OAEP)
    except ValueError:
        raise BadRequest("failed to RSA encrypt the plaintext: message too long for RSA key size") from None


def decrypt(crypto: Crypto, key: Key, version: Version, sealed: bytes, context: bytes, associated: bytes) -> bytes:
    """The inverse of `encrypt`.

    Raises:
        BadRequest: it was tampered with, or belongs to another key, context or associated data.
    """
    if key.type in AEAD_KEYS:
        if len(sealed) < _NONCE:
            raise BadRequest("invalid ciphertext length")
        opener = material.aead(crypto, key, version, context)
        try:
            return bytes(opener.decrypt(sealed[:_NONCE], sealed[_NONCE:], associated))
        except InvalidTag:
            raise BadRequest("cipher: message authentication failed") from None
    if key.type == HYBRID:
        return hybrid.decrypt(crypto, version.private, version.public, sealed, associated)
    if not key.kind.encryption:
        raise BadRequest(f"message decryption not supported for key type {key.type}")
    try:
        return material.rsa_private(key, version).decrypt(sealed, _OAEP)
    except ValueError:
        raise BadRequest("failed to RSA decrypt the ciphertext: crypto/rsa: decryption error") from None
