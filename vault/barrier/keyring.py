"""The keys of the barrier, by term, and how they are kept: encrypted with the root key."""

import os
import secrets
import struct
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stratumiops.vault.errors import BadRequest, Corrupt

KEY_LENGTH: Final = 32
WRONG_KEY: Final = "invalid key: cipher: message authentication failed"
_NONCE: Final = 12
_AT_ONCE: Final = 1024
_TAG: Final = 16
_VERSION: Final = 1
_HEAD: Final = struct.Struct(">BI16s")  # version, number of terms, vault id; the anchor's key follows
_TERM: Final = struct.Struct(">IdQ")  # term, installed, encryptions; its key follows
_ENTRY: Final = struct.Struct(">BI")  # version, term
ENTRY_OVERHEAD: Final = _ENTRY.size + _NONCE + _TAG
_AAD: Final = b"svault keyring 1"


def wipe(secret: bytearray) -> None:
    """Overwrite a secret with zeros."""
    secret[:] = bytes(len(secret))


@dataclass(slots=True)
class Term:
    """One key. `used`: how often it has encrypted, or an upper bound after a crash."""

    number: int
    installed: float
    key: bytearray = field(repr=False)
    used: int = 0


class Keyring:
    """All keys; the newest one encrypts.

    Args:
        vault_id: 16 bytes that tell vaults apart; not secret.
        anchor_key: authenticates the anchor; the same for the life of the vault, whatever the root key.
    """

    def __init__(self, vault_id: bytes, anchor_key: bytearray, terms: list[Term]) -> None:
        self.vault_id = vault_id
        self.anchor_key = anchor_key
        self._terms = {term.number: term for term in terms}
        self._ciphers = {term.number: AESGCM(term.key) for term in terms}
        self._nonces = b""
        self._nonces_used = 0
        self.active = terms[-1]

    @classmethod
    def new(cls, now: float) -> "Keyring":
        """A keyring of a new vault, with one key."""
        return cls(secrets.token_bytes(16), _random_key(), [Term(1, now, _random_key())])

    def with_new_term(self, now: float) -> "Keyring":
        """A copy with one more key."""
        terms = [Term(one.number, one.installed, bytearray(one.key), one.used) for one in self._terms.values()]
        terms.append(Term(self.active.number + 1, now, _random_key()))
        return Keyring(self.vault_id, bytearray(self.anchor_key), terms)

    def encrypt(self, key: str, value: bytes) -> bytes:
        """An entry as it is stored: version, term, nonce, ciphertext, tag. It is bound to its key."""
        head = _ENTRY.pack(_VERSION, self.active.number)
        nonce = self._nonce()
        self.active.used += 1
        return head + nonce + self._ciphers[self.active.number].encrypt(nonce, value, head + key.encode())

    def _nonce(self) -> bytes:
        """Random bytes, from the system by the thousand: each call there would let other threads in between."""
        at = self._nonces_used
        if at == len(self._nonces):
            self._nonces, at = os.urandom(_NONCE * _AT_ONCE), 0
        self._nonces_used = at + _NONCE
        return self._nonces[at : at + _NONCE]

    def decrypt(self, key: str, stored: bytes) -> bytes:
        """The inverse of `encrypt`.

        Raises:
            Corrupt: it was changed, or belongs to another key.
        """
        if len(stored) < ENTRY_OVERHEAD:
            raise Corrupt("an entry of the storage is too short")
        version, term = _ENTRY.unpack_from(stored)
        cipher = self._ciphers.get(term)
        if version != _VERSION or cipher is None:
            raise Corrupt(f"an entry of the storage has version {version} and term {term}, which are not known")
        begin = _ENTRY.size + _NONCE
        view = memoryview(stored)
        try:
            return cipher.decrypt(view[_ENTRY.size : begin], view[begin:], stored[: _ENTRY.size] + key.encode())
        except InvalidTag:
            raise Corrupt("an entry of the storage has been changed") from None

    def wrapped(self, root_key: bytearray) -> bytes:
        """The keyring as it is stored."""
        plain = bytearray(_HEAD.pack(_VERSION, len(self._terms), self.vault_id)) + self.anchor_key
        for term in self._terms.values():
            plain += _TERM.pack(term.number, term.installed, term.used)
            plain += term.key
        nonce = secrets.token_bytes(_NONCE)
        try:
            return nonce + AESGCM(root_key).encrypt(nonce, plain, _AAD)
        finally:
            wipe(plain)

    @classmethod
    def unwrapped(cls, stored: bytes, root_key: bytearray) -> "Keyring":
        """The inverse of `wrapped`.

        Raises:
            BadRequest: the key is another, or the stored keyring was changed: the two cannot be told apart.
            Corrupt: it is no keyring.
        """
        length = len(stored) - _NONCE - _TAG
        if length < _HEAD.size + KEY_LENGTH + _TERM.size + KEY_LENGTH:
            raise Corrupt("the stored keyring is too short")
        plain = bytearray(length)
        try:
            AESGCM(root_key).decrypt_into(stored[:_NONCE], stored[_NONCE:], _AAD, plain)
            version, count, vault_id = _HEAD.unpack_from(plain)
            at = _HEAD.size + KEY_LENGTH
            if version != _VERSION or length != at + count * (_TERM.size + KEY_LENGTH):
                raise Corrupt(f"the stored keyring has version {version}, which is not known")
            terms = []
            for _ in range(count):
                number, installed, used = _TERM.unpack_from(plain, at)
                at += _TERM.size + KEY_LENGTH
                terms.append(Term(number, installed, plain[at - KEY_LENGTH : at], used))
            return cls(vault_id, plain[_HEAD.size : _HEAD.size + KEY_LENGTH], terms)
        except InvalidTag:
            raise BadRequest(WRONG_KEY) from None
        finally:
            wipe(plain)

    def wipe(self) -> None:
        """Overwrite the keys; this keyring then does nothing any more."""
        for term in self._terms.values():
            wipe(term.key)
        wipe(self.anchor_key)
        self._ciphers.clear()


def _random_key() -> bytearray:
    return bytearray(secrets.token_bytes(KEY_LENGTH))
