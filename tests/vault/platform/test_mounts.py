"""`mounts`: what the caller may see of them."""

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault
from .asking import Asker
from .conftest import TokenOf

MOUNTS = """query ($kind: VaultMountKind) { mounts(kind: $kind) { path kind type version description accessor
  defaultLeaseTtl maxLeaseTtl local options { key value } } }"""


async def test_mounts(ask: Asker) -> None:
    found = {(one["kind"], one["path"]): one for one in (await ask(MOUNTS)).data["mounts"]}
    kv = found["SECRETS", "secret/"]
    assert (kv["type"], kv["version"], kv["description"]) == ("kv", 2, "of the tests")
    assert kv["options"] == [{"key": "version", "value": "2"}]
    assert kv["accessor"]
    assert found["SECRETS", "old/"]["version"] == 1
    assert found["SECRETS", "pki/"]["version"] is None
    assert found["SECRETS", "pki/"]["maxLeaseTtl"] == 87_600 * 3_600
    assert found["AUTH", "token/"]["type"] == "token"
    only = (await ask(MOUNTS, kind="AUTH")).data["mounts"]
    assert [one["path"] for one in only] == sorted(path for kind, path in found if kind == "AUTH")


async def test_only_those_that_the_token_may_use(api: Asker, token_of: TokenOf) -> None:
    token = token_of('path "old/team/*" { capabilities = ["read"] }')
    paths = {one["path"] for one in (await api.by(token)(MOUNTS, kind="SECRETS")).data["mounts"]}
    assert "old/" in paths
    assert "secret/" not in paths


async def test_a_bad_token_is_an_error_not_an_empty_list(api: Asker, vault: Server) -> None:
    for token in (None, "hvs.unknown"):
        assert (await api.by(token)(MOUNTS)).code == "UNAUTHENTICATED"
    used_up = vault.ask("POST", "auth/token/create", json={"num_uses": 1}).json()["auth"]["client_token"]
    vault.ask("GET", "auth/token/lookup-self", token=used_up)
    assert (await api.by(used_up)(MOUNTS)).code == "UNAUTHENTICATED"
