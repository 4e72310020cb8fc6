"""The storage that the configuration names."""

import difflib
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from stratumiops.vault.errors import ConfigError
from stratumiops.vault.storage.memory import MemoryStorage
from stratumiops.vault.storage.port import Storage

OPTIONS: Final[Mapping[str, Mapping[str, type]]] = {
    "memory": {},
    "filesystem": {"path": str},
    "etcd": {
        "endpoints": list, "prefix": str, "username": str, "password": str, "ca_cert": str, "client_cert": str,
        "client_key": str, "lease_s": int,
    },
    "postgresql": {"connection_url": str, "table": str},
    "neo4j": {"uri": str, "user": str, "password": str, "database": str, "store": str, "lease_s": int},
}  # fmt: skip
"""What `[storage.<backend>]` may hold."""


async def open_storage(backend: str, options: Mapping[str, Any]) -> Storage:
    """A storage, opened.

    Raises:
        ConfigError: there is no such storage, or an option is unknown, missing or of a wrong type.
        StorageFailed: see `Storage.open`.
    """
    storage = make_storage(backend, options)
    await storage.open()
    return storage


def make_storage(backend: str, options: Mapping[str, Any]) -> Storage:
    """A storage that is still to be opened; see `open_storage`."""
    if backend == "surrealdb":
        raise ConfigError('[storage] backend: "surrealdb" is not offered; use "neo4j"')
    if backend not in OPTIONS:
        raise ConfigError(f"[storage] backend: {backend!r} is none of {', '.join(OPTIONS)}{_nearest(backend, OPTIONS)}")
    known = OPTIONS[backend]
    for name, value in options.items():
        if name not in known:
            raise ConfigError(f"[storage.{backend}] {name}: there is no such option{_nearest(name, known)}")
        if not isinstance(value, known[name]) or isinstance(value, bool):
            raise ConfigError(f"[storage.{backend}] {name}: expected {known[name].__name__}")
    return _MAKERS[backend](options)


def anchor_path(backend: str, options: Mapping[str, Any], state: Path) -> Path | None:
    """Where the anchor of the storage's generation is by default: beside a directory, else in `state`; memory: none."""
    if backend == "memory":
        return None
    if backend == "filesystem":
        path = Path(_required(backend, options, "path"))
        return path.with_name(path.name + ".anchor")
    return state / f"{backend}.anchor"


def _filesystem(options: Mapping[str, Any]) -> Storage:
    from stratumiops.vault.storage.filesystem import FilesystemStorage

    return FilesystemStorage(Path(_required("filesystem", options, "path")).expanduser())


def _etcd(options: Mapping[str, Any]) -> Storage:
    from stratumiops.vault.storage.etcd import EtcdStorage
    from stratumiops.vault.storage.etcd_gateway import Gateway

    endpoints = [str(one).rstrip("/") for one in _required("etcd", options, "endpoints")]
    for endpoint in endpoints:
        if not endpoint.startswith(("http://", "https://")):
            raise ConfigError(f"[storage.etcd] endpoints: {endpoint!r} does not begin with http:// or https://")
    verify: ssl.SSLContext | bool = True
    if options.get("ca_cert") or options.get("client_cert"):
        try:
            verify = ssl.create_default_context(cafile=options.get("ca_cert"))
            if options.get("client_cert"):
                verify.load_cert_chain(options["client_cert"], options.get("client_key"))
        except OSError as error:
            raise ConfigError(f"[storage.etcd] the certificates cannot be read: {error}") from None
    gateway = Gateway(endpoints, options.get("username", ""), options.get("password", ""), verify)
    return EtcdStorage(gateway, options.get("prefix", "svault/"), options.get("lease_s", 10))


def _postgresql(options: Mapping[str, Any]) -> Storage:
    from stratumiops.vault.storage.postgresql import PostgresqlStorage

    url = _required("postgresql", options, "connection_url")
    return PostgresqlStorage(url, options.get("table", "svault_entries"))


def _neo4j(options: Mapping[str, Any]) -> Storage:
    from stratumiops.vault.storage.neo4j import Neo4jStorage

    return Neo4jStorage(
        _required("neo4j", options, "uri"), options.get("user", "neo4j"), options.get("password", ""),
        database=options.get("database", "neo4j"), store=options.get("store", "svault"),
        lease_s=options.get("lease_s", 10),
    )  # fmt: skip


_MAKERS: Final[Mapping[str, Callable[[Mapping[str, Any]], Storage]]] = {
    "memory": lambda _: MemoryStorage(),
    "filesystem": _filesystem,
    "etcd": _etcd,
    "postgresql": _postgresql,
    "neo4j": _neo4j,
}


def _required(backend: str, options: Mapping[str, Any], name: str) -> Any:
    if not options.get(name):
        raise ConfigError(f"[storage.{backend}] {name}: it is missing")
    return options[name]


def _nearest(name: str, known: Mapping[str, Any]) -> str:
    found = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {found[0]}?" if found else ""
