"""Sharing: any threshold of the shares gives the secret back, fewer give something else."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratumiops.vault.seal import shamir
from stratumiops.vault.seal.shamir import DuplicatePart, combine, split


def slow_product(one: int, other: int) -> int:
    """Polynomials over GF(2), multiplied and then reduced: the definition."""
    product = 0
    for bit in range(8):
        if other >> bit & 1:
            product ^= one << bit
    for bit in range(14, 7, -1):
        if product >> bit & 1:
            product ^= 0x11B << (bit - 8)
    return product


def test_the_field() -> None:
    for one in range(256):
        for other in range(0, 256, 7):
            assert shamir._times(one, other) == slow_product(one, other)
    assert all(slow_product(one, shamir._inverse(one)) == 1 for one in range(1, 256))


@given(st.binary(min_size=1, max_size=64), st.data())
def test_any_threshold_of_the_shares_will_do(secret: bytes, data: st.DataObject) -> None:
    shares = data.draw(st.integers(min_value=2, max_value=12))
    threshold = data.draw(st.integers(min_value=2, max_value=shares))
    made = split(secret, shares, threshold)
    assert all(len(share) == len(secret) + 1 for share in made)
    xs = [share[-1] for share in made]
    assert len(set(xs)) == shares
    assert 0 not in xs
    chosen = data.draw(st.permutations(made))[:threshold]
    assert combine(chosen) == secret
    assert combine(made) == secret


def test_one_share_too_few_gives_something_else() -> None:
    secret = secrets.token_bytes(32)
    for threshold in (2, 3, 5):
        made = split(secret, 5, threshold)
        if threshold > 2:
            assert combine(made[: threshold - 1]) != secret
        assert bytes(made[0][:-1]) != secret


def test_all_255_shares() -> None:
    secret = secrets.token_bytes(32)
    made = split(secret, 255, 255)
    assert {share[-1] for share in made} == set(range(1, 256))
    assert combine(made) == secret


def test_what_cannot_be_combined_or_split() -> None:
    made = split(bytes(32), 3, 2)
    with pytest.raises(DuplicatePart):
        combine([made[0], made[0]])
    with pytest.raises(ValueError, match="same length"):
        combine([made[0], made[1][:-1]])
    with pytest.raises(ValueError, match="same length"):
        combine([b"x", b"y"])
    for shares, threshold in ((1, 1), (3, 1), (2, 3), (256, 3)):
        with pytest.raises(ValueError, match="cannot be made"):
            split(bytes(32), shares, threshold)
