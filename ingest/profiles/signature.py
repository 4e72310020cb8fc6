"""MinHash signatures: how alike two texts are, estimated from sixty numbers each.

The share of equal numbers estimates the Jaccard similarity of the sets of three-word shingles (Broder, "On the
resemblance and containment of documents", 1997). The numbers also make twelve *bands* of five: texts that are 80 %
alike share at least one with a probability of 99 %, so near-duplicates are found by equal bands, never by comparing
all pairs (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", 3.4).
"""

import hashlib
import re
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

HASHES, BANDS = 60, 12
SHINGLE = 3
"""Words of a shingle."""
FEWEST_WORDS = 30
"""Shorter texts have no signature: a few common words make them alike."""
ALIKE = 0.8
"""From this estimated similarity on two texts are near-duplicates."""

_PRIME = (1 << 31) - 1
_AT_ONCE = 20_000
"""Shingles that are permuted together: ten megabytes."""
_WORD = re.compile(r"\w+")


class Signature(NamedTuple):
    """The numbers of a text, and its bands."""

    hashes: tuple[int, ...]
    bands: tuple[int, ...]


def signature(text: str) -> Signature | None:
    """The signature of a text; None: it is too short. The same on every machine and in every version."""
    import numpy as np

    words = _WORD.findall(text.casefold())
    if len(words) < FEWEST_WORDS:
        return None
    joined = {" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}
    shingles = np.fromiter((zlib.crc32(one.encode()) % _PRIME for one in joined), dtype=np.uint64)
    factors, offsets = _permutations()
    parts = (shingles[i : i + _AT_ONCE, None] for i in range(0, len(shingles), _AT_ONCE))
    least = np.min([((part * factors + offsets) % _PRIME).min(axis=0) for part in parts], axis=0)
    rows = HASHES // BANDS
    packed = least.astype("<u4")
    bands = [zlib.crc32(packed[i * rows : (i + 1) * rows].tobytes()) for i in range(BANDS)]
    return Signature(tuple(int(value) for value in least), tuple(bands))


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of equal numbers of two signatures, 0 to 1."""
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


@lru_cache(maxsize=1)
def _permutations() -> tuple[Any, Any]:
    """Factors and offsets of the permutations, made of nothing but their numbers."""
    import numpy as np

    drawn = [int.from_bytes(hashlib.sha256(f"permutation {i}".encode()).digest()[:8], "big") for i in range(2 * HASHES)]
    factors = [1 + value % (_PRIME - 1) for value in drawn[:HASHES]]
    offsets = [value % _PRIME for value in drawn[HASHES:]]
    return np.array(factors, dtype=np.uint64), np.array(offsets, dtype=np.uint64)
