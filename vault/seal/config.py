"""How many shares there are and how many are needed; a record beside the keyring that is no secret."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from stratumiops.vault.barrier.keyring import KEY_LENGTH
from stratumiops.vault.errors import BadRequest, Corrupt
from stratumiops.vault.seal import shamir

RECORD: Final = "seal"
RECORD_BEFORE: Final = "before/seal"
"""That of the shares that a rekey has replaced, while it may still be undone."""

_MARK: Final = 8


@dataclass(frozen=True, slots=True)
class SealConfig:
    """Shares of a root key.

    Args:
        salt, marks: eight bytes of a keyed hash of each share. They tell a share of this vault from another, and
            nothing of the 256 random bits in it.
    """

    shares: int
    threshold: int
    salt: bytes = b""
    marks: tuple[bytes, ...] = ()

    @property
    def share_length(self) -> int:
        """33 bytes; the only share is the root key itself."""
        return KEY_LENGTH if self.shares == 1 else KEY_LENGTH + 1

    def check(self) -> None:
        """Check the numbers.

        Raises:
            BadRequest: no such shares can be made.
        """
        trouble = ""
        if self.shares < 1:
            trouble = "shares must be at least one"
        elif self.threshold < 1:
            trouble = "threshold must be at least one"
        elif self.shares > shamir.MOST_SHARES:
            trouble = "shares must be less than 256"
        elif self.shares > 1 and self.threshold == 1:
            trouble = "threshold must be greater than one for multiple shares"
        elif self.threshold > self.shares:
            trouble = "threshold cannot be larger than shares"
        if trouble:
            raise BadRequest(trouble)

    def split(self, root_key: bytearray) -> tuple[list[bytearray], "SealConfig"]:
        """Shares of a root key, and the configuration that knows them."""
        made = [root_key[:]] if self.shares == 1 else shamir.split(root_key, self.shares, self.threshold)
        salt = secrets.token_bytes(16)
        return made, SealConfig(self.shares, self.threshold, salt, tuple(_mark(salt, share) for share in made))

    def combine(self, shares: Sequence[bytearray]) -> bytearray:
        """The root key of shares, or something else if one of them is wrong.

        Raises:
            DuplicatePart: two shares have the same x.
        """
        return shares[0][:] if self.shares == 1 else shamir.combine(shares)

    def known(self, shares: Sequence[bytearray]) -> list[bytearray]:
        """Which of these are shares of this vault."""
        return [share for share in shares if _mark(self.salt, share) in self.marks]

    def strangers(self, shares: Sequence[bytearray]) -> int:
        """How many of these are no shares of this vault."""
        return len(shares) - len(self.known(shares))

    def encoded(self) -> bytes:
        """As it is kept."""
        marks = [mark.hex() for mark in self.marks]
        return orjson.dumps({"n": self.shares, "t": self.threshold, "salt": self.salt.hex(), "marks": marks})

    @classmethod
    def decoded(cls, data: bytes) -> "SealConfig":
        """The inverse of `encoded`.

        Raises:
            Corrupt: it is no such record.
        """
        try:
            found = orjson.loads(data)
            marks = tuple(bytes.fromhex(mark) for mark in found["marks"])
            return cls(int(found["n"]), int(found["t"]), bytes.fromhex(found["salt"]), marks)
        except (ValueError, KeyError, TypeError):
            raise Corrupt("the seal's record cannot be read") from None


def _mark(salt: bytes, share: bytearray) -> bytes:
    return hmac.digest(salt, share, "sha256")[:_MARK]
