"""Addresses that tokens are bound to."""

import pytest

from stratumiops.vault import cidrs
from stratumiops.vault.errors import BadRequest


@pytest.mark.parametrize(
    ("bound", "address", "allowed"),
    [
        ([], "not even an address", True),
        (["127.0.0.1"], "127.0.0.1", True),
        (["127.0.0.1"], "127.0.0.2", False),
        (["127.0.0.1"], "::ffff:127.0.0.1", True),
        (["10.0.0.0/8", "fd00::/8"], "10.255.0.1", True),
        (["10.0.0.0/8", "fd00::/8"], "fd00::1", True),
        (["10.0.0.0/8", "fd00::/8"], "fe80::1", False),
        (["10.0.0.0/8"], "", False),
    ],
)
def test_who_may(bound: list[str], address: str, allowed: bool) -> None:
    assert cidrs.allows(bound, address) is allowed


def test_as_they_are_shown() -> None:
    assert cidrs.parsed(["127.0.0.1/32", "10.1.2.3/8", "::1/128"]) == ("127.0.0.1", "10.0.0.0/8", "::1")
    with pytest.raises(BadRequest, match=r'error parsing address "10\.0\.0\.0/99"'):
        cidrs.parsed(["10.0.0.0/99"])
