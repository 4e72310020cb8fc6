"""Storages that outlive the process that has them open, and what tests do with their entries behind its back."""

import asyncio
import base64
import json
import os
import sqlite3
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import httpx
from tests.vault.storage.proxy import Proxy, proxy

from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.vault.storage.opening import open_storage
from stratumiops.vault.storage.options import StorageSection
from stratumiops.vault.storage.port import Storage

Entries = dict[str, bytes]
NEO4J_PASSWORD = "SVAULT_TEST_NEO4J_PASSWORD"


class Kept(ABC):
    """A storage of its own; `files` are those of the server behind it, as far as they are on this machine."""

    backend: ClassVar[str]
    options: dict[str, Any]
    home: Path | None = None

    @property
    def section(self) -> StorageSection:
        return StorageSection.model_validate({"backend": self.backend, self.backend: self.options})

    @property
    def toml(self) -> str:
        """As a part of `svault.toml`; JSON's texts, numbers and lists are TOML's."""
        lines = [f"{name} = {json.dumps(value)}" for name, value in self.options.items()]
        return "\n".join(["[storage]", f'backend = "{self.backend}"', f"[storage.{self.backend}]", *lines, ""])

    async def open(self) -> Storage:
        return await open_storage(self.section)

    @abstractmethod
    def entries(self) -> Entries:
        """All that is in it."""

    @abstractmethod
    def put(self, entries: Entries) -> None:
        """Replace all that is in it."""

    @abstractmethod
    def release(self) -> None:
        """Do what time does: the lock of a server that has died is free."""

    def files(self) -> list[Path]:
        return [] if self.home is None else [file for file in sorted(self.home.rglob("*")) if file.is_file()]


class Served(Kept):
    """One with a server behind it."""

    @abstractmethod
    def proxy(self) -> AbstractContextManager[Proxy]:
        """What svault, but not this, is to speak to."""

    @abstractmethod
    def through(self, proxy: Proxy) -> None:
        """Let svault speak to it."""


class Filesystem(Kept):
    backend = "filesystem"

    def __init__(self, folder: Path) -> None:
        self.home = folder
        self.options = {"path": str(folder)}

    def entries(self) -> Entries:
        with sqlite3.connect(self._database) as database:
            return {key.decode(): value for key, value in database.execute("SELECT key, value FROM entries")}

    def put(self, entries: Entries) -> None:
        with sqlite3.connect(self._database) as database:
            database.execute("DELETE FROM entries")
            rows = [(key.encode(), value) for key, value in entries.items()]
            database.executemany("INSERT INTO entries (key, value) VALUES (?, ?)", rows)
        database.close()

    def release(self) -> None:
        """The lock has ended with the process."""

    @property
    def _database(self) -> str:
        return str(Path(self.options["path"]) / "entries.db")


