"""Encryption to X25519 and ML-KEM-768 at once: whoever breaks one of the two reads nothing.

A ciphertext is the sender's X25519 key (32 bytes), the ML-KEM ciphertext (1,088) and AES-256-GCM's. Key and nonce come
of HKDF-SHA256 over both shared secrets, bound to both ciphertexts and both public keys; they are used once.
"""

import hashlib
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stratumiops.vault.crypto.port import Crypto, KeyPair
from stratumiops.vault.crypto.primitives import of_length
from stratumiops.vault.engines.transit.derivation import hkdf
from stratumiops.vault.engines.transit.kinds import HYBRID
from stratumiops.vault.errors import BadRequest

_KEM: Final = "ml-kem-768"
_CURVE: Final = 32
_SEED: Final = 64
_CIPHERTEXT: Final = 1088
_TAG: Final = 16
_LABEL: Final = b"stratumiops svault transit hybrid v1: X25519 ML-KEM-768 HKDF-SHA256 AES-256-GCM"


def generated(crypto: Crypto) -> KeyPair:
    """New keys: the private part is that of X25519 and the seed of ML-KEM, the public one both public keys."""
    private = os.urandom(_CURVE) + crypto.generate(_KEM).private
    return KeyPair(HYBRID, public(crypto, private), private)


def public(crypto: Crypto, private: bytes) -> bytes:
    """The public part of a private one."""
    of_length("a private key of hybrid", private, _CURVE + _SEED)
    curve = X25519PrivateKey.from_private_bytes(private[:_CURVE]).public_key().public_bytes_raw()
    return curve + crypto.public(_KEM, private[_CURVE:])


def encrypt(crypto: Crypto, public_key: bytes, plaintext: bytes, associated: bytes) -> bytes:
    """A ciphertext for the owner of a key."""
    ephemeral = X25519PrivateKey.generate()
    sender = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public_key[:_CURVE]))
    made = crypto.encapsulate(_KEM, public_key[_CURVE:])
    head = sender + made.ciphertext
    aead, nonce = _sealer(made.shared_secret, shared, head, public_key)
    return head + aead.encrypt(nonce, plaintext, associated)


def decrypt(crypto: Crypto, private: bytes, public_key: bytes, sealed: bytes, associated: bytes) -> bytes:
    """The inverse of `encrypt`.

    Raises:
        BadRequest: it was tampered with, or is for another key.
    """
    if len(sealed) < _CURVE + _CIPHERTEXT + _TAG:
        raise BadRequest("invalid ciphertext length")
    head, body = sealed[: _CURVE + _CIPHERTEXT], sealed[_CURVE + _CIPHERTEXT :]
    try:
        sender = X25519PublicKey.from_public_bytes(head[:_CURVE])
        shared = X25519PrivateKey.from_private_bytes(private[:_CURVE]).exchange(sender)
        secret = crypto.decapsulate(_KEM, private[_CURVE:], head[_CURVE:])
        aead, nonce = _sealer(secret, shared, head, public_key)
        return aead.decrypt(nonce, body, associated)
    except (InvalidTag, ValueError):  # ValueError: a point of small order, which gives a secret of zeros
        raise BadRequest("cipher: message authentication failed") from None


def _sealer(kem: bytes, curve: bytes, head: bytes, public_key: bytes) -> tuple[AESGCM, bytes]:
    bound = hkdf(kem + curve, _LABEL + hashlib.sha256(head + public_key).digest(), 44)
    return AESGCM(bound[:32]), bound[32:]
