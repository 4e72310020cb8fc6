"""A core with every kind of mount, and the routes that its mounts have."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from stratumiops.vault.backend import Route
from stratumiops.vault.config import Config
from stratumiops.vault.core.core import Core
from stratumiops.vault.core.envelope import Reply
from stratumiops.vault.crypto.backends import crypto
from stratumiops.vault.fields import Fields
from stratumiops.vault.http.incoming import request_of
from stratumiops.vault.request import Operation, Request
from stratumiops.vault.storage.memory import MemoryStorage
from stratumiops.vault.storage.port import Storage

MOUNTS = {
    "mounts/kv1": {"type": "kv"},
    "mounts/kv2": {"type": "kv-v2"},
    "mounts/transit": {"type": "transit"},
    "mounts/pki": {"type": "pki"},
    "auth/approle": {"type": "approle"},
    "auth/userpass": {"type": "userpass"},
    "auth/jwt": {"type": "jwt"},
    "auth/github": {"type": "github"},
}
METHODS = {
    Operation.READ: "GET", Operation.LIST: "LIST", Operation.UPDATE: "POST", Operation.PATCH: "PATCH",
    Operation.DELETE: "DELETE",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """One operation on one route: `path` is its template behind `/v1/`."""

    method: str
    path: str
    route: Route

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def filled(self, **values: str) -> str:
        """The path with names in its holes; those without a value get `x`."""
        return re.sub(r"\{(\w+)\*?\}", lambda hole: values.get(hole[1], "x"), self.path)


class Live:
    """An open core over a storage, in memory by default."""

    def __init__(self, storage: Storage | None = None, config: Config | None = None) -> None:
        self.core = Core(config or Config(), storage or MemoryStorage(), crypto("openssl"))
        self.root = ""

    async def begin(self) -> None:
        await self.core.start()
        made = await self.core.seal.init(Fields({"secret_shares": 1, "secret_threshold": 1}))
        await self.core.seal.unseal(Fields({"key": made["keys"][0]}))
        await self.core.start()
        self.root = made["root_token"]
        for path, body in MOUNTS.items():
            assert (await self.ask("POST", f"sys/{path}", body)).status == 204, path

    async def ask(self, method: str, path: str, body: object = None, token: str | None = None) -> Reply:
        return await self.core.handle(self.request(method, path, body, token))

    async def data(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        return dict(self.decoded(await self.ask(method, path, body))["data"])

    @staticmethod
    def decoded(reply: Reply) -> dict[str, Any]:
        assert reply.status == 200, reply.body
        return dict(orjson.loads(reply.body))

    def request(self, method: str, path: str, body: object = None, token: str | None = None) -> Request:
        headers = {"x-vault-token": self.root if token is None else token}
        if method == "PATCH":
            headers["content-type"] = "application/merge-patch+json"
        sent = b"" if body is None else orjson.dumps(body)
        return request_of(method, f"/v1/{path}", "", headers, sent, ("127.0.0.1", 1))

    def places(self) -> Iterator[Place]:
        """Every operation of every route of every mount."""
        for mounted in self.core.mounts(""):
            for route in mounted.backend.routes():
                for operation, method in METHODS.items():
                    if route.handler(operation) is not None:
                        yield Place(method, mounted.mount.path + route.template, route)


async def open_core() -> Live:
    found = Live()
    await found.begin()
    return found
