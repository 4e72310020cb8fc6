"""Policies: lists, texts, versions, writing, removing, and explanations."""

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault
from .asking import Asker, unique
from .conftest import TokenOf

ALL = "query ($kind: VaultPolicyKind) { vaultPolicies(kind: $kind) { name kind builtin } }"
ONE = """query ($name: String!, $kind: VaultPolicyKind! = ACL, $version: Int) { vaultPolicy(name: $name, kind: $kind,
  version: $version) { name kind text version modifiedAt builtin } }"""
VERSIONS = """query ($name: String!, $kind: VaultPolicyKind! = ACL) { vaultPolicyVersions(name: $name, kind: $kind) {
  version modifiedAt removed } }"""
SAVE = """mutation ($input: SaveVaultPolicyInput!) { saveVaultPolicy(input: $input) { warnings
  policy { name kind text version } } }"""
DELETE = "mutation ($input: DeleteVaultPolicyInput!) { deleteVaultPolicy(input: $input) { name } }"
ACCESS = """query ($input: VaultAccessInput!) { vaultAccess(input: $input) { allowed why capabilities policies
  decidedBy { policy kind rule line capabilities counts why } considered { policy kind rule counts } } }"""
RULE = 'path "secret/data/%s" { capabilities = ["read"] }'
CEDAR = '@id("no-deletes")\nforbid(principal, action == Action::"delete", resource);'


async def test_lists(ask: Asker) -> None:
    name = unique("listed")
    await ask(SAVE, input={"name": name, "text": RULE % "x"})
    await ask(SAVE, input={"name": name, "kind": "CEDAR", "text": CEDAR})
    found = (await ask(ALL)).data["vaultPolicies"]
    kinds = [one["kind"] for one in found if one["name"] == name]
    assert kinds == ["ACL", "CEDAR"]
    assert {one["name"] for one in found if one["builtin"]} == {"root", "default"}
    assert {one["kind"] for one in (await ask(ALL, kind="CEDAR")).data["vaultPolicies"]} == {"CEDAR"}
    assert (await ask(DELETE, input={"name": name, "kind": "CEDAR"})).data


async def test_texts_in_a_list(ask: Asker) -> None:
    name = unique("texts")
    await ask(SAVE, input={"name": name, "text": RULE % "x"})
    found = (await ask("{ vaultPolicies(kind: ACL) { name text version } }")).data["vaultPolicies"]
    texts = {one["name"]: one["text"] for one in found}
    assert texts[name] == RULE % "x"
    assert texts["root"] == ""


async def test_written_read_and_removed(ask: Asker) -> None:
    name = unique("Policy")
    saved = (await ask(SAVE, input={"name": name, "text": RULE % "one"})).data["saveVaultPolicy"]
    assert saved == {
        "warnings": [],
        "policy": {"name": name.lower(), "kind": "ACL", "text": RULE % "one", "version": 1},
    }
    await ask(SAVE, input={"name": name, "text": RULE % "two"})
    found = (await ask(ONE, name=name.lower())).data["vaultPolicy"]
    assert (found["text"], found["version"]) == (RULE % "two", 2)
    assert found["modifiedAt"] > "2026"
    assert (await ask(ONE, name=name.lower(), version=1)).data["vaultPolicy"]["text"] == RULE % "one"
    assert (await ask(DELETE, input={"name": name})).data["deleteVaultPolicy"]["name"] == name
    assert (await ask(ONE, name=name.lower())).data["vaultPolicy"] is None
    versions = (await ask(VERSIONS, name=name.lower())).data["vaultPolicyVersions"]
    assert [(one["version"], one["removed"]) for one in versions] == [(3, True), (2, False), (1, False)]
    assert versions[0]["modifiedAt"] is None
    assert (await ask(VERSIONS, name="never-was")).data["vaultPolicyVersions"] == []


async def test_what_the_vault_does_not_take(ask: Asker, api: Asker, token_of: TokenOf) -> None:
    refused = await ask(SAVE, input={"name": "bad", "text": 'path "x" { capabilities = ["fly"] }'})
    assert refused.code == "BAD_INPUT"
    assert "fly" in refused.error["message"]
    assert (await ask(SAVE, input={"name": "root", "text": RULE % "x"})).code == "BAD_INPUT"
    assert (await ask(SAVE, input={"name": "../x", "text": RULE % "x"})).code == "BAD_INPUT"
    assert (await ask(SAVE, input={"name": "big", "text": "#" * 1_000_001})).code == "BAD_INPUT"
    token = token_of(RULE % "x")
    assert (await api.by(token)(SAVE, input={"name": "x", "text": RULE % "x"})).code == "FORBIDDEN"
    assert (await api.by(token)(ALL)).code == "FORBIDDEN"
    assert (await api(ALL)).code == "UNAUTHENTICATED"


async def test_why(api: Asker, ask: Asker, vault: Server, token_of: TokenOf) -> None:
    token = token_of(f'{RULE % "app"}\npath "sys/policies/explain" {{ capabilities = ["update"] }}')
    found = (await api.by(token)(ACCESS, input={"operation": "READ", "path": "secret/data/app"})).data["vaultAccess"]
    assert found["allowed"]
    assert found["capabilities"] == ["read"]
    decided = found["decidedBy"]
    assert (decided["rule"], decided["line"], decided["capabilities"], decided["counts"], decided["kind"]) == (
        "secret/data/app", 1, ["read"], True, "ACL",
    )  # fmt: skip
    assert found["why"]
    found = (await api.by(token)(ACCESS, input={"operation": "DELETE", "path": "secret/data/app"})).data["vaultAccess"]
    assert not found["allowed"]
    asked = {"operation": "SUDO", "path": "sys/audit", "policies": ["default"]}
    found = (await ask(ACCESS, input=asked)).data["vaultAccess"]
    assert (found["allowed"], found["policies"]) == (False, ["default"])
    accessor = vault.data("POST", "auth/token/lookup", json={"token": token})["accessor"]
    asked = {"operation": "READ", "path": "secret/data/app", "accessor": accessor}
    assert (await ask(ACCESS, input=asked)).data["vaultAccess"]["allowed"]
    assert (await ask(ACCESS, input={**asked, "policies": ["default"]})).code == "BAD_INPUT"
    assert (await ask(ACCESS, input={**asked, "accessor": "none"})).code == "BAD_INPUT"


async def test_why_with_cedar(ask: Asker) -> None:
    name = unique("cedar")
    await ask(SAVE, input={"name": name, "kind": "CEDAR", "text": CEDAR})
    asked = {"operation": "DELETE", "path": "secret/data/app", "policies": ["default", name]}
    found = (await ask(ACCESS, input=asked)).data["vaultAccess"]
    assert not found["allowed"]
    assert any(one["kind"] == "CEDAR" and one["rule"] == "no-deletes" for one in found["considered"])
    await ask(DELETE, input={"name": name, "kind": "CEDAR"})
