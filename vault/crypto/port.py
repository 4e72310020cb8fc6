"""What a crypto backend offers. One that lacks an algorithm says which one has it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

AES256_GCM: Final = "aes256-gcm96"
AEAD_KEYS: Final = {"aes128-gcm96": 16, AES256_GCM: 32, "chacha20-poly1305": 32}
"""Bytes of a key. All take nonces of 12 bytes and give tags of 16."""
RSA_BITS: Final = {"rsa-2048": 2048, "rsa-3072": 3072, "rsa-4096": 4096}
ECDSA: Final = ("ecdsa-p256", "ecdsa-p384", "ecdsa-p521")
ED25519: Final = "ed25519"
ML_KEM: Final = ("ml-kem-512", "ml-kem-768", "ml-kem-1024")
ML_DSA: Final = ("ml-dsa-44", "ml-dsa-65", "ml-dsa-87")

Decapsulate = Callable[[bytes], bytes]
"""The shared secret of a ciphertext, by a key that is read already."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A pair of keys in the encoding that the port's methods take; the private part is not shown."""

    algorithm: str
    public: bytes
    private: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Encapsulated:
    """A shared secret, and the ciphertext that gives it to whoever has the private key."""

    ciphertext: bytes
    shared_secret: bytes = field(repr=False)


class Sign(Protocol):
    """A signature of a message, by a key that is read already."""

    def __call__(self, message: bytes, context: bytes = b"") -> bytes:
        """The signature."""


class Aead(Protocol):
    """Authenticated encryption by a key that is read already."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Ciphertext and tag; a nonce is never used twice with one key."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The inverse of `encrypt`.

        Raises:
            cryptography.exceptions.InvalidTag: it was tampered with, or the key, nonce or associated data is another.
        """


class Crypto(Protocol):
    """Primitives by the names of their algorithms, as Transit calls them (`aes256-gcm96`, `ecdsa-p256`, `ml-dsa-65`).

    Keys have one encoding in all backends, so that a key outlives a change of the backend: RSA and ECDSA keys PKCS #8
    and SubjectPublicKeyInfo in DER; Ed25519 keys 32 bytes (RFC 8032); ML-KEM and ML-DSA private keys the seed of 64 and
    32 bytes (FIPS 203, 204), public ones as the standard encodes them. RSA signs by PSS with SHA-256 and a salt of 32
    bytes; ECDSA with SHA-256, SHA-384 or SHA-512 by the curve, in ASN.1. Only ML-DSA takes a
    `context`, of up to 255 bytes.

    Raises:
        BadRequest: from every method, when the backend lacks the algorithm (it names one that has it), or a key,
            ciphertext or signature is malformed.
    """

    name: str

    def algorithms(self) -> frozenset[str]:
        """What it has."""

    def generate(self, algorithm: str) -> KeyPair:
        """A new pair of keys."""

    def public(self, algorithm: str, private: bytes) -> bytes:
        """The public key of a private one."""

    def sign(self, algorithm: str, private: bytes, message: bytes, context: bytes = b"") -> bytes:
        """A signature."""

    def signer(self, algorithm: str, private: bytes) -> Sign:
        """`sign` by one key, read once."""

    def verify(self, algorithm: str, public: bytes, message: bytes, signature: bytes, context: bytes = b"") -> bool:
        """Whether a signature is good."""

    def encrypt(self, algorithm: str, key: bytes, plaintext: bytes, associated: bytes = b"") -> bytes:
        """Nonce, ciphertext and tag."""

    def decrypt(self, algorithm: str, key: bytes, sealed: bytes, associated: bytes = b"") -> bytes:
        """The inverse of `encrypt`.

        Raises:
            BadRequest: it was tampered with, or the key is another.
        """

    def aead(self, algorithm: str, key: bytes) -> Aead:
        """`encrypt` and `decrypt` by one key, read once, with nonces of the caller's."""

    def encapsulate(self, algorithm: str, public: bytes) -> Encapsulated:
        """A shared secret for the owner of a key."""

    def decapsulate(self, algorithm: str, private: bytes, ciphertext: bytes) -> bytes:
        """The shared secret. A ciphertext that was made otherwise gives another one (implicit rejection)."""

    def decapsulator(self, algorithm: str, private: bytes) -> Decapsulate:
        """`decapsulate` by one key, read once."""
