"""Children: they die with their parent, stop in time, and are never mistaken for others."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from tests.ports import unused_port

from stratumiops.graph.server.child import Child, stop_orphan
from stratumiops.graph.server.identity import ProcessId, find
from stratumiops.graph.server.locks import try_lock
from stratumiops.graph.server.ports import answers, free_port, holder, is_free

from .conftest import never

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
MEEK = "import time; print('up', flush=True); time.sleep(600)"


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        never(0.02)


def start(program: str, log: Path) -> Child:
    child = Child([sys.executable, "-c", program], log=log)
    until(lambda: log.read_text().endswith("up\n"))
    return child


def test_a_child_stops_when_asked(tmp_path: Path) -> None:
    child = start(MEEK, tmp_path / "log")
    assert child.poll() is None
    assert child.identity.alive()
    assert child.stop(10) == -15
    assert not child.identity.alive()


def test_a_deaf_child_is_killed_after_its_time(tmp_path: Path) -> None:
    assert start(DEAF, tmp_path / "log").stop(0.2) == -9


def test_a_hurry_ends_the_patience(tmp_path: Path) -> None:
    child = start(DEAF, tmp_path / "log")
    began = time.monotonic()
    assert child.stop(60, hurry=lambda: True) == -9
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("how", ["kernel", "guard"])
def test_a_child_dies_with_its_parent(tmp_path: Path, how: str) -> None:
    if how == "kernel" and sys.platform != "linux":
        how = "guard"
    script = Path(__file__).with_name("parent.py")
    parent = subprocess.Popen(
        [sys.executable, str(script), how, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    child = ProcessId.of(int(parent.stdout.readline()))
    assert child
    parent.kill()
    parent.wait()
    until(lambda: not child.alive())


def test_orphans_are_found_by_their_arguments_and_ended(tmp_path: Path) -> None:
    child = Child([sys.executable, "-c", MEEK, "--home-dir=/nowhere", "--x"], log=tmp_path / "log")
    assert find(["--home-dir=/nowhere", "--x"]) == [child.identity]
    assert find(["--home-dir=/nowhere", "--y"]) == []
    stop_orphan(child.identity, 10, never)
    until(lambda: child.poll() is not None)


def test_a_deaf_orphan_is_killed(tmp_path: Path) -> None:
    child = start(DEAF, tmp_path / "log")
    stop_orphan(child.identity, 0.2, never)
    until(lambda: child.poll() is not None)
    assert child.poll() == -9


def test_a_pid_given_again_is_another_process() -> None:
    us = ProcessId.of(psutil.Process().pid)
    assert us
    assert us.alive()
    assert ProcessId.read(us.record()) == us
    assert not ProcessId(us.pid, "another-boot:1").alive()
    assert ProcessId(us.pid, "another-boot:1").arguments() == []
    assert ProcessId.read({"pid": "x"}) is None


def test_a_long_log_is_put_aside(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"x" * 10_000_001)
    child = start(MEEK, log)
    child.stop(10)
    assert log.read_text() == "up\n"
    assert (tmp_path / "log.1").stat().st_size == 10_000_001


def test_ports() -> None:
    import socket

    port = unused_port()
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free(port)
        assert answers(port)
        assert str(psutil.Process().pid) in (holder(port) or "")
        assert free_port(port) > port
    assert is_free(port)
    assert not answers(port)


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    import os

    first = try_lock(tmp_path / "lock")
    assert first is not None
    assert try_lock(tmp_path / "lock") is None
    os.close(first)
    again = try_lock(tmp_path / "lock")
    assert again is not None
    os.close(again)
