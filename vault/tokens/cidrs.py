"""Addresses that a token is bound to."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from stratumiops.vault.errors import BadRequest


def parsed(given: Sequence[str]) -> tuple[str, ...]:
    """Networks as they are shown: a single address without its length.

    Raises:
        BadRequest: one of them is none.
    """
    shown = []
    for text in given:
        network = _network(text)
        if network is None:
            raise BadRequest(
                f'error parsing address "{text}": Unable to convert "{text}" to an IPv4 or IPv6 address, '
                "or a UNIX Socket"
            )
        shown.append(str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network))
    return tuple(shown)


def allows(bound: Sequence[str], address: str) -> bool:
    """Whether a request from an address may use what is bound to these networks; none: from anywhere."""
    if not bound:
        return True
    try:
        remote = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(remote, "ipv4_mapped", None)
    return any(network is not None and (mapped or remote) in network for network in map(_network, bound))


@lru_cache(maxsize=1024)
def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
