"""An OpenBao on this machine, asked the same as an engine of ours."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from tests.ports import unused_port

from stratumiops.vault.errors import VaultError
from stratumiops.vault.request import Operation

from .mounted import Mounted

_OPERATIONS = {
    "GET": Operation.READ, "POST": Operation.UPDATE, "PATCH": Operation.PATCH, "DELETE": Operation.DELETE,
    "LIST": Operation.LIST,
}  # fmt: skip
_MERGE_PATCH = "application/merge-patch+json"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Seen = tuple[int, Any]


@contextmanager
def openbao(folder: Path) -> Iterator[httpx.Client]:
    """A server in memory, and a client with the root token."""
    address = f"127.0.0.1:{unused_port()}"
    command = [
        "bao",
        "server",
        "-dev",
        "-dev-root-token-id=root",
        f"-dev-listen-address={address}",
        "-dev-no-store-token",
    ]
    with (folder / "bao.log").open("w") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, start_new_session=True, env={**os.environ, "HOME": str(folder)}
        )
    try:
        with httpx.Client(
            base_url=f"http://{address}/v1", headers={"X-Vault-Token": "root"}, trust_env=False
        ) as client:
            _wait(client, process)
            yield client
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(client: httpx.Client, process: "subprocess.Popen[bytes]", seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if client.get("sys/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise TimeoutError("OpenBao does not answer")


@dataclass
class Both:
    """One mount of ours and one of OpenBao."""

    ours: Mounted
    theirs: httpx.Client
    mount: str

    async def see(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[Seen, Seen]:
        """What both answer: the status, and the data, warnings, login or errors with times and ids made the same."""
        return await self._see_ours(method, path, body or {}), self._see_theirs(method, path, body or {})

    async def _see_ours(self, method: str, path: str, body: dict[str, Any]) -> Seen:
        kind = _MERGE_PATCH if method == "PATCH" else ""
        try:
            found = await self.ours.ask(_OPERATIONS[method], path, body, content_type=kind, remote_address="127.0.0.1")
        except VaultError as error:
            return error.status, list(error.messages)
        if found is None:
            return 204, None
        if found.auth is not None:
            return 200, {"policies": sorted({*found.auth.policies, "default"}), "metadata": found.auth.metadata}
        return found.status or 200, _alike(found.data if not found.warnings else found.warnings)

    def _see_theirs(self, method: str, path: str, body: dict[str, Any]) -> Seen:
        sent: dict[str, Any] = {"params": body} if method in ("GET", "LIST") else {"json": body}
        headers = {"Content-Type": _MERGE_PATCH} if method == "PATCH" else {}
        answer = self.theirs.request(method, f"{self.mount}/{path}", headers=headers, **sent)
        found = answer.json() if answer.content else {}
        if "errors" in found or (not found and answer.status_code >= 400):
            return answer.status_code, found.get("errors", [])
        if found.get("auth"):
            return answer.status_code, {name: found["auth"][name] for name in ("policies", "metadata")}
        return answer.status_code, _alike(found.get("warnings") or found.get("data"))


def _alike(value: Any) -> Any:
    if isinstance(value, dict):
        return {_UUID.sub("<id>", name): _alike(one) for name, one in value.items()}
    if isinstance(value, list):
        return sorted((_alike(one) for one in value), key=str) if all(isinstance(one, str) for one in value) else value
    return _UUID.sub("<id>", _TIME.sub("<time>", value)) if isinstance(value, str) else value
