"""How many leases there are, and which of them cannot be revoked."""

from collections import Counter
from typing import Final

from stratumiops.vault.leases import entries
from stratumiops.vault.leases.store import LeaseStore

_PAGE: Final = 256


async def counted(leases: LeaseStore, namespace: str, *, only_failed: bool) -> dict[str, int]:
    """Numbers of leases by the path of their mount, as far as it can be told from the leases: its first segments."""
    counts: Counter[str] = Counter()
    if only_failed:
        counts.update([_mount(lease["lease_id"]) for lease in await irrevocable(leases, namespace)])
    else:
        async for page in leases.below(namespace):
            counts.update([_mount(lease_id.removeprefix(namespace)) for lease_id in page])
    return dict(counts)


async def irrevocable(leases: LeaseStore, namespace: str) -> list[dict[str, str]]:
    """The leases that their engines fail to revoke."""
    found: list[dict[str, str]] = []
    after = ""
    while names := await leases.view.names(entries.FAILED, after, _PAGE):
        ids = [entries.unflat(name) for name in names]
        found += [{"lease_id": one.removeprefix(namespace)} for one in ids if one.startswith(namespace)]
        after = names[-1]
    return found


def _mount(lease_id: str) -> str:
    first, _, rest = lease_id.partition("/")
    return f"auth/{rest.partition('/')[0]}/" if first == "auth" else f"{first}/"
