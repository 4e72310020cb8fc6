"""What all backends share: each method that one does not have says which backend has the algorithm."""

import os
from typing import Final

from cryptography.exceptions import InvalidTag

from stratumiops.vault.crypto.offers import OFFERS, lacking
from stratumiops.vault.crypto.port import AEAD_KEYS, ML_DSA, Aead, Decapsulate, Encapsulated, KeyPair, Sign
from stratumiops.vault.errors import BadRequest

NONCE: Final = 12
TAG: Final = 16


class Primitives:
    """The port, with no algorithm; see `port.Crypto` for what the methods do."""

    name = ""

    def algorithms(self) -> frozenset[str]:
        """What it has."""
        return OFFERS[self.name]

    def generate(self, algorithm: str) -> KeyPair:
        """A new pair of keys."""
        raise lacking(self.name, algorithm)

    def public(self, algorithm: str, private: bytes) -> bytes:
        """The public key of a private one."""
        raise lacking(self.name, algorithm)

    def sign(self, algorithm: str, private: bytes, message: bytes, context: bytes = b"") -> bytes:
        """A signature."""
        return self.signer(algorithm, private)(message, context)

    def signer(self, algorithm: str, private: bytes) -> Sign:
        """`sign` by one key, read once."""
        raise lacking(self.name, algorithm)

    def verify(self, algorithm: str, public: bytes, message: bytes, signature: bytes, context: bytes = b"") -> bool:
        """Whether a signature is good."""
        raise lacking(self.name, algorithm)

    def encrypt(self, algorithm: str, key: bytes, plaintext: bytes, associated: bytes = b"") -> bytes:
        """A random nonce, ciphertext and tag."""
        nonce = os.urandom(NONCE)
        return nonce + self.aead(algorithm, key).encrypt(nonce, plaintext, associated)

    def decrypt(self, algorithm: str, key: bytes, sealed: bytes, associated: bytes = b"") -> bytes:
        """The inverse of `encrypt`."""
        aead = self.aead(algorithm, key)
        if len(sealed) < NONCE + TAG:
            raise BadRequest("invalid ciphertext length")
        try:
            return aead.decrypt(sealed[:NONCE], sealed[NONCE:], associated)
        except InvalidTag:
            raise BadRequest("cipher: message authentication failed") from None

    def aead(self, algorithm: str, key: bytes) -> Aead:
        """`encrypt` and `decrypt` by one key."""
        raise lacking(self.name, algorithm)

    def encapsulate(self, algorithm: str, public: bytes) -> Encapsulated:
        """A shared secret for the owner of a key."""
        raise lacking(self.name, algorithm)

    def decapsulate(self, algorithm: str, private: bytes, ciphertext: bytes) -> bytes:
        """The shared secret."""
        return self.decapsulator(algorithm, private)(ciphertext)

    def decapsulator(self, algorithm: str, private: bytes) -> Decapsulate:
        """`decapsulate` by one key, read once."""
        raise lacking(self.name, algorithm)


def of_length(what: str, data: bytes, length: int) -> bytes:
    """The same bytes.

    Raises:
        BadRequest: there are more or fewer of them.
    """
    if len(data) != length:
        raise BadRequest(f"{what} must have {length} bytes, not {len(data)}")
    return data


def aead_key(algorithm: str, key: bytes) -> bytes:
    """The same key, of the length that the algorithm wants."""
    return of_length(f"a key of {algorithm}", key, AEAD_KEYS[algorithm])


def short_context(algorithm: str, context: bytes) -> bytes:
    """The same context.

    Raises:
        BadRequest: the algorithm takes none, or it is longer than FIPS 204 allows.
    """
    if context and algorithm not in ML_DSA:
        raise BadRequest(f"{algorithm} takes no context")
    if len(context) > 255:
        raise BadRequest(f"a context of {algorithm} has at most 255 bytes")
    return context
