"""`vaultAuditDevices` and `vaultAudit`: who may see what the vault put on record."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from stratumiops.graph.store.database import Database

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault
from .asking import Asker, unique
from .conftest import TokenOf

AUDIT = """query ($where: VaultAuditWhere, $first: Int = 50, $after: String) { vaultAudit(where: $where, first: $first,
  after: $after) { nodes { id at kind operation path mountType namespace displayName accessor policies remoteAddress
  allowed error } pageInfo { hasNextPage endCursor } } }"""
MAY = 'path "sys/audit" { capabilities = ["read", "sudo"] }'


@pytest.fixture
async def recorded(database: Database) -> AsyncIterator[str]:
    """Six entries below a path of their own, as the vault writes them; the path."""
    device = unique("device")
    entries = [
        {
            "device": device, "seq": number, "id": f"{device}-{number}", "hash": "00", "kind": "request",
            "at": f"2026-01-0{number // 2 + 1}T00:00:00.000000Z", "operation": "read" if number % 2 else "update",
            "path": f"{device}/data/{number}", "namespace": "team/" if number == 5 else "", "policies": ["default"],
            "allowed": number != 4, "display_name": "token-ada", "accessor": "hmac-sha256:00", "mount_type": "kv",
        }
        for number in range(6)
    ]  # fmt: skip
    await database.write("UNWIND $entries AS entry CREATE (a:VaultAudit) SET a = entry", {"entries": entries})
    yield device
    await database.write("MATCH (a:VaultAudit {device: $device}) DELETE a", {"device": device})


async def seen(ask: Asker, device: str, first: int = 50, after: str | None = None, **where: object) -> list[int]:
    answer = await ask(AUDIT, where={"path": device, **where}, first=first, after=after)
    return [int(one["id"].rpartition("-")[2]) for one in answer.data["vaultAudit"]["nodes"]]


async def test_newest_first_and_by_conditions(ask: Asker, recorded: str) -> None:
    assert await seen(ask, recorded) == [5, 4, 3, 2, 1, 0]
    assert await seen(ask, recorded, operation="read") == [5, 3, 1]
    assert await seen(ask, recorded, allowed=False) == [4]
    assert await seen(ask, recorded, since="2026-01-02T00:00:00Z", until="2026-01-03T00:00:00Z") == [3, 2]
    assert await seen(ask, recorded + "/data/3") == [3]
    [entry] = (await ask(AUDIT, where={"path": f"{recorded}/data/4"})).data["vaultAudit"]["nodes"]
    assert entry == {
        "id": f"{recorded}-4", "at": "2026-01-03T00:00:00.000000Z", "kind": "request", "operation": "update",
        "path": f"{recorded}/data/4", "mountType": "kv", "namespace": "", "displayName": "token-ada",
        "accessor": "hmac-sha256:00", "policies": ["default"], "remoteAddress": None, "allowed": False, "error": None,
    }  # fmt: skip


async def test_pages(ask: Asker, recorded: str) -> None:
    found, after = [], None
    while True:
        page = (await ask(AUDIT, where={"path": recorded}, first=1, after=after)).data["vaultAudit"]
        found += [one["id"] for one in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == [f"{recorded}-{number}" for number in (5, 4, 3, 2, 1, 0)]
    assert (await ask(AUDIT, after="x")).code == "BAD_INPUT"
    assert (await ask(AUDIT, where={"path": "a/../b"})).code == "BAD_INPUT"


async def test_who_may(api: Asker, token_of: TokenOf, recorded: str) -> None:
    assert await seen(api.by(token_of(MAY)), recorded) == [5, 4, 3, 2, 1, 0]
    for policy in ('path "sys/audit" { capabilities = ["read"] }', 'path "secret/*" { capabilities = ["sudo"] }'):
        refused = await api.by(token_of(policy))(AUDIT)
        assert refused.code == "FORBIDDEN"
        assert "sys/audit" in refused.error["message"]
    for token in (None, "hvs.unknown"):
        assert (await api.by(token)(AUDIT)).code == "UNAUTHENTICATED"


async def test_a_token_of_a_namespace_sees_that_namespace(api: Asker, vault: Server, recorded: str) -> None:
    root = {"X-Vault-Namespace": "team"}
    vault.ask("PUT", "sys/namespaces/team", json={})
    vault.ask("PUT", "sys/policies/acl/auditor", json={"policy": MAY}, headers=root)
    made = vault.ask("POST", "auth/token/create", json={"policies": ["auditor"]}, headers=root).json()
    ask = api.by(made["auth"]["client_token"], "team")
    assert await seen(ask, recorded) == [5]


async def test_devices(ask: Asker, api: Asker, vault: Server, token_of: TokenOf, tmp_path: Path) -> None:
    query = "{ vaultAuditDevices { path type description } }"
    options = {"type": "file", "description": "here", "options": {"file_path": str(tmp_path / "log")}}
    vault.data("PUT", "sys/audit/tested", json=options)
    try:
        found = (await ask(query)).data["vaultAuditDevices"]
        assert {"path": "tested/", "type": "file", "description": "here"} in found
        assert (await api.by(token_of(MAY.replace(', "sudo"', "")))(query)).code == "FORBIDDEN"
    finally:
        vault.data("DELETE", "sys/audit/tested")
