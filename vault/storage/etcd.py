"""Entries in etcd 3.5, over its JSON gateway."""

import asyncio
import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from stratumiops.vault.errors import OutcomeUnknown, StorageFailed
from stratumiops.vault.storage import listing
from stratumiops.vault.storage.etcd_gateway import Gateway, decoded, encoded
from stratumiops.vault.storage.port import CLOSE_S, LOST


class EtcdStorage:
    """Entries under a prefix: `<prefix>e/<key>`.

    A key with a lease, `<prefix>lock`, keeps other servers out. `<prefix>owner` says who took the storage last; each
    transaction compares it, so that a server whose lease ended unnoticed cannot write once another has taken over. It
    compares the revision of that key, too. After a transaction without an answer the key is written anew: one that
    comes late, over a connection that was given up, finds another revision and does nothing.

    Args:
        lease_s: seconds after which the lock of a dead server is free.
    """

    kind = "etcd"
    most_changes = 128
    largest = 1 << 20

    def __init__(self, gateway: Gateway, prefix: str = "svault/", lease_s: int = 10) -> None:
        self._gateway = gateway
        self._prefix = prefix.encode()
        self._entries = self._prefix + b"e/"
        self._lease_s = lease_s
        self._lease = ""
        self._me = secrets.token_hex(16)
        self._revision = ""
        self._writing = asyncio.Lock()
        self._keeper: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """See `Storage.open`. The lock of a server that has just died is waited for."""
        try:
            await self._wait()
        except StorageFailed:
            await self.close()
            raise
        self._keeper = asyncio.create_task(self._keep())

    async def get(self, key: str) -> bytes | None:
        """See `Storage.get`."""
        found = await self._gateway.call("kv/range", {"key": encoded(self._entries + key.encode())})
        values = found.get("kvs")
        return decoded(values[0].get("value", "")) if values else None

    async def apply(self, changes: Mapping[str, bytes | None]) -> None:
        """See `Storage.apply`."""
        operations: list[dict[str, Any]] = []
        for key, value in changes.items():
            name = encoded(self._entries + key.encode())
            if value is None:
                operations.append({"requestDeleteRange": {"key": name}})
            else:
                operations.append({"requestPut": {"key": name, "value": encoded(value)}})
        async with self._writing:
            if not self._revision:
                await self._fence()
            compared = [self._is_mine(), {
                "key": encoded(self._prefix + b"owner"), "target": "MOD", "result": "EQUAL",
                "modRevision": self._revision,
            }]  # fmt: skip
            await self._write(compared, operations)

    async def names(self, prefix: str, after: str = "", limit: int = 0) -> list[str]:
        """See `Storage.names`."""
        return await listing.names(self._scan, prefix, after, limit)

    async def close(self) -> None:
        """See `Storage.close`."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            await asyncio.wait([keeper])
        lease, self._lease = self._lease, ""
        if lease:
            with suppress(StorageFailed, TimeoutError):  # then the lock is free when the lease ends
                async with asyncio.timeout(CLOSE_S):
                    await self._gateway.call("lease/revoke", {"ID": lease})
        await self._gateway.close()

    async def _write(self, compared: list[dict[str, Any]], operations: list[dict[str, Any]]) -> str:
        """Do operations if what is compared is true; the revision that they made.

        Raises:
            OutcomeUnknown: there is no answer.
            StorageFailed: etcd refuses, or another server has the storage.
        """
        try:
            found = await self._gateway.call("kv/txn", {"compare": compared, "success": operations}, once=True)
        except OutcomeUnknown:
            self._revision = ""
            raise
        if not found.get("succeeded"):
            self._revision = ""
            raise StorageFailed(LOST)
        return str(found["header"]["revision"])

    async def _fence(self) -> None:
        """Write the owner anew: what was sent before, and has not been done yet, is not done any more."""
        self._revision = await self._write([self._is_mine()], [{"requestPut": self._owner()}])

    async def _scan(self, start: str, end: str, limit: int) -> list[str]:
        last = self._entries + end.encode() if end else self._prefix + b"e0"
        body = {
            "key": encoded(self._entries + start.encode()), "range_end": encoded(last), "limit": limit,
            "keys_only": True,
        }  # fmt: skip
        found = await self._gateway.call("kv/range", body)
        return [decoded(one["key"])[len(self._entries) :].decode() for one in found.get("kvs", ())]

    async def _wait(self) -> None:
        deadline = asyncio.get_running_loop().time() + self._lease_s + 2
        while not await self._take(first=True):
            if asyncio.get_running_loop().time() > deadline:
                raise StorageFailed(f"the storage {self._prefix.decode()} in etcd is in use by another server")
            await asyncio.sleep(0.25)

    async def _take(self, *, first: bool) -> bool:
        """Take the lock if it is free; again only if nobody else had it since."""
        lease = str((await self._gateway.call("lease/grant", {"TTL": self._lease_s}))["ID"])
        free = {"key": encoded(self._prefix + b"lock"), "target": "CREATE", "result": "EQUAL", "create_revision": 0}
        body = {
            "compare": [free] if first else [free, self._is_mine()],
            "success": [
                {"requestPut": {"key": encoded(self._prefix + b"lock"), "value": encoded(b"held"), "lease": lease}},
                {"requestPut": self._owner()},
            ],
        }  # fmt: skip
        async with self._writing:
            self._revision = ""
            found = await self._gateway.call("kv/txn", body, once=True)
            taken = bool(found.get("succeeded"))
            if taken:
                self._lease, self._revision = lease, str(found["header"]["revision"])
        if taken:
            return True
        await self._gateway.call("lease/revoke", {"ID": lease})
        return False

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self._lease_s / 3)
            with suppress(StorageFailed):  # it may come back before the lease ends; if not, `apply` tells
                found = await self._gateway.call("lease/keepalive", {"ID": self._lease})
                if int(found.get("result", {}).get("TTL", 0)) <= 0:
                    await self._take(first=False)

    def _owner(self) -> dict[str, str]:
        return {"key": encoded(self._prefix + b"owner"), "value": encoded(self._me.encode())}

    def _is_mine(self) -> dict[str, Any]:
        return {
            "key": encoded(self._prefix + b"owner"), "target": "VALUE", "result": "EQUAL",
            "value": encoded(self._me.encode()),
        }  # fmt: skip
