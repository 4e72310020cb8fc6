"""Shares as they are given: read from text, and collected until there are enough."""

import base64
import binascii
import hmac
import uuid

from stratumiops.vault.barrier.keyring import wipe
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.seal.config import SealConfig
from stratumiops.vault.seal.shamir import DuplicatePart

NOT_A_KEY = "'key' must be a valid hex or base64 string"


def parsed(text: str, *lengths: int) -> bytearray:
    """A share of hexadecimal or base64 digits.

    Args:
        lengths: the usual one first.

    Raises:
        BadRequest: it is neither, or of another length.
    """
    readings = [found for found in (_hexadecimal(text), _base64(text)) if len(found) > 1]
    if not readings:
        raise BadRequest(NOT_A_KEY)
    for found in readings:
        if len(found) in lengths:
            return found
    given, length = len(readings[0]), lengths[0]
    if given < 16:
        raise BadRequest("invalid key: key is shorter than minimum 16 bytes")
    if given > length:
        raise BadRequest(f"invalid key: key is longer than maximum {length} bytes")
    raise BadRequest(f"invalid key: a share of this vault has {length} bytes, this one has {given}")


class Collected:
    """Shares given so far, each once, under a nonce of their own."""

    def __init__(self) -> None:
        self._shares: list[bytearray] = []
        self.nonce = ""

    def __len__(self) -> int:
        return len(self._shares)

    def add(self, share: bytearray) -> bool:
        """Take a share; False: it was given already."""
        if any([hmac.compare_digest(share, one) for one in self._shares]):  # noqa: C419 - all are compared
            return False
        if not self.nonce:
            self.nonce = str(uuid.uuid4())
        self._shares.append(share)
        return True

    def combined(self, config: SealConfig) -> bytearray:
        """The root key that they give.

        Raises:
            DuplicatePart: two of them have the same x.
        """
        return config.combine(self._shares)

    def quorum(self, config: SealConfig | None) -> bool:
        """Whether enough of them, and no others, are shares of this vault."""
        return config is not None and len(config.known(self._shares)) == len(self._shares) >= config.threshold

    def strangers(self, config: SealConfig) -> int:
        """How many of them are no shares of this vault."""
        return config.strangers(self._shares)

    def clear(self) -> None:
        """Forget them."""
        for share in self._shares:
            wipe(share)
        self._shares.clear()
        self.nonce = ""


def explained(collected: Collected, config: SealConfig, error: BadRequest | DuplicatePart) -> str:
    """Why the collected shares do not give the key, as far as can be told."""
    if isinstance(error, DuplicatePart):
        return str(error)
    wrong = collected.strangers(config)
    if not wrong:
        return str(error)
    return f"{error}; {wrong} of the {len(collected)} shares given {'are' if wrong > 1 else 'is'} not of this vault"


def _hexadecimal(text: str) -> bytearray:
    try:
        return bytearray.fromhex(text) if text.isalnum() else bytearray()
    except ValueError:
        return bytearray()


def _base64(text: str) -> bytearray:
    try:
        return bytearray(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return bytearray()
