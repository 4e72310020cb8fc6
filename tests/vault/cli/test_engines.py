"""`svault` with secrets, Transit, PKI, policies, tokens, leases, audit and wrapping."""

import json
from pathlib import Path

import yaml

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault
from .conftest import Run


def test_secrets_with_versions(run: Run, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("from a file\n")
    (tmp_path / "more.json").write_text('{"deep": {"x": [1]}}')
    written = run("secret", "write", "secret/app/db", "user=app", "password=@password", "@more.json")
    assert written.status == 0, written.err
    assert run("secret", "write", "secret/app/db", "user=app", "password=-", "--cas", "1", stdin="typed").status == 0
    assert run("secret", "write", "secret/app/db", "a=b", "--cas", "1").status == 2
    assert run("secret", "read", "secret/app/db", "--field", "password").out == "typed"
    assert run("secret", "read", "secret/app/db", "--version", "1", "--field", "password").out == "from a file\n"
    as_json = run("secret", "read", "secret/app/db", "--format", "json").json
    assert as_json["data"]["data"] == {"user": "app", "password": "typed"}
    as_yaml = yaml.safe_load(run("secret", "read", "secret/app/db", VAULT_FORMAT="yaml").out)
    assert as_yaml["data"]["metadata"]["version"] == 2
    table = run("secret", "read", "secret/app/db").out
    assert "password" in table
    assert "typed" in table
    assert run("secret", "read", "secret/app/db", "--field", "none").status == 1
    assert run("secret", "list", "secret/app").out == "db\n"
    assert run("secret", "list", "secret", "--format", "json").json == ["app/"]
    assert run("kv", "patch", "secret/app/db", "more=1").status == 0
    assert run("secret", "delete", "secret/app/db").status == 0
    gone = run("secret", "read", "secret/app/db")
    assert (gone.status, "svault kv undelete" in gone.err) == (2, True)
    assert run("kv", "undelete", "secret/app/db", "--version", "3").status == 0
    assert run("kv", "rollback", "secret/app/db", "--version", "1").status == 0
    assert run("kv", "get", "secret/app/db", "--field", "deep").out == '{"x": [1]}'
    assert run("kv", "metadata", "put", "secret/app/db", "--custom-metadata", "owner=ops").status == 0
    about = run("kv", "metadata", "get", "secret/app/db", "--format", "json").json["data"]
    assert (about["current_version"], about["custom_metadata"]) == (4, {"owner": "ops"})
    assert "app/db" in run("kv", "search", "secret", "ops").out
    assert run("kv", "destroy", "secret/app/db", "--version", "1", "--yes").status == 0
    assert run("kv", "metadata", "delete", "secret/app/db", "--yes").status == 0


def test_secrets_without_versions_and_any_path(run: Run) -> None:
    assert run("secret", "write", "kv1/a", "-", stdin='{"n": 1, "at": "@x"}').status == 0
    assert run("read", "kv1/a", "--format", "json").json["data"] == {"n": 1, "at": "@x"}
    assert run("write", "kv1/b", r"v=\@literal").status == 0
    assert run("secret", "read", "kv1/b", "--field", "v").out == "@literal"
    assert run("list", "kv1").out == "a\nb\n"
    assert run("delete", "kv1/a").status == 0
    assert run("secrets", "enable", "kv", "--path", "extra").status == 0
    assert run("secrets", "tune", "extra", "--description", "more").status == 0
    assert run("secrets", "move", "extra", "moved").status == 0
    assert run("secrets", "list", "--format", "json").json["moved/"]["description"] == "more"
    assert run("secrets", "disable", "moved").status == 1
    assert run("secrets", "disable", "moved", "--yes").status == 0


def test_transit(run: Run, tmp_path: Path) -> None:
    assert run("transit", "key", "create", "orders").status == 0
    (tmp_path / "order").write_text("ten of them\n")
    sealed = run("transit", "encrypt", "orders", "@order").out.strip()
    assert sealed.startswith("vault:v1:")
    assert run("transit", "decrypt", "orders", "-", stdin=sealed + "\n").out == "ten of them\n"
    assert run("transit", "key", "rotate", "orders").status == 0
    assert run("transit", "rewrap", "orders", sealed).out.startswith("vault:v2:")
    assert run("transit", "key", "create", "signer", "--type", "ml-dsa-65").status == 0
    signature = run("transit", "sign", "signer", "-", stdin="text").out.strip()
    (tmp_path / "signature").write_text(signature)
    assert run("transit", "verify", "signer", "text", "@signature").status == 0
    assert run("transit", "verify", "signer", "other", "@signature").status == 2
    assert run("transit", "hmac", "orders", "text").out.startswith("vault:v2:")
    assert run("transit", "key", "create", "kem", "--type", "ml-kem-768").status == 0
    made = run("transit", "encapsulate", "kem", "--format", "json").json["data"]
    back = run("transit", "decapsulate", "kem", "-", "--format", "json", stdin=made["ciphertext"]).json["data"]
    assert back["shared_secret"] == made["shared_secret"]
    assert run("transit", "key", "list").out == "kem\norders\nsigner\n"


def test_pki(run: Run, tmp_path: Path) -> None:
    assert run("pki", "root", "Example Root", "key_type=ec", "ttl=700h", "--format", "json").status == 0
    assert run("pki", "role", "web", "allowed_domains=example.com", "allow_subdomains=true", "key_type=ec").status == 0
    issued = run("pki", "issue", "web", "a.example.com", "ttl=1h", "--out", "tls")
    assert issued.status == 0, issued.err
    assert (tmp_path / "tls" / "key.pem").stat().st_mode & 0o777 == 0o600
    assert "BEGIN CERTIFICATE" in (tmp_path / "tls" / "cert.pem").read_text()
    serial = run("pki", "issue", "web", "b.example.com", "ttl=1h", "--field", "serial_number").out.strip()
    assert serial in run("pki", "list").out
    assert run("pki", "revoke", serial).status == 0
    assert run("pki", "issue", "web", "other.org").status == 2
    assert "Example" not in run("pki", "issuers", "--format", "yaml").err


def test_policies_and_why(run: Run, tmp_path: Path) -> None:
    (tmp_path / "app.hcl").write_text('path "secret/data/app/*" { capabilities = ["read"] }\n')
    assert run("policy", "fmt", "app.hcl").status == 0
    assert run("policy", "write", "app", "app.hcl").status == 0
    assert run("policy", "write", "app2", "-", stdin='path "x" { capabilities = ["list"] }').status == 0
    assert run("policy", "read", "app").out == (tmp_path / "app.hcl").read_text()
    assert "app\n" in run("policy", "list").out
    allowed = run("policy", "explain", "read", "secret/data/app/x", "--policy", "app")
    assert (allowed.status, allowed.out.startswith("allowed")) == (0, True), allowed
    refused = run("policy", "explain", "delete", "secret/data/app/x", "--policy", "app", "--format", "json")
    assert (refused.status, refused.json["allowed"]) == (2, False)
    token = run("token", "create", "--policy", "app", "--ttl", "1h", "--field", "token").out.strip()
    assert token.startswith("hvs.")
    of_token = run("policy", "explain", "read", "secret/data/other", "--token", "-", stdin=token)
    assert (of_token.status, of_token.out.startswith("refused")) == (2, True), of_token
    assert "read" in run("token", "capabilities", "secret/data/app/x", "-", stdin=token).out
    assert run("policy", "delete", "app").status == 0
    assert run("policy", "read", "app").status == 2


def test_tokens_and_wrapping(run: Run) -> None:
    made = run("token", "create", "--policy", "default", "--ttl", "1h", "--metadata", "a=b", "--format", "json").json
    token, accessor = made["auth"]["client_token"], made["auth"]["accessor"]
    about = run("token", "lookup", "-", "--format", "json", stdin=token).json["data"]
    assert (about["meta"], about["accessor"]) == ({"a": "b"}, accessor)
    assert (
        run("token", "renew", "-", "--increment", "2h", "--format", "json", stdin=token).json["auth"]["lease_duration"]
        == 7200
    )
    assert run("token", "lookup", "--accessor", accessor).status == 0
    assert run("token", "revoke", "--accessor", accessor).status == 0
    assert run("token", "lookup", "-", stdin=token).status == 2
    assert run("token", "revoke").status == 2
    own = run("token", "create", "--orphan", "--policy", "default", "--field", "token").out.strip()
    assert run("token", "revoke", "--self", VAULT_TOKEN=own).status == 0
    wrapped = run("wrap", "a=1", "--ttl", "60s", "--field", "wrapping_token").out.strip()
    assert run("unwrap", "-", "--field", "a", stdin=wrapped).out == "1"
    assert run("unwrap", wrapped).status == 2
    held = run("token", "create", "--policy", "default", "--wrap-ttl", "60s", "--format", "json").json["wrap_info"]
    assert run("unwrap", held["token"], "--format", "json").json["auth"]["accessor"] == held["wrapped_accessor"]


def test_leases(run: Run, server: Server) -> None:
    server.data("POST", "sys/mounts/leasing", json={"type": "pki"})
    server.data("POST", "leasing/root/generate/internal", json={"common_name": "r", "key_type": "ec"})
    role = {"allow_any_name": True, "generate_lease": True, "key_type": "ec", "ttl": "1h"}
    server.data("POST", "leasing/roles/r", json=role)
    leases = [server.ask("POST", "leasing/issue/r", json={"common_name": "a"}).json()["lease_id"] for _ in range(2)]
    assert run("lease", "lookup", leases[0], "--format", "json").json["data"]["id"] == leases[0]
    assert len(run("lease", "list", "leasing/issue/r").out.split()) == 2
    assert run("lease", "renew", leases[0]).status == 2
    assert run("lease", "revoke", leases[0]).status == 0
    assert run("lease", "revoke", "--prefix", "leasing/", "--sync").status == 0
    assert run("lease", "lookup", leases[1]).status == 2


def test_audit(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "audit.log"
    assert run("audit", "enable", "file", f"file_path={file}").status == 0
    assert "file/" in run("audit", "list").out
    run("secret", "list", "secret")
    good = run("audit", "verify", "file")
    assert (good.status, good.out.startswith("intact")) == (0, True)
    lines = file.read_text().splitlines(keepends=True)
    changed = json.loads(lines[1])
    changed["time"] = "2020-01-01T00:00:00Z"
    file.write_text("".join([lines[0], json.dumps(changed, separators=(",", ":")) + "\n", *lines[2:]]))
    bad = run("audit", "verify", "file")
    assert (bad.status, bad.out.startswith("changed")) == (2, True)
    assert f"{file}, line 2: it was changed" in bad.err
    assert run("audit", "disable", "file").status == 0
