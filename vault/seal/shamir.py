"""Shamir's secret sharing over GF(2^8), byte by byte, in the layout of Vault's shares: all y, then one byte of x.

The field is that of AES (x^8 + x^4 + x^3 + x + 1). All bytes of a share are worked on at once, as one integer of as
many lanes of eight bits; there are no tables and no branches on secrets, only on x, which is no secret.

Source: A. Shamir, "How to share a secret", Communications of the ACM 22 (1979).
"""

import secrets
from collections.abc import Sequence
from typing import Final

MOST_SHARES: Final = 255


class DuplicatePart(ValueError):
    """Two shares have the same x."""


def split(secret: bytes | bytearray, shares: int, threshold: int) -> list[bytearray]:
    """Shares of a secret, any `threshold` of which give it back; their x are distinct, not zero, in random order."""
    if not 2 <= threshold <= shares <= MOST_SHARES:
        raise ValueError(f"{shares} shares with a threshold of {threshold} cannot be made")
    lanes = _Lanes(len(secret))
    coefficients = [int.from_bytes(secrets.token_bytes(len(secret))) for _ in range(threshold - 1)]
    coefficients.append(int.from_bytes(secret))
    made = []
    for x in secrets.SystemRandom().sample(range(1, 256), shares):
        y = 0
        for coefficient in coefficients:  # Horner's scheme, from the highest power down
            y = lanes.times(y, x) ^ coefficient
        made.append(bytearray(y.to_bytes(len(secret))) + bytes([x]))
    return made


def combine(shares: Sequence[bytes | bytearray]) -> bytearray:
    """The secret of as many shares as its threshold; of other shares, something else.

    Raises:
        DuplicatePart: two shares have the same x.
        ValueError: the shares are of different lengths, or too short.
    """
    length = len(shares[0]) - 1
    if length < 1 or any(len(share) != length + 1 for share in shares):
        raise ValueError("all parts must be the same length")
    xs = [share[-1] for share in shares]
    if len(set(xs)) != len(xs):
        raise DuplicatePart("duplicate part detected")
    lanes = _Lanes(length)
    secret = 0
    for share, x in zip(shares, xs, strict=True):
        weight = 1  # Lagrange's polynomial of this x, at 0
        for other in xs:
            if other != x:
                weight = _times(weight, _times(other, _inverse(other ^ x)))
        secret ^= lanes.times(int.from_bytes(share[:-1]), weight)
    return bytearray(secret.to_bytes(length))


class _Lanes:
    """Vectors of field elements in one integer."""

    def __init__(self, count: int) -> None:
        self._ones = int.from_bytes(b"\x01" * count)

    def times(self, vector: int, scalar: int) -> int:
        """Each element times a scalar that is no secret."""
        found = 0
        for bit in range(8):
            found ^= vector * (scalar >> bit & 1)
            carry = vector >> 7 & self._ones
            vector = (vector & self._ones * 0x7F) << 1 ^ carry * 0x1B
        return found


_ONE: Final = _Lanes(1)


def _times(one: int, other: int) -> int:
    return _ONE.times(one, other)


def _inverse(element: int) -> int:
    """Its 254th power, which is its inverse."""
    found = 1
    for bit in f"{254:b}":
        found = _times(found, found)
        if bit == "1":
            found = _times(found, element)
    return found
