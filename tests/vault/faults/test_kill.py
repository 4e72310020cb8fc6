"""kill -9 loses nothing that was acknowledged; SIGTERM ends a busy server in time; one server to a directory."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from ..servers import svault  # noqa: TID252 - servers of all tests of the vault
from .load import Load, check, load, prepare


def busy(seen: Load, least: int) -> None:
    """Wait until so many writes were acknowledged."""
    deadline = time.monotonic() + 60
    while seen.count < least:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_was_acknowledged_survives_kill(tmp_path: Path) -> None:
    shares, root, seen = [], "", []
    for round_ in range(3):
        with svault(tmp_path) as server:
            if round_ == 0:
                server.begin(3, 2)
                prepare(server)
                shares, root = server.shares, server.root
            else:
                status = server.ask("GET", "sys/seal-status").json()
                assert (status["initialized"], status["sealed"], status["progress"]) == (True, True, 0)
                assert server.ask("GET", "kv2/config", token=root).status_code == 503
                server.shares, server.root = shares, root
                server.unseal(2)
                for one in seen:
                    check(server, one)
            if round_ < 2:
                with load(server) as written:
                    busy(written, 80)
                    server.kill()
                seen.append(written)


def test_sigterm_ends_a_busy_server_in_time(tmp_path: Path) -> None:
    with svault(tmp_path) as server:
        server.begin()
        prepare(server)
        with load(server) as written:
            busy(written, 40)
            begin = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(20) == 0
            assert time.monotonic() - begin < 8
        shares, root = server.shares, server.root
        assert "Traceback" not in server.log.read_text()
    with svault(tmp_path) as server:
        server.shares, server.root = shares, root
        server.unseal()
        check(server, written)


def test_a_client_that_never_ends_does_not_hold_up_sigterm(tmp_path: Path) -> None:
    with svault(tmp_path) as server:
        host, _, port = server.address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as slow, socket.create_connection((host, int(port))):
            slow.sendall(b"POST /v1/sys/init HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            assert server.ask("GET", "sys/init").json() == {"initialized": False}
            begin = time.monotonic()
            assert server.stop() == 0
            assert time.monotonic() - begin < 8


def test_a_second_server_is_refused(tmp_path: Path) -> None:
    with svault(tmp_path) as server:
        text = (tmp_path / "svault.toml").read_text()
        (tmp_path / "other.toml").write_text(text.replace(server.address.rpartition(":")[2], "0"))
        command = [sys.executable, "-m", "stratumiops.vault.cli", "server", "--config", str(tmp_path / "other.toml")]
        found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert found.returncode == 1
        assert f"is in use by another server, process {server.process.pid}" in found.stderr
        assert "Traceback" not in found.stderr
        assert server.ask("GET", "sys/seal-status").status_code == 200


def test_an_address_that_is_taken(tmp_path: Path) -> None:
    with svault(tmp_path / "one") as server:
        address = server.address.removeprefix("http://")
        (tmp_path / "two.toml").write_text(f'[server]\naddress = "{address}"\n[storage]\nbackend = "memory"\n')
        command = [sys.executable, "-m", "stratumiops.vault.cli", "server", "--config", str(tmp_path / "two.toml")]
        found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert found.returncode == 1
        assert address in found.stderr
        assert "Traceback" not in found.stderr
