"""Makes a barrier in an empty storage. Until it is finished it does not count, and can be begun anew."""

from stratumiops.vault import clock
from stratumiops.vault.barrier.generation import Generation, first
from stratumiops.vault.barrier.keyring import Keyring
from stratumiops.vault.barrier.paths import GENERATION, KEYRING, PENDING
from stratumiops.vault.errors import BadRequest, StorageFailed
from stratumiops.vault.storage.port import Storage


async def initialized(storage: Storage) -> bool:
    """Whether there is a keyring, and its initialization was finished."""
    return await storage.get(KEYRING) is not None and await storage.get(PENDING) is None


async def initialize(storage: Storage, generation: Generation, root_key: bytearray, *, pending: bool) -> None:
    """See `Barrier.initialize`."""
    if await initialized(storage):
        raise BadRequest("Vault is already initialized")
    if await storage.get(PENDING) is not None:
        await _clear(storage, "")
    elif await storage.names("", limit=1):
        raise StorageFailed("the storage holds entries, but no keyring: it is not empty and not a vault's")
    keyring = Keyring.new(clock.now())
    changes: dict[str, bytes | None] = {
        KEYRING: keyring.wrapped(root_key), GENERATION: first(keyring), PENDING: b"1" if pending else None,
    }  # fmt: skip
    await storage.apply(changes)
    await generation.begin(keyring)
    keyring.wipe()


async def _clear(storage: Storage, prefix: str) -> None:
    """Drop what an unfinished initialization has left; that it is unfinished is dropped last."""
    for name in await storage.names(prefix):
        if name.endswith("/"):
            await _clear(storage, prefix + name)
        elif prefix + name != PENDING:
            await storage.apply({prefix + name: None})
