"""Addresses and networks that tokens, secret ids and logins are bound to."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from stratumiops.vault.errors import BadRequest

Network = IPv4Network | IPv6Network


def parsed(given: Sequence[str]) -> tuple[str, ...]:
    """Addresses and networks as they are shown: a single address without its length.

    Raises:
        BadRequest: one of them is neither.
    """
    shown = []
    for text in given:
        network = _network(text)
        if network is None:
            raise BadRequest(
                f'error parsing address "{text}": Unable to convert "{text}" to an IPv4 or IPv6 address, '
                "or a UNIX Socket"
            )
        shown.append(str(network.network_address) if network.num_addresses == 1 else str(network))
    return tuple(shown)


def networks(given: Sequence[str]) -> tuple[str, ...]:
    """Networks with their lengths, as they are.

    Raises:
        BadRequest: one has none, or is no network.
    """
    for text in given:
        if "/" not in text or _network(text) is None:
            raise BadRequest(f"failed to validate CIDR blocks: invalid CIDR address: {text}")
    return tuple(given)


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


def narrower(some: Sequence[str], allowed: Sequence[str]) -> bool:
    """Whether each network lies in one of those allowed; all do, where there are none."""
    return not allowed or all(any(_inside(_network(one), _network(other)) for other in allowed) for one in some)


def _inside(one: Network | None, other: Network | None) -> bool:
    if isinstance(one, IPv4Network) and isinstance(other, IPv4Network):
        return one.subnet_of(other)
    if isinstance(one, IPv6Network) and isinstance(other, IPv6Network):
        return one.subnet_of(other)
    return False


@lru_cache(maxsize=1024)
def _network(text: str) -> Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
