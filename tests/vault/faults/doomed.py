"""svault with a storage that can be told to kill the server: `python doomed.py svault.toml`.

The file `order` beside the configuration says when, counted from when it is first seen there: `before 2` kills before
the second commit, `after 2` when the storage has done it and nobody knows yet, `amid 2` while the storage does it.
It waits two seconds for the server behind its storage, and not ten.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from stratumiops.vault import server
from stratumiops.vault.storage import port
from stratumiops.vault.storage.opening import make_storage
from stratumiops.vault.storage.options import StorageSection
from stratumiops.vault.storage.port import Storage

AMID_S = 0.001
ANSWER_S = 2.0


class Doomed:
    """The configured storage, which obeys."""

    def __init__(self, inner: Storage, order: Path) -> None:
        self.kind, self.most_changes, self.largest = inner.kind, inner.most_changes, inner.largest
        self.open, self.get, self.names, self.close = inner.open, inner.get, inner.names, inner.close
        self._inner = inner
        self._order = order
        self._given = ""
        self._count = 0

    async def apply(self, changes: Mapping[str, bytes | None]) -> None:
        moment = self._due()
        if moment == "before":
            die()
        if moment == "amid":
            await asyncio.wait([asyncio.create_task(self._inner.apply(changes))], timeout=AMID_S)
            die()
        await self._inner.apply(changes)
        if moment == "after":
            die()

    def _due(self) -> str:
        given = self._order.read_text() if self._order.exists() else ""
        if given != self._given:
            self._given, self._count = given, 0
        self._count += 1
        moment, _, number = given.partition(" ")
        return moment if number == str(self._count) else ""


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(file: Path) -> None:
    def make(options: StorageSection) -> Storage:
        return Doomed(make_storage(options), file.with_name("order"))

    port.ANSWER_S = ANSWER_S
    server.make_storage = make
    server.run(file)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
