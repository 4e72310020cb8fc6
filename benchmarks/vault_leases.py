"""How soon svault serves when a million leases wait in its storage."""

import asyncio
import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.vault_servers import Vault, svault
from stratumiops.vault.barrier.barrier import Barrier
from stratumiops.vault.leases import entries
from stratumiops.vault.leases.models import Lease
from stratumiops.vault.storage.filesystem import FilesystemStorage
from stratumiops.vault.view import View

_AT_ONCE = 6_000
_TTL_S = 30 * 86_400
_PATH = "database/creds/app"
_SECRET = {"data": {"value": "there"}}


@dataclass(frozen=True, slots=True)
class Unsealing:
    """Seconds from the last share to the first read that is answered, and memory then, in MB."""

    leases: int
    first_read_s: float
    rss_mb: float


def measure(folder: Path, leases: int, progress: Callable[[str], None]) -> Unsealing:
    """Make a vault, write leases through its barrier, and unseal it."""
    from benchmarks.sizes import rss_mb

    with svault(folder) as one:
        one.begin()
        one.ask("POST", "sys/mounts/kv", {"type": "kv", "options": {"version": "2"}})
        one.ask("POST", "kv/data/first", _SECRET)
        share, root = one.share, one.root
    progress(f"writing {leases:,} leases")
    asyncio.run(_fill(folder / "data", base64.b64decode(share), leases))
    with svault(folder) as one:
        one.share, one.root = share, root
        seconds = _first_read_s(one)
        return Unsealing(leases, seconds, rss_mb(one.pid))


def _first_read_s(one: Vault) -> float:
    begun = time.perf_counter()
    one.unseal()
    found = one.ask("GET", "kv/data/first")
    if found["data"]["data"] != _SECRET["data"]:
        raise RuntimeError("the secret is another one after the unseal")
    return time.perf_counter() - begun


async def _fill(data: Path, root_key: bytes, leases: int) -> None:
    storage = FilesystemStorage(data)
    await storage.open()
    barrier = Barrier(storage, cache_bytes=0)
    try:
        await barrier.unseal(root_key)
        view = View(barrier, "core/")
        for begin in range(0, leases, _AT_ONCE):
            changes: dict[str, bytes | None] = {}
            for number in range(begin, min(begin + _AT_ONCE, leases)):
                changes.update(entries.kept(_lease(number)))
            await view.apply(changes)
    finally:
        await barrier.seal()
        await storage.close()


def _lease(number: int) -> Lease:
    """One of a database, of one of a thousand tokens; none falls due while this runs."""
    now = time.time()
    until = now + _TTL_S + number % _TTL_S
    return Lease(
        id=f"{_PATH}/{number:024d}", path=_PATH, issued=now, expires=until, due=until, ttl=_TTL_S, max_ttl=_TTL_S,
        internal={"username": f"v-app-{number}", "role": "app"}, owner=f"{number % 1000:024d}",
    )  # fmt: skip
