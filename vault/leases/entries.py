"""Leases as they are kept, and under which keys.

`lease/id/{id}` holds the lease. Two indices have all they say in their keys, so that they are read without an entry:
`lease/due/{hour}/{microsecond}-{id}` in the order in which leases fall due, and `lease/owner/{accessor}/{id}`. A third,
`lease/failed/{id}`, names those that cannot be revoked.
`lease/order/{digest}` holds an order to revoke all below a prefix.
"""

import math
from typing import Final

from stratumiops.vault.leases.models import Lease
from stratumiops.vault.view import decoded, encoded

IDS: Final = "lease/id/"
DUE: Final = "lease/due/"
FAILED: Final = "lease/failed/"
ORDERS: Final = "lease/order/"
MARK: Final = b"1"
_HOUR_US: Final = 3_600_000_000
_LONGEST: Final = 900


def entry(lease_id: str) -> str:
    """A lease."""
    return f"{IDS}{lease_id}"


def due(lease: Lease) -> str:
    """Its place in the order."""
    microsecond = math.ceil(lease.due * 1_000_000)
    return f"{DUE}{microsecond // _HOUR_US:08d}/{microsecond:017d}-{flat(lease.id)}"


def is_id(lease_id: str) -> bool:
    """Whether it can be the id of a lease: a storage takes no other keys."""
    if not lease_id.isprintable() or lease_id.startswith("/") or lease_id.endswith("/"):
        return False
    return 0 < len(lease_id.encode()) <= _LONGEST


def owned(accessor: str) -> str:
    """Below it: the leases of a token."""
    return f"lease/owner/{accessor}/"


def failed(lease_id: str) -> str:
    """That it cannot be revoked."""
    return f"{FAILED}{flat(lease_id)}"


def due_of(name: str) -> tuple[int, str]:
    """Microsecond and lease of a name in the order."""
    microsecond, _, lease_id = name.partition("-")
    return int(microsecond), unflat(lease_id)


def flat(lease_id: str) -> str:
    """A lease id as one segment of a key."""
    return lease_id.replace("%", "%25").replace("/", "%2F")


def unflat(name: str) -> str:
    """The inverse of `flat`."""
    return name.replace("%2F", "/").replace("%25", "%")


def kept(lease: Lease) -> dict[str, bytes | None]:
    """The changes that keep a lease."""
    return {entry(lease.id): encoded(lease), **places(lease)}


def places(lease: Lease) -> dict[str, bytes | None]:
    """The changes that give a lease its places in the indices."""
    changes: dict[str, bytes | None] = {due(lease): MARK}
    if lease.owner:
        changes[owned(lease.owner) + flat(lease.id)] = MARK
    return changes


def changed(old: Lease, new: Lease) -> dict[str, bytes | None]:
    """The changes that keep a lease in place of what it was."""
    changes: dict[str, bytes | None] = {due(old): None}
    changes.update(kept(new))
    if new.is_irrevocable:
        changes[failed(new.id)] = MARK
    return changes


def dropped(lease: Lease) -> dict[str, bytes | None]:
    """The changes that drop a lease."""
    changes: dict[str, bytes | None] = {entry(lease.id): None, due(lease): None}
    if lease.owner:
        changes[owned(lease.owner) + flat(lease.id)] = None
    if lease.is_irrevocable:
        changes[failed(lease.id)] = None
    return changes


def lease_of(data: bytes) -> Lease:
    """The inverse of what `kept` writes."""
    return Lease(**decoded(data))
