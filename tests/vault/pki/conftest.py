"""A PKI mount without a server, and a real one of OpenBao beside it."""

import os
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from tests.ports import unused_port
from tests.vault.mounted import Mounted, mounted

from stratumiops.vault.engines.pki import PkiBackend

_START_S = 60


@pytest.fixture(scope="session")
def openbao(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """OpenBao in development mode, as a client with its root token."""
    home = tmp_path_factory.mktemp("openbao")
    port = unused_port()
    command = ["bao", "server", "-dev", "-dev-root-token-id=root", f"-dev-listen-address=127.0.0.1:{port}"]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**_environment(), "HOME": str(home)})
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}/v1/", headers={"X-Vault-Token": "root"}, timeout=60)
    try:
        _wait_for(client, home / "log")
        yield client
    finally:
        client.close()
        process.terminate()
        process.wait(30)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("BAO_", "VAULT_"))}


def _wait_for(client: httpx.Client, log: Path) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        try:
            if client.get("sys/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture
async def pki() -> AsyncIterator[Mounted]:
    """A mount with a P-256 root that lasts ten years, and a role `r` for names below example.com."""
    mount = mounted(PkiBackend, "pki/")
    mount.backend.mount.max_lease_ttl = 87_600 * 3600
    await mount.backend.start()
    await mount.write("root/generate/internal", common_name="Root", key_type="ec", ttl="87600h", issuer_name="root")
    await mount.write("roles/r", allowed_domains="example.com", allow_subdomains=True, key_type="ec", ttl="24h")
    await mount.write("roles/any", allow_any_name=True, key_type="ec", ttl="24h")
    yield mount
    await mount.backend.stop()
