"""References of settings into the vault: read when they are used, with the platform's own token."""

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.ports import unused_port

from stratumiops.graph.errors import BadInput, Forbidden, NotFound, Sealed, StratumError, Unauthenticated, Unavailable
from stratumiops.graph.secret_references import SecretReference, SecretSource
from stratumiops.ingest.answers import AnswerOptions, Answers
from stratumiops.ingest.embedding import keys
from stratumiops.resolvers.bootstrap import neo4j_settings
from stratumiops.resolvers.secrets import References, references
from stratumiops.resolvers.settings import Neo4jSection, Settings, VaultSection

from ..servers import Server, svault  # noqa: TID252 - servers of all tests of the vault
from .asking import unique
from .conftest import TokenOf


@pytest.fixture(scope="module")
def held(vault: Server) -> str:
    """The path of a secret with two parts, one of them a number."""
    name = unique("held")
    vault.data("POST", f"secret/data/{name}", json={"data": {"password": "hunter-2", "port": 5432, "list": [1]}})
    return name


@pytest.fixture
def found(vault: Server, held: str, token_of: TokenOf, monkeypatch: pytest.MonkeyPatch) -> References:
    """References with a token that may read that secret only."""
    monkeypatch.setenv("VAULT_OF_TEST", token_of(f'path "secret/data/{held}*" {{ capabilities = ["read"] }}'))
    return references(VaultSection(address=vault.address, token=SecretStr("env:VAULT_OF_TEST")))


def test_values(found: References, held: str, vault: Server) -> None:
    assert found.resolve(f"vault:secret/{held}#password", "ask.api_key") == "hunter-2"
    assert found.resolve(f"vault:secret/{held}#port", "ask.api_key") == "5432"
    assert found.value(SecretStr("plain"), "neo4j.password") == "plain"
    assert found.value(None, "neo4j.password") is None
    vault.data("POST", f"secret/data/{held}-one", json={"data": {"only": "this"}})
    assert found.resolve(f"vault:secret/{held}-one", "ask.api_key") == "this"
    vault.data("POST", f"secret/data/{held}-one", json={"data": {"only": "that"}})
    assert found.resolve(f"vault:secret/{held}-one", "ask.api_key") == "that"


async def test_it_is_the_port_of_other_domains(found: References, held: str) -> None:
    source: SecretSource = found.vault
    assert await source.value(SecretReference.parse(f"vault:secret/{held}#password")) == "hunter-2"


def test_kv_1(vault: Server) -> None:
    name = unique("one")
    vault.data("POST", f"old/{name}", json={"password": "hunter-1"})
    found = references(VaultSection(address=vault.address, token=SecretStr(vault.root)))
    assert found.resolve(f"vault:old/{name}#password", "ask.api_key") == "hunter-1"


@pytest.mark.parametrize(
    ("reference", "kind"),
    [
        ("vault:secret/{held}#none", NotFound), ("vault:secret/{held}#list", NotFound),
        ("vault:secret/{held}", NotFound),
        ("vault:secret/{held}-none#a", NotFound), ("vault:secret/other#a", Forbidden), ("vault:secret", BadInput),
        ("vault:pki/x#a", Forbidden), ("vault:secret/../x#a", BadInput),
    ],
)  # fmt: skip
def test_references_that_lead_nowhere(found: References, held: str, reference: str, kind: type[StratumError]) -> None:
    with pytest.raises(kind) as caught:
        found.resolve(reference.format(held=held), "suggest.api_key")
    assert caught.value.field == "suggest.api_key"
    assert caught.value.message.startswith("suggest.api_key")
    assert "hunter" not in str(caught.value.message) + str(caught.value.hint)


def test_the_token_may_be_in_a_file_that_changes(vault: Server, held: str, tmp_path: Path) -> None:
    file = tmp_path / "token"
    found = references(VaultSection(address=vault.address, token_file=file))
    with pytest.raises(BadInput, match=r"vault\.token_file"):
        found.resolve(f"vault:secret/{held}#port", "ask.api_key")
    file.write_text("hvs.wrong\n")
    with pytest.raises(Unauthenticated):
        found.resolve(f"vault:secret/{held}#port", "ask.api_key")
    file.write_text(vault.root + "\n")
    assert found.resolve(f"vault:secret/{held}#port", "ask.api_key") == "5432"
    file.write_text("two words")
    with pytest.raises(BadInput, match="no token"):
        found.resolve(f"vault:secret/{held}#port", "ask.api_key")


