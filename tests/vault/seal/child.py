"""A child that does what keyholders and clients do over a filesystem storage, until it is killed.

It prints each step before it begins and after it was acknowledged, as one line of JSON.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from tests.vault.seal.vaults import SealVault

from stratumiops.vault.storage.opening import open_storage
from stratumiops.vault.storage.options import FilesystemSection, StorageSection


def say(**fields: Any) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


async def main(folder: str, keys_text: str, number_text: str, what: str) -> None:
    keys, number = json.loads(keys_text), int(number_text)
    storage = await open_storage(StorageSection(filesystem=FilesystemSection(path=Path(folder) / "data")))
    vault = SealVault(storage, Path(folder) / "data.anchor")
    say(begin="init" if not keys else "unseal")
    if not keys:
        made = await vault.write("init", secret_shares=3, secret_threshold=2)
        keys = made["keys"]
        say(keys=keys)
    await vault.unseal(keys[:2])
    say(unsealed=True)
    while True:
        number += 1
        await vault.barrier.apply({"a": f"{number}".encode(), "b": f"{number}".encode()})
        say(written=number)
        if what == "rotate":
            await vault.write("rotate")
        elif what == "rekey":
            nonce = (await vault.write("rekey/init", secret_shares=3, secret_threshold=2))["nonce"]
            await vault.write("rekey/update", key=keys[0], nonce=nonce)
            say(rekeying=True)
            keys = (await vault.write("rekey/update", key=keys[1], nonce=nonce))["keys"]
            say(keys=keys)
        elif what == "seal":
            await vault.write("seal")
            await vault.unseal(keys[:2])
            say(unsealed=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5]))
