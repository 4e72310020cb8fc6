"""Each storage under one contract: `kept` makes options of a fresh one, which can be opened again and again."""

import secrets
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.vault.storage.servers import etcd_server, postgresql_server

from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.vault.storage.opening import open_storage
from stratumiops.vault.storage.port import Storage

DURABLE = ["filesystem", "etcd", "postgresql", "neo4j"]


@dataclass(frozen=True)
class Kept:
    """A storage that outlives the process that has it open."""

    backend: str
    options: dict[str, Any]

    async def open(self) -> Storage:
        return await open_storage(self.backend, self.options)


@pytest.fixture(scope="session")
def etcd_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with etcd_server(tmp_path_factory.mktemp("etcd")) as address:
        yield address


@pytest.fixture(scope="session")
def postgresql_address() -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory(prefix="svault-pg-", ignore_cleanup_errors=True) as folder,
        postgresql_server(Path(folder)) as address,
    ):
        yield address


@pytest.fixture
def keep(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Kept]:
    """Makes a fresh storage of a kind."""

    def made(backend: str) -> Kept:
        name = f"t{secrets.token_hex(6)}"
        if backend == "etcd":
            address = request.getfixturevalue("etcd_address")
            return Kept(backend, {"endpoints": [address], "prefix": f"{name}/", "lease_s": 2})
        if backend == "postgresql":
            return Kept(
                backend, {"connection_url": request.getfixturevalue("postgresql_address"), "table": f"{name}_entries"}
            )
        if backend == "neo4j":
            found: Neo4jSettings = request.getfixturevalue("neo4j_settings")
            return Kept(
                backend,
                {"uri": found.uri, "user": found.user, "password": found.password, "store": name, "lease_s": 2},
            )
        return Kept(backend, {"path": str(tmp_path / name)} if backend == "filesystem" else {})

    return made


@pytest.fixture(params=["memory", *DURABLE])
async def storage(request: pytest.FixtureRequest, keep: Callable[[str], Kept]) -> AsyncIterator[Storage]:
    """An open storage of each kind."""
    found = await keep(request.param).open()
    yield found
    await found.close()


@pytest.fixture(params=DURABLE)
def kept(request: pytest.FixtureRequest, keep: Callable[[str], Kept]) -> Kept:
    """A storage of each kind that is durable."""
    return keep(request.param)
