"""What was acknowledged survives kill -9, and no transaction is there by half; nor when the disk is full."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from tests.vault.storage.kept import Kept
from tests.vault.storage.writer import PARTS

from stratumiops.vault.errors import StorageFailed
from stratumiops.vault.storage.filesystem import FilesystemStorage

WRITER = Path(__file__).with_name("writer.py")
ROUNDS: Final = {"filesystem": 8, "etcd": 2, "postgresql": 4, "neo4j": 2}


def killed_writer(kept: Kept, start: int, writes: int) -> int:
    """The last number that was acknowledged before the end."""
    command = [sys.executable, str(WRITER), kept.section.model_dump_json(), str(start)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    last = start
    for line in process.stdout:
        last = int(line)
        if last - start >= writes:
            process.send_signal(signal.SIGKILL)
            break
    last = max([last, *(int(line) for line in process.stdout.read().split("\n")[:-1])])
    assert process.wait() == -signal.SIGKILL
    return last


async def test_what_was_acknowledged_is_there_and_nothing_by_half(kept: Kept) -> None:
    last = 0
    for _ in range(ROUNDS[kept.backend]):
        acknowledged = killed_writer(kept, last, random.randrange(1, 400))
        storage = await kept.open()
        found = {await storage.get(f"crash/part{part}") for part in range(PARTS)}
        assert len(found) == 1
        last = int((found.pop() or b"0").split(b".")[0])
        assert acknowledged <= last <= acknowledged + 1
        names = await storage.names("log/")
        assert names == [f"{number:08}" for number in range(max(1, last - 2), last + 1)]
        await storage.close()


_FULL = """
import asyncio, resource, signal, sys
from pathlib import Path
from stratumiops.vault.errors import StorageFailed
from stratumiops.vault.storage.filesystem import FilesystemStorage

async def main():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    storage = FilesystemStorage(Path(sys.argv[1]))
    await storage.open()
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
    number = 0
    try:
        while True:
            number += 1
            await storage.apply({f"a/{number}": bytes(50_000), f"b/{number}": bytes(50_000)})
    except StorageFailed as error:
        print(number - 1, error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await storage.apply({"after": b"1"})
    await storage.close()

asyncio.run(main())
"""


async def test_a_full_disk_is_an_error_and_no_half_write(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", _FULL, str(tmp_path / "d")], check=True, capture_output=True, text=True, timeout=60
    )
    written, text = found.stdout.split(" ", 1)
    assert int(written) > 5
    assert "the storage cannot be written" in text
    storage = FilesystemStorage(tmp_path / "d")
    await storage.open()
    expected = sorted(str(number) for number in range(1, int(written) + 1))
    assert await storage.names("a/") == await storage.names("b/") == expected
    assert await storage.get("after") == b"1"
    await storage.close()


async def test_the_directory_is_the_owners_alone_and_says_who_has_it(tmp_path: Path) -> None:
    storage = FilesystemStorage(tmp_path / "d")
    await storage.open()
    await storage.apply({"a": b"1"})
    assert (tmp_path / "d").stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o077 for file in (tmp_path / "d").iterdir()} == {0}
    with pytest.raises(StorageFailed, match=f"process {os.getpid()}$"):
        await FilesystemStorage(tmp_path / "d").open()
    await storage.close()


async def test_a_damaged_database_is_an_error(tmp_path: Path) -> None:
    storage = FilesystemStorage(tmp_path / "d")
    await storage.open()
    await storage.apply({f"a/{number}": bytes(3000) for number in range(200)})
    await storage.close()
    database = tmp_path / "d" / "entries.db"
    database.write_bytes(os.urandom(database.stat().st_size))
    with pytest.raises(StorageFailed):
        await storage.open()
