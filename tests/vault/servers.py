"""Real servers for tests: svault as a process of its own, and OpenBao as its peer."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from tests.ports import unused_port

DEADLINE_S = 60.0
SVAULT = ["-m", "stratumiops.vault.cli", "server", "--config"]
CONFIG = """
[server]
address = "127.0.0.1:{port}"
[storage]
backend = "filesystem"
[storage.filesystem]
path = "data"
"""


@dataclass
class Server:
    """A server that listens, and a client of it."""

    address: str
    process: "subprocess.Popen[bytes]"
    folder: Path
    log: Path
    shares: list[str] = field(default_factory=list)
    root: str = ""

    def ask(self, method: str, path: str, token: str | None = None, **more: Any) -> httpx.Response:
        headers = {"X-Vault-Token": self.root if token is None else token, **more.pop("headers", {})}
        url = f"{self.address}/v1/{path}"
        return httpx.request(method, url, headers=headers, timeout=60, verify=False, trust_env=False, **more)

    def data(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        answer = self.ask(method, path, **more)
        assert answer.is_success, (answer.status_code, answer.text)
        return dict(answer.json()["data"] or {}) if answer.content else {}

    def begin(self, shares: int = 1, threshold: int = 1) -> None:
        """Initialise and unseal."""
        made = self.ask("PUT", "sys/init", json={"secret_shares": shares, "secret_threshold": threshold}).json()
        self.shares, self.root = made["keys_base64"], made["root_token"]
        self.unseal(threshold)

    def unseal(self, threshold: int = 1) -> None:
        for share in self.shares[:threshold]:
            found = self.ask("PUT", "sys/unseal", json={"key": share})
            assert found.is_success, found.text
        assert found.json()["sealed"] is False

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(30)


@contextmanager
def svault(folder: Path, config: str = CONFIG, program: list[str] = SVAULT) -> Iterator[Server]:
    """svault over a folder, sealed; it ends with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    port = unused_port()
    (folder / "svault.toml").write_text(config.format(port=port))
    with running([sys.executable, *program, str(folder / "svault.toml")], f"http://127.0.0.1:{port}", folder) as server:
        yield server


@contextmanager
def openbao(folder: Path) -> Iterator[Server]:
    """OpenBao in memory, not initialised."""
    folder.mkdir(parents=True, exist_ok=True)
    port = unused_port()
    (folder / "bao.hcl").write_text(
        f'storage "inmem" {{}}\nlistener "tcp" {{\n address = "127.0.0.1:{port}"\n tls_disable = true\n'
        f' disable_unauthed_rekey_endpoints = false\n}}\napi_addr = "http://127.0.0.1:{port}"\n'
        "unsafe_allow_api_audit_creation = true\n"
    )
    bao = shutil.which("bao")
    assert bao is not None
    with running([bao, "server", f"-config={folder / 'bao.hcl'}"], f"http://127.0.0.1:{port}", folder) as server:
        yield server


@contextmanager
def running(command: list[str], address: str, folder: Path) -> Iterator[Server]:
    """A process that answers `sys/seal-status` before the block begins."""
    log = folder / "log"
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=folder)
    server = Server(address, process, folder, log)
    try:
        deadline = time.monotonic() + DEADLINE_S
        while True:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            try:
                httpx.get(f"{address}/v1/sys/seal-status", timeout=5, verify=False, trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield server
    finally:
        server.stop()
