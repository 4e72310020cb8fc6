"""A child that writes until it is killed, and prints what was acknowledged.

Each transaction replaces the same five entries, adds one and drops one, all with the number of the transaction.
"""

import asyncio
import sys

from stratumiops.vault.storage.opening import open_storage
from stratumiops.vault.storage.options import StorageSection

PARTS = 5


async def main(options: str, start: str) -> None:
    storage = await open_storage(StorageSection.model_validate_json(options))
    number = int(start)
    while True:
        number += 1
        value = f"{number}".encode().ljust(2000, b".")
        changes: dict[str, bytes | None] = {f"crash/part{part}": value for part in range(PARTS)}
        changes |= {f"log/{number:08}": value, f"log/{number - 3:08}": None}
        await storage.apply(changes)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