class Etcd(Served):
    backend = "etcd"

    def __init__(self, name: str, address: str, home: Path) -> None:
        self.home = home
        self.address = address
        self.options = {"endpoints": [address], "prefix": f"{name}/", "lease_s": 2}

    def entries(self) -> Entries:
        found = self._ask("range", self._all).get("kvs", ())
        start = len(self.options["prefix"]) + 2
        return {base64.b64decode(one["key"]).decode()[start:]: base64.b64decode(one["value"]) for one in found}

    def put(self, entries: Entries) -> None:
        self._ask("deleterange", self._all)
        for key, value in entries.items():
            name = f"{self.options['prefix']}e/{key}"
            self._ask("put", {"key": _coded(name.encode()), "value": _coded(value)})

    def release(self) -> None:
        self._ask("deleterange", {"key": _coded(f"{self.options['prefix']}lock".encode())})

    def proxy(self) -> AbstractContextManager[Proxy]:
        return _before(self.address)

    def through(self, proxy: Proxy) -> None:
        self.options["endpoints"] = [f"http://127.0.0.1:{proxy.port}"]

    @property
    def _all(self) -> dict[str, str]:
        prefix = self.options["prefix"]
        return {"key": _coded(f"{prefix}e/".encode()), "range_end": _coded(f"{prefix}e0".encode())}

    def _ask(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        found = httpx.post(f"{self.address}/v3/kv/{what}", json=body, trust_env=False, timeout=30)
        return dict(found.raise_for_status().json())


class Postgresql(Served):
    backend = "postgresql"

    def __init__(self, name: str, address: str, home: Path) -> None:
        self.home = home
        self.address = address
        self.table = f"{name}_entries"
        self.options = {"url": address, "table": self.table}

    def entries(self) -> Entries:
        rows = asyncio.run(self._ask(f"SELECT key, value FROM {self.table}"))
        return {bytes(row[0]).decode(): bytes(row[1]) for row in rows}

    def put(self, entries: Entries) -> None:
        keys, values = [key.encode() for key in entries], list(entries.values())
        asyncio.run(self._ask(f"DELETE FROM {self.table}"))
        asyncio.run(self._ask(f"INSERT INTO {self.table} SELECT * FROM unnest($1::bytea[], $2::bytea[])", keys, values))

    def release(self) -> None:
        """The lock has ended with the connection."""

    def proxy(self) -> AbstractContextManager[Proxy]:
        folder = parse_qs(urlsplit(self.address).query)["host"][0]
        return proxy(socket=Path(folder) / ".s.PGSQL.5432")

    def through(self, proxy: Proxy) -> None:
        self.options["url"] = f"postgresql://postgres@127.0.0.1:{proxy.port}/postgres"

    async def _ask(self, statement: str, *values: Any) -> list[Any]:
        import asyncpg

        connection = await asyncpg.connect(self.address)
        try:
            return list(await connection.fetch(statement, *values))
        finally:
            await connection.close()


class Neo4j(Served):
    backend = "neo4j"

    def __init__(self, name: str, server: Neo4jSettings) -> None:
        self.server = server
        self.options = {
            "uri": server.uri, "user": server.user, "password_env": NEO4J_PASSWORD, "store": name, "lease_s": 2,
        }  # fmt: skip
        os.environ[NEO4J_PASSWORD] = server.password
        setting = "server.directories.data"
        folder = Path(self._ask("SHOW SETTINGS $name YIELD value", name=setting)[0]["value"])
        self.home = folder if folder.is_dir() else None

    def entries(self) -> Entries:
        rows = self._ask("MATCH (e:SvaultEntry) WHERE e.id STARTS WITH $start RETURN e.id AS id, e.value AS value")
        return {bytes.fromhex(row["id"].partition(":")[2]).decode(): bytes(row["value"]) for row in rows}

    def put(self, entries: Entries) -> None:
        self._ask("MATCH (e:SvaultEntry) WHERE e.id STARTS WITH $start DELETE e")
        rows = [[f"{self.options['store']}:{key.encode().hex()}", value] for key, value in entries.items()]
        self._ask("UNWIND $rows AS row CREATE (:SvaultEntry {id: row[0], value: row[1]})", rows=rows)

    def release(self) -> None:
        self._ask("MATCH (l:SvaultLock {store: $store}) SET l.until = 0")

    def proxy(self) -> AbstractContextManager[Proxy]:
        return _before(self.server.uri)

    def through(self, proxy: Proxy) -> None:
        self.options["uri"] = f"bolt://127.0.0.1:{proxy.port}"

    def _ask(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        from neo4j import GraphDatabase

        values |= {"store": self.options["store"], "start": f"{self.options['store']}:"}
        auth = (self.server.user, self.server.password)
        with GraphDatabase.driver(self.server.uri, auth=auth) as driver, driver.session() as session:
            return session.run(statement, values).data()


def _before(address: str) -> AbstractContextManager[Proxy]:
    parts = urlsplit(address)
    return proxy(parts.hostname or "", parts.port or 0)


def _coded(data: bytes) -> str:
    return base64.b64encode(data).decode()
