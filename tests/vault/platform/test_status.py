"""`vaultStatus`: what state the vault is in, and what to do next."""

from pathlib import Path

from tests.ports import unused_port

from stratumiops.graph.store.database import Database

from ..servers import Server, svault  # noqa: TID252 - servers of all tests of the vault
from .asking import Asker, asking
from .conftest import TokenOf

STATUS = """{ vaultStatus { state address problem hint supervised version clusterName storageType sealType shares
  threshold progress nonce auditFailing token { displayName policies accessor createdAt expiresAt renewable path
  namespace } } }"""


async def test_an_open_vault(ask: Asker, vault: Server) -> None:
    found = (await ask(STATUS)).data["vaultStatus"]
    token = found.pop("token")
    assert found.pop("version")
    assert found == {
        "state": "UNSEALED", "address": vault.address, "problem": None, "hint": None, "supervised": False,
        "clusterName": "svault", "storageType": "filesystem", "sealType": "shamir", "shares": 3, "threshold": 2,
        "progress": 0, "nonce": "", "auditFailing": None,
    }  # fmt: skip
    assert token["policies"] == ["root"]
    assert token["expiresAt"] is None
    assert token["path"] == "auth/token/root"


async def test_the_token_of_a_caller(api: Asker, token_of: TokenOf) -> None:
    token = token_of('path "x" { capabilities = ["read"] }', ttl="1h", display_name="ada")
    found = (await api.by(token)(STATUS)).data["vaultStatus"]["token"]
    assert found["displayName"] == "token-ada"
    assert found["expiresAt"] > found["createdAt"] > "2026"
    assert found["renewable"]
    assert found["namespace"] == ""


async def test_nobody_needs_a_token(api: Asker) -> None:
    for token in (None, "hvs.wrong", "two words", "x" * 9_000):
        found = (await api.by(token)(STATUS)).data["vaultStatus"]
        assert found["state"] == "UNSEALED"
        assert found["token"] is None


async def test_no_vault(database: Database) -> None:
    async with asking(database, None) as ask:
        found = (await ask(STATUS)).data["vaultStatus"]
        assert (found["state"], found["address"]) == ("ABSENT", None)
        assert "vault.address" in found["hint"]
        assert (await ask.by("t")("{ mounts { path } }")).code == "UNAVAILABLE"


async def test_a_vault_that_does_not_answer(database: Database) -> None:
    async with asking(database, f"http://127.0.0.1:{unused_port()}") as ask:
        found = (await ask(STATUS)).data["vaultStatus"]
        assert found["state"] == "UNREACHABLE"
        assert "cannot be reached" in found["problem"]
        assert found["hint"]
        assert (await ask.by("t")("{ mounts { path } }")).code == "UNAVAILABLE"


async def test_from_nothing_to_open(database: Database, tmp_path: Path) -> None:
    with svault(tmp_path) as server:
        async with asking(database, server.address) as ask:
            found = (await ask(STATUS)).data["vaultStatus"]
            assert (found["state"], found["shares"], found["clusterName"]) == ("UNINITIALIZED", 0, None)
            assert "init" in found["hint"]
            made = server.ask("PUT", "sys/init", json={"secret_shares": 3, "secret_threshold": 2}).json()
            server.ask("PUT", "sys/unseal", json={"key": made["keys_base64"][0]})
            found = (await ask(STATUS)).data["vaultStatus"]
            assert (found["state"], found["progress"], found["threshold"]) == ("SEALED", 1, 2)
            assert found["nonce"]
            assert "2 of its 3 shares" in found["hint"]
            refused = await ask.by(made["root_token"])("{ mounts { path } }")
            assert refused.code == "SEALED"
            server.ask("PUT", "sys/unseal", json={"key": made["keys_base64"][1]})
            assert (await ask(STATUS)).data["vaultStatus"]["state"] == "UNSEALED"
