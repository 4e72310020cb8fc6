"""Storages of each kind for all tests of the vault: one server of a kind for all, a place of its own for each test."""

import secrets
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.vault.storage.kept import Etcd, Filesystem, Kept, Neo4j, Postgresql
from tests.vault.storage.servers import etcd_server, postgresql_server

DURABLE = ["filesystem", "etcd", "postgresql", "neo4j"]


@pytest.fixture(scope="session")
def etcd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """An address, and the folder of the data."""
    folder = tmp_path_factory.mktemp("etcd")
    with etcd_server(folder) as server:
        yield server.address, folder


@pytest.fixture(scope="session")
def postgresql_storage() -> Iterator[tuple[str, Path]]:
    """An address, and the folder of the data."""
    with (
        tempfile.TemporaryDirectory(prefix="svault-pg-", ignore_cleanup_errors=True) as folder,
        postgresql_server(Path(folder)) as server,
    ):
        yield server.address, Path(folder)


@pytest.fixture
def keep(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Kept]:
    """Makes a fresh storage of a kind."""

    def made(backend: str) -> Kept:
        name = f"t{secrets.token_hex(6)}"
        if backend == "etcd":
            return Etcd(name, *request.getfixturevalue("etcd"))
        if backend == "postgresql":
            return Postgresql(name, *request.getfixturevalue("postgresql_storage"))
        if backend == "neo4j":
            return Neo4j(name, request.getfixturevalue("neo4j_settings"))
        return Filesystem(tmp_path / name)

    return made


@pytest.fixture(params=DURABLE)
def kept(request: pytest.FixtureRequest, keep: Callable[[str], Kept]) -> Kept:
    """A storage of each kind that is durable."""
    return keep(request.param)
