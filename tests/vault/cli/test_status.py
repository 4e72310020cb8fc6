"""`svault status`, `operator` and `login`: exit statuses, and where the token is kept."""

from pathlib import Path

import pytest

from ..servers import Server, svault  # noqa: TID252 - servers of all tests of the vault
from .conftest import Run, process


def test_exit_statuses_of_status(server: Server, tmp_path: Path) -> None:
    assert process("status", VAULT_ADDR=server.address).status == 0
    assert process("status", VAULT_ADDR="http://127.0.0.1:1").status == 1
    with svault(tmp_path) as sealed:
        found = process("status", SVAULT_ADDR=sealed.address)
        assert (found.status, found.err) == (2, "")
        assert "Sealed" in found.out


def test_from_init_to_seal(run: Run, tmp_path: Path) -> None:
    with svault(tmp_path / "new") as new:
        at = {"VAULT_ADDR": new.address, "VAULT_TOKEN": ""}
        made = run("operator", "init", "-n", "3", "-t", "2", "--format", "json", **at).json
        assert len(made["keys_base64"]) == 3
        assert run("status", **at).status == 2
        (tmp_path / "share").write_text(made["keys_base64"][0] + "\n")
        assert run("operator", "unseal", "--share", "@share", **at).status == 0
        assert run("operator", "unseal", "--share", "-", stdin="nonsense\n", **at).status == 2
        assert run("operator", "unseal", "--share", "-", stdin=made["keys_base64"][1], **at).status == 0
        assert run("status", "--format", "json", **at).json["sealed"] is False
        assert run("operator", "init", **at).status == 2
        root = at | {"VAULT_TOKEN": made["root_token"]}
        assert run("operator", "rotate", **root).status == 0
        assert run("operator", "rekey", "--init", "-n", "1", "-t", "1", **root).status == 0
        for share in made["keys_base64"][:2]:
            last = run("operator", "rekey", "--share", "-", "--format", "json", stdin=share, **root)
        assert len(last.json["keys_base64"]) == 1
        otp = run("operator", "generate-root", "--init", "--format", "json", **root).json["otp"]
        share = last.json["keys_base64"][0]
        done = run("operator", "generate-root", "--share", "-", "--format", "json", stdin=share, **root).json
        made_root = run("operator", "generate-root", "--decode", done["encoded_root_token"], "--otp", otp, **root)
        assert made_root.out.strip().startswith("hvs.")
        assert run("operator", "seal", **root).status == 0
        assert run("status", **root).status == 2
        sealed = run("secret", "read", "secret/a", **root)
        assert sealed.status == 2
        assert "Vault is sealed" in sealed.err
        assert "svault operator unseal" in sealed.err


def test_a_login_keeps_the_token_for_the_owner_alone(run: Run, server: Server, tmp_path: Path) -> None:
    file = tmp_path / "token"
    found = run("login", "-", stdin=server.root + "\n", VAULT_TOKEN="")
    assert found.status == 0, found.err
    assert file.read_text() == server.root
    assert file.stat().st_mode & 0o777 == 0o600
    assert run("token", "lookup", "--field", "path", VAULT_TOKEN="").out.strip() == "auth/token/root"
    file.chmod(0o644)
    run("login", "@token", VAULT_TOKEN="")
    assert file.stat().st_mode & 0o777 == 0o600
    assert run("login", "-", stdin="hvs.bad", VAULT_TOKEN="").status == 2
    assert file.read_text() == server.root

    assert run("auth", "enable", "userpass").status == 0
    (tmp_path / "password").write_text("s3cret")
    assert run("write", "auth/userpass/users/anna", "password=@password", "token_policies=default").status == 0
    login = run("login", "--method", "userpass", "username=anna", "password=@password", VAULT_TOKEN="")
    assert login.status == 0, login.err
    assert file.read_text() != server.root
    refused = run("secret", "read", "secret/a", VAULT_TOKEN="")
    assert refused.status == 2
    assert "Code: 403" in refused.err
    assert "svault policy explain" in refused.err
    assert run("login", "--method", "userpass", "--no-store", "username=anna", "password=x", VAULT_TOKEN="").status == 2
    assert "userpass/" in run("auth", "list").out
    assert run("auth", "disable", "userpass").status == 0


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("secret", "write", "secret/a", "novalue"), "is no value"),
        (("secret", "write", "secret/a", "v=@none"), "none cannot be read"),
        (("secret", "write", "secret/a", "@broken.json"), "is no JSON"),
        (("server",), "needs --config FILE, or --dev"),
        (("server", "--config", "none.toml"), "none.toml: cannot be read"),
        (("server", "--config", "odd.toml"), "did you mean"),
        (("server", "--config", "surreal.toml"), 'use "neo4j"'),
        (("kv", "destroy", "secret/a", "--version", "1"), "Say --yes"),
        (("write", "secret/a"), "nothing to write"),
    ],
)
def test_what_is_wrong_here_is_status_1_and_one_sentence(
    run: Run, tmp_path: Path, words: tuple[str, ...], text: str
) -> None:
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "odd.toml").write_text("[storage]\nbackedn = 'memory'\n")
    (tmp_path / "surreal.toml").write_text("[storage]\nbackend = 'surrealdb'\n")
    found = run(*words)
    assert found.status == 1
    assert text in found.err
    assert "Traceback" not in found.err
    assert found.out == ""


def test_what_the_server_says_is_status_2(run: Run, server: Server) -> None:
    for words, text in [
        (("read", "nowhere/x"), 'no handler for route "nowhere/x"'),
        (("secret", "read", "secret/none"), "Code: 404"),
        (("write", "sys/mounts/secret", "type=kv"), "path is already in use at secret/"),
        (("lease", "lookup", "none"), "invalid lease"),
    ]:
        found = run(*words)
        assert (found.status, text in found.err) == (2, True), (words, found)
    nobody = run("read", "sys/mounts", VAULT_ADDR="http://127.0.0.1:1")
    assert nobody.status == 2
    assert "Is the server running" in nobody.err
    odd = run("read", "sys/mounts", VAULT_ADDR="http://[::1")
    assert odd.status in (1, 2)
    assert "Traceback" not in odd.err
