"""The storage that the configuration names."""

import hashlib
import os
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

from stratumiops.vault.errors import ConfigError
from stratumiops.vault.storage.memory import MemoryStorage
from stratumiops.vault.storage.options import (
    EtcdSection,
    FilesystemSection,
    Neo4jSection,
    PostgresqlSection,
    StorageSection,
)
from stratumiops.vault.storage.port import Storage


async def open_storage(options: StorageSection) -> Storage:
    """A storage, opened.

    Raises:
        ConfigError: it cannot be with these options, or the variable of its password is not set.
        StorageFailed: see `Storage.open`.
    """
    storage = make_storage(options)
    await storage.open()
    return storage


def make_storage(options: StorageSection) -> Storage:
    """A storage that is still to be opened; see `open_storage`."""
    return _MAKERS[options.backend](options)


def anchor_path(options: StorageSection, state: Path) -> Path | None:
    """Where the anchor of the storage's generation is by default: beside a directory, else in `state`; memory: none.

    In `state` it has a name that is the storage's alone, so that the vaults of one user do not meet there.
    """
    if options.backend == "memory":
        return None
    if options.backend == "filesystem":
        path = options.filesystem.path
        return path.with_name(path.name + ".anchor")
    name = hashlib.sha256("\n".join(_WHERE[options.backend](options)).encode()).hexdigest()[:12]
    return state / f"{options.backend}-{name}.anchor"


def _filesystem(options: FilesystemSection) -> Storage:
    from stratumiops.vault.storage.filesystem import FilesystemStorage

    return FilesystemStorage(options.path)


def _etcd(options: EtcdSection) -> Storage:
    from stratumiops.vault.storage.etcd import EtcdStorage
    from stratumiops.vault.storage.etcd_gateway import Gateway

    verify: ssl.SSLContext | bool = True
    if options.ca_cert or options.client_cert:
        try:
            verify = ssl.create_default_context(cafile=options.ca_cert)
            if options.client_cert:
                verify.load_cert_chain(options.client_cert, options.client_key)
        except OSError as error:
            raise ConfigError(f"[storage.etcd] the certificates cannot be read: {error}") from None
    gateway = Gateway(options.endpoints, options.username, _password("etcd", options.password_env), verify)
    return EtcdStorage(gateway, options.prefix, options.lease_s)


def _postgresql(options: PostgresqlSection) -> Storage:
    from stratumiops.vault.storage.postgresql import PostgresqlStorage

    url = options.url
    if options.password_env:
        parts = urlsplit(url)
        password = quote(_password("postgresql", options.password_env), safe="")
        user = f"{quote(parts.username or '')}:{password}@"
        url = urlunsplit(parts._replace(netloc=user + parts.netloc.rpartition("@")[2]))
    return PostgresqlStorage(url, options.table)


def _neo4j(options: Neo4jSection) -> Storage:
    from stratumiops.vault.storage.neo4j import Neo4jStorage

    return Neo4jStorage(
        options.uri, options.user, _password("neo4j", options.password_env), database=options.database,
        store=options.store, lease_s=options.lease_s,
    )  # fmt: skip


_MAKERS: Final[Mapping[str, Callable[[StorageSection], Storage]]] = {
    "memory": lambda _: MemoryStorage(),
    "filesystem": lambda options: _filesystem(options.filesystem),
    "etcd": lambda options: _etcd(options.etcd),
    "postgresql": lambda options: _postgresql(options.postgresql),
    "neo4j": lambda options: _neo4j(options.neo4j),
}
_WHERE: Final[Mapping[str, Callable[[StorageSection], tuple[str, ...]]]] = {
    "etcd": lambda options: (*sorted(options.etcd.endpoints), options.etcd.prefix),
    "postgresql": lambda options: (_address(options.postgresql.url), options.postgresql.table),
    "neo4j": lambda options: (options.neo4j.uri, options.neo4j.database, options.neo4j.store),
}
"""What tells storages of a kind apart; no password is in it."""


def _password(backend: str, variable: str) -> str:
    """What a variable holds; "": none is named.

    Raises:
        ConfigError: it is not set.
    """
    if not variable:
        return ""
    value = os.environ.get(variable)
    if value is None:
        raise ConfigError(f"[storage.{backend}] password_env: the variable {variable} is not set")
    return value


def _address(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
