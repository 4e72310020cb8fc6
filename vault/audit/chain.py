"""The chain through the lines of a device: each carries an HMAC over itself and that of the line before."""

import hmac
import re
from dataclasses import dataclass
from typing import Final

import orjson

GENESIS: Final = bytes(32)
"""What comes before the first line of a device."""
_SEAL: Final = re.compile(rb',"seq":(\d{1,18}),"chain":"([0-9a-f]{64})"\}\Z')
_TAIL: Final = 120
"""No seal is longer, in bytes."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last line: its number, from 1, and its chain. Number 0: there is none yet."""

    seq: int = 0
    chain: bytes = GENESIS


@dataclass(frozen=True, slots=True)
class Sealed:
    """A line as it is read back: the head that it makes, and the bytes that its chain is over."""

    head: Head
    body: bytes


class Chain:
    """The chain of a device as it grows."""

    __slots__ = ("_key", "head")

    def __init__(self, key: bytes, head: Head | None = None) -> None:
        self._key = key
        self.head = head or Head()

    def __repr__(self) -> str:
        return f"Chain(seq={self.head.seq})"

    def seal(self, body: bytes) -> tuple[bytes, Head]:
        """A line of an entry (an object of JSON), and the head once it is written."""
        seq = self.head.seq + 1
        part = b'%b,"seq":%d' % (body[:-1], seq)
        chain = link(self._key, self.head.chain, part)
        return b'%b,"chain":"%b"}\n' % (part, chain.hex().encode()), Head(seq, chain)

    def marker(self, event: str, at: str) -> bytes:
        """The entry that begins a file, or goes on where lines are missing: it names the chain before it."""
        return orjson.dumps({"time": at, "type": "chain", "event": event, "previous": self.head.chain.hex()})


def link(key: bytes, before: bytes, body: bytes) -> bytes:
    """The chain of a line."""
    return hmac.digest(key, before + body, "sha256")


def read(line: bytes) -> Sealed | None:
    """A line, without its end, taken apart; None: it is no line of a device."""
    found = _SEAL.search(line, max(0, len(line) - _TAIL))
    if found is None:
        return None
    body = line[: found.end(1)]
    return Sealed(Head(int(found[1]), bytes.fromhex(found[2].decode())), body)


def previous(line: bytes) -> bytes | None:
    """The chain that a marker names; None: the line is no marker."""
    line = line[max(line.find(b"{"), 0) :]  # behind the device's prefix
    if b'"type":"chain"' not in line[:100]:
        return None
    try:
        entry = orjson.loads(line)
        named = bytes.fromhex(entry["previous"]) if entry["type"] == "chain" else None
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None
    return named if named is not None and len(named) == len(GENESIS) else None
