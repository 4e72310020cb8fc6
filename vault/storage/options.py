"""`[storage]`: which storage, and what each kind of storage may be told."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from stratumiops.vault.section import Section


def _endpoint(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError(f"{value!r} does not begin with http:// or https://")
    return value.rstrip("/")


Endpoint = Annotated[str, AfterValidator(_endpoint)]
LeaseSeconds = Annotated[int, Field(ge=1, le=3600)]
"""After so many seconds the lock of a dead server is free."""


class FilesystemSection(Section):
    """`[storage.filesystem]`."""

    path: Path = Path("svault-data")


class EtcdSection(Section):
    """`[storage.etcd]`. The certificates are files; `prefix` tells several storages in one etcd apart."""

    endpoints: tuple[Endpoint, ...] = Field(default=("http://127.0.0.1:2379",), min_length=1)
    prefix: str = "svault/"
    username: str = ""
    password_env: str = ""
    ca_cert: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    lease_s: LeaseSeconds = 10


class PostgresqlSection(Section):
    """`[storage.postgresql]`. The password may come from a variable: `password_env`."""

    url: str = "postgresql://127.0.0.1:5432/svault"
    password_env: str = ""
    table: str = "svault_entries"


class Neo4jSection(Section):
    """`[storage.neo4j]`. `store` tells several storages in one database apart."""

    uri: str = "neo4j://127.0.0.1:7687"
    user: str = "neo4j"
    password_env: str = "NEO4J_PASSWORD"  # noqa: S105 - the name of a variable
    database: str = "neo4j"
    store: str = "svault"
    lease_s: LeaseSeconds = 10


class StorageSection(Section):
    """`[storage]`."""

    backend: Literal["filesystem", "memory", "etcd", "postgresql", "neo4j"] = "filesystem"
    filesystem: FilesystemSection = FilesystemSection()
    etcd: EtcdSection = EtcdSection()
    postgresql: PostgresqlSection = PostgresqlSection()
    neo4j: Neo4jSection = Neo4jSection()
    cache_bytes: int = Field(default=32 * 1024**2, ge=0)

    def rooted(self, folder: Path) -> "StorageSection":
        """The same with absolute paths."""
        names = ("ca_cert", "client_cert", "client_key")
        files = {name: folder / path for name in names if (path := getattr(self.etcd, name)) is not None}
        path = folder / self.filesystem.path.expanduser()
        return self.model_copy(
            update={
                "filesystem": self.filesystem.model_copy(update={"path": path}),
                "etcd": self.etcd.model_copy(update=files),
            }
        )
