"""What a crypto backend offers. One that lacks an algorithm says which one has it."""

from dataclasses import dataclass, field
from typing import Final, Protocol

AES256_GCM: Final = "aes256-gcm96"
ML_KEM: Final = ("ml-kem-512", "ml-kem-768", "ml-kem-1024")
ML_DSA: Final = ("ml-dsa-44", "ml-dsa-65", "ml-dsa-87")


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


class Crypto(Protocol):
    """Primitives by the names of their algorithms, as Transit calls them (`aes256-gcm96`, `ecdsa-p256`, `ml-dsa-65`).

    Raises:
        BadRequest: from every method, when the backend lacks the algorithm; it names one that has it.
    """

    name: str

    def algorithms(self) -> frozenset[str]:
        """What it has."""

    def generate(self, algorithm: str) -> KeyPair:
        """A new pair of keys."""

    def sign(self, algorithm: str, private: bytes, message: bytes) -> bytes:
        """A signature."""

    def verify(self, algorithm: str, public: bytes, message: bytes, signature: bytes) -> bool:
        """Whether a signature is good."""

    def encrypt(self, algorithm: str, key: bytes, plaintext: bytes, associated: bytes = b"") -> bytes:
        """Nonce, ciphertext and tag."""

    def decrypt(self, algorithm: str, key: bytes, sealed: bytes, associated: bytes = b"") -> bytes:
        """The inverse of `encrypt`.

        Raises:
            BadRequest: it was tampered with, or the key is another.
        """

    def encapsulate(self, algorithm: str, public: bytes) -> Encapsulated:
        """A shared secret for the owner of a key."""

    def decapsulate(self, algorithm: str, private: bytes, ciphertext: bytes) -> bytes:
        """The shared secret."""
