"""A vault that is slow, large, no vault at all, or ends in between; and that it is not asked too much at once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from stratumiops.graph.store.database import Database
from stratumiops.resolvers.vault import certificates, client, lease_walk

from ..servers import Server, svault  # noqa: TID252 - servers of all tests of the vault
from .asking import Asker, asking, unique
from .test_certificates import CERTIFICATES, ROOT
from .test_leases import IDS
from .test_secrets import LIST

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
MOUNTS = "{ mounts { path } }"


@asynccontextmanager
async def listening(handle: Handler) -> AsyncIterator[str]:
    """The address of a server that does with connections whatever it wants."""

    async def handled(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handle(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(handled, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def says(head: str, body: str) -> Handler:
    """Answers each connection with this."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())
        await writer.drain()

    return handle


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("200 OK", "<html>hello</html>"), ("200 OK", "[1]"), ("200 OK", "{"), ("404 Not Found", "nothing here"),
        ("302 Found\r\nLocation: http://127.0.0.1:1/", ""), ("502 Bad Gateway", "{}"), ("nonsense", ""),
        ("200 OK\r\nContent-Encoding: gzip", "xyz"), ("500 Oops", '{"errors": ["x"]}'),
    ],
)  # fmt: skip
async def test_what_is_no_vault(database: Database, head: str, body: str) -> None:
    async with listening(says(head, body)) as address, asking(database, address) as ask:
        found = (await ask("{ vaultStatus { state problem hint } }")).data["vaultStatus"]
        assert found["state"] == "UNREACHABLE"
        assert found["problem"]
        assert found["hint"]
        assert (await ask.by("t")(MOUNTS)).code == "UNAVAILABLE"


async def test_a_vault_that_takes_too_long(database: Database) -> None:
    async def hang(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read(1_000_000)
        await reader.read()

    async with listening(hang) as address, asking(database, address, timeout_s=0.3) as ask:
        assert (await ask.by("t")(MOUNTS)).code == "TIMEOUT"
        assert (await ask("{ vaultStatus { state } }")).data["vaultStatus"]["state"] == "UNREACHABLE"


async def test_an_answer_that_is_too_large(ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MAX_ANSWER", 100)
    assert (await ask(MOUNTS)).code == "TOO_COMPLEX"


async def test_a_vault_that_starts_again(database: Database, tmp_path: Path) -> None:
    with svault(tmp_path) as server:
        server.begin()
        async with asking(database, server.address) as nobody:
            ask = nobody.by(server.root)
            assert (await ask(MOUNTS)).data
            server.kill()
            assert (await ask(MOUNTS)).code == "UNAVAILABLE"


async def test_eight_requests_at_a_time(database: Database, vault: Server) -> None:
    name, host = unique("wide"), vault.address.removeprefix("http://").partition(":")
    for number in range(30):
        vault.data("POST", f"secret/data/{name}/{number}", json={"data": {"v": 1}})
    open_now, most = 0, 0

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        there, here = await asyncio.open_connection(host[0], int(host[2]))

        async def copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            while data := await source.read(65_536):
                sink.write(data)
                await sink.drain()
            sink.close()

        await asyncio.gather(copy(reader, here), copy(there, writer), return_exceptions=True)
        open_now -= 1

    async with listening(pass_on) as address, asking(database, address) as nobody:
        found = await nobody.by(vault.root)(LIST, mount="secret", path=name, recursive=False, first=50)
        assert {one["currentVersion"] for one in found.data["secrets"]["nodes"]} == {1}
    assert 2 <= most <= 8


async def test_leases_of_many_folders_come_in_short_pages(
    ask: Asker, vault: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    mount, made = unique("folders"), []
    vault.data("POST", f"sys/mounts/{mount}", json={"type": "pki"})
    vault.data("POST", f"{mount}/{ROOT}", json={"common_name": "CA", "key_type": "ec", "key_bits": 256})
    for role in range(5):
        settings = {"allow_any_name": True, "key_type": "ec", "key_bits": 256, "ttl": "1h", "generate_lease": True}
        vault.data("POST", f"{mount}/roles/r{role}", json=settings)
        answer = vault.ask("POST", f"{mount}/issue/r{role}", json={"common_name": "h.example"})
        made.append(answer.json()["lease_id"])
    monkeypatch.setattr(lease_walk, "MAX_LISTS", 3)
    seen, after, pages = [], None, 0
    while True:
        found = (await ask(IDS, prefix=mount, first=50, after=after)).data["leases"]
        seen += [one["node"]["id"] for one in found["edges"]]
        after, pages = found["pageInfo"]["endCursor"], pages + 1
        if not found["pageInfo"]["hasNextPage"]:
            break
        assert pages < 20
    assert seen == made
    assert pages > 2


async def test_certificates_among_many_others_come_in_short_pages(
    ask: Asker, vault: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    mount = unique("others")
    vault.data("POST", f"sys/mounts/{mount}", json={"type": "pki"})
    vault.data("POST", f"{mount}/{ROOT}", json={"common_name": "CA", "key_type": "ec", "key_bits": 256})
    vault.data("POST", f"{mount}/roles/any", json={"allow_any_name": True, "key_type": "ec", "key_bits": 256})
    for number in range(7):
        ttl = "1h" if number == 3 else "20h"
        vault.data("POST", f"{mount}/issue/any", json={"common_name": f"h{number}.example", "ttl": ttl})
    monkeypatch.setattr(certificates, "_BATCH", 2)
    monkeypatch.setattr(certificates, "MAX_SCANNED", 2)
    everything = (await ask(CERTIFICATES, mount=mount)).data["certificates"]["nodes"]
    before = sorted(one["notAfter"] for one in everything)[1]
    seen, after, pages = [], None, 0
    while True:
        more = {"before": before, "first": 1, "after": after}
        found = (await ask(CERTIFICATES, mount=mount, **more)).data["certificates"]
        seen += [one["commonName"] for one in found["nodes"]]
        after, pages = found["pageInfo"]["endCursor"], pages + 1
        if not found["pageInfo"]["hasNextPage"]:
            break
        assert pages < 20
    assert seen == ["h3.example"]
    assert pages > 1
