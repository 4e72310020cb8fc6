"""The engine beside a real OpenBao: the same requests to both."""

import json
import os
import re
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

from ..mounted import Mounted  # noqa: TID252 - the harness of all engines

METHODS = {
    Operation.READ: "GET", Operation.UPDATE: "POST", Operation.DELETE: "DELETE", Operation.LIST: "LIST",
}  # fmt: skip
DEV = ("-dev", "-dev-no-store-token", "-dev-root-token-id=root")
DEADLINE_S = 30.0


@dataclass(frozen=True)
class Seen:
    """What came of a request: `errors` of a refused one, else `data`."""

    status: int
    data: Any = None
    errors: tuple[str, ...] = ()


class OpenBao:
    """A development server with the transit engine."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=address, headers={"X-Vault-Token": "root"}, trust_env=False, timeout=30)

    def ask(self, operation: Operation, path: str, data: dict[str, Any]) -> Seen:
        method = METHODS[operation]
        query = data if method in ("GET", "LIST", "DELETE") else {}
        body = None if method in ("GET", "LIST", "DELETE") else json.dumps(data)
        answer = self._client.request(method, f"/v1/transit/{path}", params=query, content=body)
        found = answer.json() if answer.content else {}
        errors = tuple(_plain(one) for one in found.get("errors") or ())
        return Seen(answer.status_code, found.get("data"), errors)

    def mount(self) -> None:
        self._client.post("/v1/sys/mounts/transit", json={"type": "transit"}).raise_for_status()

    def ready(self) -> bool:
        try:
            return self._client.get("/v1/sys/health").status_code == 200
        except httpx.TransportError:
            return False


def _plain(text: str) -> str:
    """What stands in Go's list of one error."""
    found = re.fullmatch(r"1 error occurred:\n\t\* (.*)\n\n", text, re.DOTALL)
    return found[1] if found else text


async def ours(mounted: Mounted, operation: Operation, path: str, data: dict[str, Any]) -> Seen:
    """The same request to the engine."""
    try:
        answer = await mounted.ask(operation, path, data)
    except VaultError as error:
        return Seen(error.status, None, error.messages)
    if answer is None:
        return Seen(204)
    return Seen(answer.status or 200, json.loads(json.dumps(answer.data)))


@contextmanager
def openbao(folder: Path) -> Iterator[OpenBao]:
    """A server for the block."""
    address = f"127.0.0.1:{unused_port()}"
    with (folder / "openbao.log").open("w") as log:
        process = subprocess.Popen(
            ["bao", "server", *DEV, f"-dev-listen-address={address}"],
            stdout=log, stderr=subprocess.STDOUT, env={"HOME": str(folder), "PATH": os.environ["PATH"]},
        )  # fmt: skip
        try:
            server = OpenBao(f"http://{address}")
            until = time.monotonic() + DEADLINE_S
            while not server.ready():
                if time.monotonic() > until or process.poll() is not None:
                    raise RuntimeError((folder / "openbao.log").read_text()[-2000:])
                time.sleep(0.1)
            server.mount()
            yield server
        finally:
            process.terminate()
            process.wait(10)
