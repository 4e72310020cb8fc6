"""The same over OpenBao: all but what only svault has, which is refused in so many words."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from stratumiops.graph.store.database import Database

from ..openbao import openbao  # noqa: TID252 - the peer of all tests of the vault
from .asking import Asker, asking

ROOT = "root/generate/internal"


@pytest.fixture(scope="module")
def bao(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """An OpenBao with a secret of two versions, a folder, and a certificate that was revoked."""
    with openbao(tmp_path_factory.mktemp("bao")) as client:
        for path in ("app", "app", "deep/er"):
            client.post(f"secret/data/{path}", json={"data": {"password": "s3cret-value"}}).raise_for_status()
        client.post("sys/mounts/pki", json={"type": "pki"}).raise_for_status()
        root = {"common_name": "Root", "key_type": "ec", "key_bits": 256}
        client.post(f"pki/{ROOT}", json=root).raise_for_status()
        role = {"allow_any_name": True, "key_type": "ec", "key_bits": 256, "generate_lease": True, "ttl": "1h"}
        client.post("pki/roles/any", json=role).raise_for_status()
        made = client.post("pki/issue/any", json={"common_name": "a.example"}).json()["data"]
        client.post("pki/revoke", json={"serial_number": made["serial_number"]}).raise_for_status()
        client.post("pki/issue/any", json={"common_name": "b.example"}).raise_for_status()
        yield client


@pytest.fixture(scope="module")
async def anybody(database: Database, bao: httpx.Client) -> AsyncIterator[Asker]:
    async with asking(database, str(bao.base_url).removesuffix("/").removesuffix("/v1")) as asker:
        yield asker


@pytest.fixture(scope="module")
def ask(anybody: Asker) -> Asker:
    return anybody.by("root")


async def test_status_and_mounts(ask: Asker) -> None:
    query = "{ vaultStatus { state storageType threshold token { policies } } mounts { path kind version } }"
    data = (await ask(query)).data
    assert data["vaultStatus"] == {
        "state": "UNSEALED", "storageType": "inmem", "threshold": 1, "token": {"policies": ["root"]},
    }  # fmt: skip
    assert {"path": "secret/", "kind": "SECRETS", "version": 2} in data["mounts"]


async def test_secrets(ask: Asker) -> None:
    query = 'query ($first: Int!) { secrets(mount: "secret", first: $first) { nodes { path currentVersion }'
    query += " pageInfo { hasNextPage } } }"
    found = (await ask(query, first=50)).data["secrets"]
    assert found["nodes"] == [{"path": "app", "currentVersion": 2}, {"path": "deep/", "currentVersion": None}]
    assert (await ask(query, first=1)).data["secrets"]["pageInfo"]["hasNextPage"]
    answer = await ask('{ secret(mount: "secret", path: "app") { versions { version createdAt } deleteVersionAfter } }')
    assert [one["version"] for one in answer.data["secret"]["versions"]] == [2, 1]
    assert answer.data["secret"]["deleteVersionAfter"] is None


async def test_versions(ask: Asker) -> None:
    for verb in ("delete", "undelete"):
        query = f"mutation ($input: SecretVersionsInput!) {{ done: {verb}SecretVersions(input: $input) {{"
        query += " secret { versions { deletedAt } } } }"
        answer = await ask(query, input={"mount": "secret", "path": "app", "versions": [1]})
        gone = answer.data["done"]["secret"]["versions"][1]["deletedAt"]
        assert (gone is not None) is (verb == "delete")


async def test_notes_are_written_and_taken_away(ask: Asker) -> None:
    query = "mutation ($input: SecretUpdateInput!) { updateSecret(input: $input) { secret { maxVersions"
    query += " customMetadata { key value } } } }"
    for notes in ([{"key": "owner", "value": "ada"}], []):
        given = {"mount": "secret", "path": "app", "customMetadata": notes, "maxVersions": 5}
        assert (await ask(query, input=given)).data["updateSecret"]["secret"] == {
            "maxVersions": 5, "customMetadata": notes,
        }  # fmt: skip


async def test_certificates_and_leases(ask: Asker) -> None:
    query = (
        '{ certificates(mount: "pki") { nodes { commonName revokedAt } } leases(prefix: "pki") { nodes { id ttl } } }'
    )
    data = (await ask(query)).data
    found = {one["commonName"]: one["revokedAt"] for one in data["certificates"]["nodes"]}
    assert set(found) == {"Root", "a.example", "b.example"}
    assert [name for name, at in found.items() if at] == ["a.example"]
    ids = [one["id"] for one in data["leases"]["nodes"]]
    assert ids
    assert all(one.startswith("pki/issue/any/") for one in ids)
    paged = (await ask('{ leases(prefix: "pki", first: 1) { nodes { id } pageInfo { hasNextPage } } }')).data["leases"]
    assert [one["id"] for one in paged["nodes"]] == ids[:1]
    assert (await ask("mutation ($id: ID!) { revokeLease(input: {id: $id}) { id } }", id=ids[0])).data


async def test_policies(ask: Asker) -> None:
    save = 'mutation ($text: String!) { saveVaultPolicy(input: {name: "x", text: $text}) { policy { text } } }'
    assert (
        "capabilities"
        in (await ask(save, text='path "a" { capabilities = ["read"] }')).data["saveVaultPolicy"]["policy"]["text"]
    )
    found = (await ask("{ vaultPolicies { name kind } }")).data["vaultPolicies"]
    assert {"name": "x", "kind": "ACL"} in found
    assert (await ask('{ vaultPolicy(name: "none") { text } }')).data["vaultPolicy"] is None
    assert (await ask('mutation { deleteVaultPolicy(input: {name: "x"}) { name } }')).data
    assert (await ask("{ vaultAuditDevices { path } }")).data["vaultAuditDevices"] == []


@pytest.mark.parametrize(
    "query",
    [
        '{ secrets(mount: "secret", recursive: true) { nodes { path } } }',
        '{ secrets(mount: "secret", search: "a") { nodes { path } } }',
        '{ vaultAccess(input: {operation: READ, path: "secret/data/app"}) { allowed } }',
        '{ vaultPolicy(name: "default", version: 7) { text } }',
        "{ leaseCounts { count } }",
    ],
)
async def test_what_only_svault_has(ask: Asker, query: str) -> None:
    refused = await ask(query)
    assert refused.code == "BAD_INPUT"
    assert "does not offer" in refused.error["message"]
    assert "svault" in refused.error["extensions"]["hint"]


async def test_tokens(anybody: Asker, ask: Asker, bao: httpx.Client, tmp_path: Path) -> None:
    query = '{ secrets(mount: "secret") { nodes { path } } }'
    assert (await anybody(query)).code == "UNAUTHENTICATED"
    assert (await anybody.by("s.unknown")(query)).code == "UNAUTHENTICATED"
    weak = bao.post("auth/token/create", json={"policies": ["default"]}).json()["auth"]["client_token"]
    assert (await anybody.by(weak)(query)).code == "FORBIDDEN"
    assert (await anybody.by("s.unknown")("{ mounts { path } }")).code == "UNAUTHENTICATED"
