"""Networks that a login may come from."""

import ipaddress
from collections.abc import Sequence

from stratumiops.vault.errors import BadRequest

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def addresses(given: Sequence[str]) -> list[str]:
    """Addresses and networks as tokens are bound to them: a network of one address without its length.

    Raises:
        BadRequest: one is neither.
    """
    return [_short(_network(text, f'error parsing address "{text}": it is no IPv4 or IPv6 address')) for text in given]


def networks(given: Sequence[str]) -> list[str]:
    """Networks with their lengths.

    Raises:
        BadRequest: one has none, or is no network.
    """
    for text in given:
        message = f"failed to validate CIDR blocks: invalid CIDR address: {text}"
        if "/" not in text:
            raise BadRequest(message)
        _network(text, message)
    return list(given)


def within(address: str, allowed: Sequence[str]) -> bool:
    """Whether an address is in one of the networks; all are, where there are none."""
    if not allowed:
        return True
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return any(ip in ipaddress.ip_network(text, strict=False) for text in allowed)


def narrower(some: Sequence[str], allowed: Sequence[str]) -> bool:
    """Whether each network lies in one of those allowed; all do, where there are none."""
    return not allowed or all(any(_inside(_parsed(one), _parsed(other)) for other in allowed) for one in some)


def _inside(one: Network, other: Network) -> bool:
    if isinstance(one, ipaddress.IPv4Network) and isinstance(other, ipaddress.IPv4Network):
        return one.subnet_of(other)
    if isinstance(one, ipaddress.IPv6Network) and isinstance(other, ipaddress.IPv6Network):
        return one.subnet_of(other)
    return False


def _parsed(text: str) -> Network:
    return ipaddress.ip_network(text, strict=False)


def _network(text: str, message: str) -> Network:
    try:
        return _parsed(text)
    except ValueError:
        raise BadRequest(message) from None


def _short(network: Network) -> str:
    return str(network.network_address) if network.num_addresses == 1 else str(network)
