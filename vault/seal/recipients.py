"""Whom shares and root tokens are encrypted for: owners of OpenPGP keys, or of ML-KEM-768 keys.

For ML-KEM-768 (FIPS 203) what comes out is: ciphertext of the encapsulation (1,088 bytes), nonce (12), AES-256-GCM
ciphertext and tag (16). The key is HKDF-SHA-256 of the shared secret, without salt, with the info `svault share`.
"""

import base64
import binascii
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from stratumiops.vault.errors import BadRequest

if TYPE_CHECKING:
    from pysequoia import Cert

_CIPHERTEXT: Final = 1088
_NONCE: Final = 12


class Recipient(Protocol):
    """The owner of a public key."""

    @property
    def fingerprint(self) -> str:
        """Of an OpenPGP key, in hexadecimal; else ""."""

    def share(self, share: bytearray) -> bytes:
        """A share, encrypted."""

    def text(self, text: str) -> bytes:
        """A text, encrypted."""


@dataclass(frozen=True, slots=True)
class PgpRecipient:
    """The owner of an OpenPGP key. Shares are encrypted as their hexadecimal digits, as Vault's clients expect."""

    certificate: "Cert"

    @property
    def fingerprint(self) -> str:
        """Of the primary key, in hexadecimal."""
        return self.certificate.fingerprint

    def share(self, share: bytearray) -> bytes:
        """See `Recipient`."""
        return self.text(share.hex())

    def text(self, text: str) -> bytes:
        """See `Recipient`."""
        import pysequoia

        return pysequoia.encrypt(text.encode(), [self.certificate], armor=False)


@dataclass(frozen=True, slots=True)
class KemRecipient:
    """The owner of an ML-KEM-768 key. Shares are encrypted as they are."""

    key: MLKEM768PublicKey
    fingerprint: str = ""

    def share(self, share: bytearray) -> bytes:
        """See `Recipient`."""
        shared, ciphertext = self.key.encapsulate()
        nonce = secrets.token_bytes(_NONCE)
        return ciphertext + nonce + _cipher(shared).encrypt(nonce, share, None)

    def text(self, text: str) -> bytes:
        """See `Recipient`."""
        return self.share(bytearray(text.encode()))


def opened(key: MLKEM768PrivateKey, wrapped: bytes) -> bytes:
    """What was encrypted for the owner of an ML-KEM-768 key.

    Raises:
        BadRequest: it was encrypted for another, or changed.
    """
    try:
        shared = key.decapsulate(wrapped[:_CIPHERTEXT])
        nonce = wrapped[_CIPHERTEXT : _CIPHERTEXT + _NONCE]
        return _cipher(shared).decrypt(nonce, wrapped[_CIPHERTEXT + _NONCE :], None)
    except (InvalidTag, ValueError):
        raise BadRequest("this was encrypted for another key, or changed") from None


def pgp(keys: Sequence[str]) -> list[Recipient]:
    """Owners of OpenPGP keys, each the base64 of a key in binary or armoured form.

    Raises:
        BadRequest: one is no key that can encrypt.
    """
    import pysequoia

    found: list[Recipient] = []
    for key in keys:
        try:
            recipient = PgpRecipient(pysequoia.Cert.from_bytes(_base64(key, "PGP key")))
            recipient.text("")
        except RuntimeError as error:  # the library raises nothing more exact
            raise BadRequest(f"error parsing given PGP key: {str(error).splitlines()[0]}") from None
        found.append(recipient)
    return found


def kem(keys: Sequence[str]) -> list[Recipient]:
    """Owners of ML-KEM-768 keys, each the base64 of a raw public key.

    Raises:
        BadRequest: one is no such key.
    """
    found: list[Recipient] = []
    for key in keys:
        try:
            found.append(KemRecipient(MLKEM768PublicKey.from_public_bytes(_base64(key, "ML-KEM key"))))
        except ValueError:
            raise BadRequest("error decoding given ML-KEM key: it is no ML-KEM-768 public key of 1184 bytes") from None
    return found


def _cipher(shared: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, None, b"svault share").derive(shared))


def _base64(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest(f"error decoding given {what}: illegal base64 data") from None
