"""The backend `rustcrypto`: ChaCha20-Poly1305 and ML-KEM-768 in Rust, by the wheel `dryoc`. Meant for tests."""

import importlib
import importlib.util
import os
from typing import Any

from cryptography.exceptions import InvalidTag

from stratumiops.vault.crypto.port import Aead, Decapsulate, Encapsulated, KeyPair
from stratumiops.vault.crypto.primitives import Primitives, aead_key, of_length
from stratumiops.vault.errors import BadRequest, ConfigError


class RustCrypto(Primitives):
    """ChaCha20-Poly1305 and ML-KEM-768."""

    name = "rustcrypto"

    def __init__(self) -> None:
        if importlib.util.find_spec("dryoc") is None:
            raise ConfigError('crypto_backend = "rustcrypto" needs the Python package dryoc: pip install dryoc')
        self._aead = importlib.import_module("dryoc.aead")
        self._kem = importlib.import_module("dryoc.kem.mlkem768")
        self._failed = importlib.import_module("dryoc").CryptoError

    def generate(self, algorithm: str) -> KeyPair:
        """A new pair of keys."""
        if algorithm != "ml-kem-768":
            return super().generate(algorithm)
        seed = os.urandom(64)
        return KeyPair(algorithm, self.public(algorithm, seed), seed)

    def public(self, algorithm: str, private: bytes) -> bytes:
        """The public key of a private one."""
        if algorithm != "ml-kem-768":
            return super().public(algorithm, private)
        return bytes(self._pair(private).public_key)

    def aead(self, algorithm: str, key: bytes) -> Aead:
        """`encrypt` and `decrypt` by one key."""
        if algorithm != "chacha20-poly1305":
            return super().aead(algorithm, key)
        return _ChaCha(self._aead.ChaCha20Poly1305(aead_key(algorithm, key)), self._failed)

    def encapsulate(self, algorithm: str, public: bytes) -> Encapsulated:
        """A shared secret for the owner of a key."""
        if algorithm != "ml-kem-768":
            return super().encapsulate(algorithm, public)
        of_length(f"a public key of {algorithm}", public, self._kem.PublicKey.SIZE)
        try:
            ciphertext, secret = self._kem.PublicKey(public).encapsulate()
        except (ValueError, self._failed):
            raise BadRequest(f"malformed public key of {algorithm}") from None
        return Encapsulated(ciphertext, secret)

    def decapsulator(self, algorithm: str, private: bytes) -> Decapsulate:
        """`decapsulate` by one key, read once."""
        if algorithm != "ml-kem-768":
            return super().decapsulator(algorithm, private)
        pair = self._pair(private)

        def decapsulate(ciphertext: bytes) -> bytes:
            of_length(f"a ciphertext of {algorithm}", ciphertext, self._kem.PublicKey.CIPHERTEXT_SIZE)
            return bytes(pair.decapsulate(ciphertext))

        return decapsulate

    def _pair(self, seed: bytes) -> Any:
        return self._kem.KeyPair.from_seed(of_length("a private key of ml-kem-768", seed, 64))


class _ChaCha:
    def __init__(self, key: Any, failed: type[Exception]) -> None:
        self._key = key
        self._failed = failed

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        return bytes(self._key.encrypt(data, nonce, associated_data=associated_data).ciphertext)

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        try:
            return bytes(self._key.decrypt(data, nonce, associated_data=associated_data))
        except self._failed:
            raise InvalidTag from None
