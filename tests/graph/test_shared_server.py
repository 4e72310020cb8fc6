"""The server that test processes share: one starts it, all use it, the last one out stops it."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

_USER = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.conftest import shared_server
from stratumiops.graph.store.database import Database

async def ask(settings):
    db = Database(settings)
    await db.connect()
    print(await db.read_one("RETURN 'answered'"), flush=True)
    await db.close()

with shared_server(Path(sys.argv[1])) as settings:
    print(settings.uri, flush=True)
    sys.stdin.readline()
    asyncio.run(ask(settings))
"""


@pytest.mark.own_server
def test_processes_share_one_server_whoever_leaves_first(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _USER, str(tmp_path), str(Path(__file__).parents[2])]
    users = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    uris = [_line(user) for user in users]
    assert uris[0] == uris[1]
    assert uris[0].startswith("bolt://127.0.0.1:")
    servers = _servers(tmp_path)
    assert len(servers) == 1
    for user in users:
        assert user.stdin is not None
        user.stdin.write("\n")
        user.stdin.flush()
        assert _line(user) == "answered"
    assert [user.wait(120) for user in users] == [0, 0]
    assert not servers[0].is_running()


def _line(user: "subprocess.Popen[str]") -> str:
    assert user.stdout is not None
    return user.stdout.readline().strip()


def _servers(folder: Path) -> list[psutil.Process]:
    return [process for process in psutil.process_iter() if f"--home-dir={folder}" in " ".join(_command(process))]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return []
