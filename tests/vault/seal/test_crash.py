"""kill -9 inside init, unseal, rekey, rotate and write: every acknowledged write is there, and the vault unseals."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.vault.seal.vaults import SealVault

from stratumiops.vault.storage.opening import open_storage
from stratumiops.vault.storage.options import FilesystemSection, StorageSection

CHILD = Path(__file__).with_name("child.py")
ROOT = Path(__file__).parents[3]


def killed(folder: Path, keys: list[str], number: int, what: str, after_s: float) -> list[dict[str, Any]]:
    """What a child said before it was killed, `after_s` seconds after its first line."""
    command = [sys.executable, str(CHILD), str(folder), json.dumps(keys), str(number), what]
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": path}
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    timer = threading.Timer(after_s, process.send_signal, [signal.SIGKILL])
    timer.start()
    rest = process.stdout.read()
    timer.join()
    assert process.wait() == -signal.SIGKILL
    return [json.loads(line) for line in (first + rest).split("\n")[:-1]]


async def check(folder: Path, keys: list[str], number: int) -> int:
    """Open the vault; the number in it is the acknowledged one, or the next."""
    storage = await open_storage(StorageSection(filesystem=FilesystemSection(path=folder / "data")))
    vault = SealVault(storage, folder / "data.anchor")
    status = await vault.unseal(keys[:2])
    assert not status["sealed"]
    assert "warnings" not in status
    values = {await vault.barrier.get("a"), await vault.barrier.get("b")}
    assert len(values) == 1
    found = int(values.pop() or b"0")
    assert number <= found <= number + 1
    await vault.barrier.apply({"c": b"1"})
    await vault.routes.close()
    await storage.close()
    return found


@pytest.mark.parametrize("what", ["write", "rotate", "seal", "rekey"])
async def test_killed_in_the_middle(tmp_path: Path, what: str) -> None:
    keys: list[str] = []
    number = 0
    for _ in range(5):
        said = killed(tmp_path, keys, number, what, random.uniform(0.3, 0.8))
        number = max([number, *(line["written"] for line in said if "written" in line)])
        told = [line["keys"] for line in said if "keys" in line]
        if not keys and not told:
            continue
        keys = [keys, *told][-1]  # also when it was killed inside a rekey: its new shares were not told
        number = await check(tmp_path, keys, number)


async def test_killed_inside_init(tmp_path: Path) -> None:
    outcomes = set()
    for turn in range(12):
        folder = tmp_path / str(turn)
        said = killed(folder, [], 0, "write", turn * 0.004)
        told = [line["keys"] for line in said if "keys" in line]
        storage = await open_storage(StorageSection(filesystem=FilesystemSection(path=folder / "data")))
        vault = SealVault(storage, folder / "data.anchor")
        if told:
            assert not (await vault.unseal(told[0][:2]))["sealed"]
            outcomes.add("told")
        elif not await vault.seal.initialized():
            await vault.opened()
            assert not (await vault.read("seal-status"))["sealed"]
            outcomes.add("begun anew")
        await vault.routes.close()
        await storage.close()
    assert "begun anew" in outcomes