def test_an_approle_logs_in_and_again_when_its_token_ends(vault: Server, held: str, tmp_path: Path) -> None:
    mount = "approle"
    if f"{mount}/" not in vault.data("GET", "sys/auth"):
        vault.data("POST", f"sys/auth/{mount}", json={"type": "approle"})
    vault.data("PUT", "sys/policies/acl/reads", json={"policy": 'path "secret/data/*" { capabilities = ["read"] }'})
    vault.data("POST", f"auth/{mount}/role/platform", json={"token_policies": ["reads"]})
    role = vault.data("GET", f"auth/{mount}/role/platform/role-id")["role_id"]
    secret = tmp_path / "secret-id"
    secret.write_text(vault.data("POST", f"auth/{mount}/role/platform/secret-id")["secret_id"])
    found = references(VaultSection(address=vault.address, role_id=role, secret_id_file=secret))
    assert found.resolve(f"vault:secret/{held}#password", "ask.api_key") == "hunter-2"
    for accessor in vault.data("LIST", "auth/token/accessors")["keys"]:
        about = vault.ask("POST", "auth/token/lookup-accessor", json={"accessor": accessor}).json().get("data") or {}
        if str(about.get("path", "")).startswith("auth/approle"):
            vault.data("POST", "auth/token/revoke-accessor", json={"accessor": accessor})
    assert found.resolve(f"vault:secret/{held}#password", "ask.api_key") == "hunter-2"
    secret.write_text("wrong")
    wrong = references(VaultSection(address=vault.address, role_id=role, secret_id_file=secret))
    with pytest.raises(StratumError) as caught:
        wrong.resolve(f"vault:secret/{held}#password", "ask.api_key")
    assert "ask.api_key" in caught.value.message


def test_without_a_token_or_a_vault(vault: Server) -> None:
    with pytest.raises(BadInput, match=r"no token.*") as caught:
        references(VaultSection(address=vault.address)).resolve("vault:secret/a#b", "ask.api_key")
    assert "vault.token" in str(caught.value.hint)
    with pytest.raises(Unavailable, match="No vault is configured"):
        references(VaultSection()).resolve("vault:secret/a#b", "ask.api_key")
    down = references(VaultSection(address=f"http://127.0.0.1:{unused_port()}", token=SecretStr("t")))
    with pytest.raises(Unavailable, match="cannot be reached"):
        down.resolve("vault:secret/a#b", "ask.api_key")


def test_a_sealed_vault(tmp_path: Path) -> None:
    with svault(tmp_path) as server:
        found = references(VaultSection(address=server.address, token=SecretStr("t")))
        with pytest.raises(Sealed, match=r"neo4j\.password"):
            found.resolve("vault:secret/a#b", "neo4j.password")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1:8200", "ftp://x", "http://", "http://u:p@x", "http://x/v1", "http://x?a=b", "http://x:0", "http://[x"],
)
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(BadInput) as caught:
        references(VaultSection(address=address))
    assert caught.value.field == "vault.address"
    assert "u:p" not in caught.value.message


def test_the_password_of_neo4j(vault: Server, held: str) -> None:
    section = Neo4jSection(uri="bolt://127.0.0.1:1", password=SecretStr(f"vault:secret/{held}#password"))
    settings = Settings(neo4j=section, vault=VaultSection(address=vault.address, token=SecretStr(vault.root)))
    assert neo4j_settings(settings, None).password == "hunter-2"
    assert "hunter-2" not in repr(settings)


def test_the_key_of_embeddings(found: References, held: str) -> None:
    reference = f"vault:secret/{held}#password"
    assert keys.resolve(reference, "embeddings.api_key", found) == "hunter-2"
    with pytest.raises(BadInput, match="knows nothing"):
        keys.resolve(reference, "embeddings.api_key")


async def test_the_key_of_answers(found: References) -> None:
    answers = Answers(AnswerOptions(model="openai/x", api_key="vault:secret/other#a"), found)
    with pytest.raises(Forbidden, match=r"ask\.api_key"):
        await asyncio.wait_for(answers.answer("why", _nothing), 60)


async def _nothing() -> list[object]:
    return []
