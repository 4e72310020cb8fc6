"""hvac drives `sys/`."""

import base64
import json
import time
from pathlib import Path

import hvac
import pytest
from hvac import exceptions

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault

READ_APP = 'path "kv/app/*" { capabilities = ["read", "list"] }'


def test_health_and_standing(client: hvac.Client, server: Server) -> None:
    assert client.sys.read_health_status(method="GET")["sealed"] is False
    assert client.sys.read_health_status().status_code == 200
    assert client.sys.read_health_status(active_code=299, method="GET").status_code == 299
    status = client.sys.read_seal_status()
    assert (status["t"], status["n"], status["type"]) == (2, len(server.shares), "shamir")
    assert client.sys.read_init_status() == {"initialized": True}
    assert client.sys.read_leader_status()["ha_enabled"] is False
    assert client.ha_status["ha_enabled"] is False
    assert client.sys.step_down().status_code == 204
    assert client.seal_status["sealed"] is False


def test_mounts(client: hvac.Client) -> None:
    client.sys.enable_secrets_engine("kv", path="team/a", description="a's", options={"version": "1"})
    assert client.sys.list_mounted_secrets_engines()["data"]["team/a/"]["description"] == "a's"
    assert client.sys.retrieve_mount_option("team/a", "version") == "1"
    with pytest.raises(exceptions.InvalidRequest, match="path is already in use at team/a/"):
        client.sys.enable_secrets_engine("kv", path="team/a")
    with pytest.raises(exceptions.InvalidRequest):
        client.sys.enable_secrets_engine("kv", path="team")
    client.sys.tune_mount_configuration("team/a", default_lease_ttl="1h", max_lease_ttl="2h", description="new")
    tuned = client.sys.read_mount_configuration("team/a")["data"]
    assert (tuned["default_lease_ttl"], tuned["max_lease_ttl"], tuned["description"]) == (3600, 7200, "new")
    client.secrets.kv.v1.create_or_update_secret("x", {"a": "1"}, mount_point="team/a")
    client.sys.move_backend("team/a", "team/b")
    assert client.secrets.kv.v1.read_secret("x", mount_point="team/b")["data"] == {"a": "1"}
    with pytest.raises(exceptions.InvalidPath):
        client.secrets.kv.v1.read_secret("x", mount_point="team/a")
    client.sys.disable_secrets_engine("team/b")
    assert "team/b/" not in client.sys.list_mounted_secrets_engines()["data"]


def test_a_tuning_that_is_refused_changes_nothing(client: hvac.Client) -> None:
    client.sys.enable_secrets_engine("kv", path="tuned")
    with pytest.raises(exceptions.InvalidRequest):
        client.sys.tune_mount_configuration("tuned", default_lease_ttl="9999h")
    with pytest.raises(exceptions.InvalidRequest):
        client.sys.tune_mount_configuration("tuned", max_lease_ttl="1h", description="half", default_lease_ttl="2h")
    tuned = client.sys.read_mount_configuration("tuned")["data"]
    assert (tuned["default_lease_ttl"], tuned["max_lease_ttl"], tuned["description"]) == (2764800, 2764800, "")


def test_auth_methods(client: hvac.Client) -> None:
    client.sys.enable_auth_method("userpass", path="people", description="ours")
    client.sys.enable_auth_method("github")
    listed = client.sys.list_auth_methods()["data"]
    assert {"token/", "people/", "github/"} <= listed.keys()
    client.sys.tune_auth_method("people", default_lease_ttl="30m")
    assert client.sys.read_auth_method_tuning("people")["data"]["default_lease_ttl"] == 1800
    with pytest.raises(exceptions.InvalidRequest):
        client.auth.github.login("token")
    client.sys.disable_auth_method("people")
    client.sys.disable_auth_method("github")
    assert "people/" not in client.sys.list_auth_methods()["data"]


def test_policies_and_capabilities(client: hvac.Client) -> None:
    client.sys.create_or_update_policy("app", READ_APP)
    assert client.sys.read_policy("app")["data"]["rules"] == READ_APP
    assert client.sys.read_acl_policy("app")["data"]["policy"] == READ_APP
    client.sys.create_or_update_acl_policy("object", {"path": {"kv/*": {"capabilities": ["delete"]}}})
    assert json.loads(client.sys.read_acl_policy("object")["data"]["policy"])["path"]
    assert {"app", "default", "root"} <= set(client.sys.list_policies()["data"]["policies"])
    assert {"app", "default", "root"} <= set(client.sys.list_acl_policies()["data"]["keys"])
    token = client.auth.token.create(policies=["app"])["auth"]
    asked = client.sys.get_capabilities(["kv/app/x", "kv/other"], token=token["client_token"])
    assert asked["data"]["kv/app/x"] == ["list", "read"]
    assert asked["data"]["kv/other"] == ["deny"]
    assert client.sys.get_capabilities(["kv/app/x"], accessor=token["accessor"])["data"]["kv/app/x"] == ["list", "read"]
    assert client.sys.get_capabilities(["kv/app/x"])["data"]["kv/app/x"] == ["root"]
    with pytest.raises(exceptions.InvalidRequest):
        client.sys.create_or_update_policy("bad", "path {")
    client.sys.delete_policy("app")
    client.sys.delete_acl_policy("object")
    with pytest.raises(exceptions.InvalidPath):
        client.sys.read_policy("app")


def test_audit(client: hvac.Client, tmp_path: Path) -> None:
    client.sys.enable_audit_device("file", path="a", options={"file_path": str(tmp_path / "audit.log")})
    try:
        assert client.sys.list_enabled_audit_devices()["data"]["a/"]["type"] == "file"
        token = client.auth.token.create(policies=["default"], ttl="1h")["auth"]["client_token"]
        digest = client.sys.calculate_hash("a", token)["data"]["hash"]
        assert digest in (tmp_path / "audit.log").read_text()
        assert token not in (tmp_path / "audit.log").read_text()
    finally:
        client.sys.disable_audit_device("a")
    with pytest.raises(exceptions.InvalidRequest, match="unknown audit backend"):
        client.sys.calculate_hash("a", "x")
    with pytest.raises(exceptions.InvalidRequest):  # a file is where a folder should be
        client.sys.enable_audit_device("file", path="b", options={"file_path": str(tmp_path / "audit.log" / "b")})


def test_wrapping(client: hvac.Client, server: Server) -> None:
    wrapped = client.sys.wrap({"a": "1"}, ttl=60)["wrap_info"]["token"]
    with pytest.raises(exceptions.Forbidden):  # a token is needed: the wrapping one, or one beside it
        hvac.Client(url=server.address).sys.unwrap(wrapped)
    assert client.sys.unwrap(wrapped)["data"] == {"a": "1"}
    with pytest.raises(exceptions.InvalidRequest, match="wrapping token is not valid or does not exist"):
        client.sys.unwrap(wrapped)
    token = client.auth.token.create(policies=["default"], wrap_ttl="60s")
    assert token["auth"] is None
    assert token["wrap_info"]["wrapped_accessor"]
    opened = hvac.Client(url=server.address, token=token["wrap_info"]["token"]).sys.unwrap()
    assert opened["auth"]["accessor"] == token["wrap_info"]["wrapped_accessor"]
    reader = hvac.Client(url=server.address, token=client.sys.wrap({"a": "1"})["wrap_info"]["token"])
    with pytest.raises(exceptions.Forbidden):
        reader.auth.token.lookup_self()


def test_leases(client: hvac.Client) -> None:
    client.sys.enable_secrets_engine("pki", path="leasing")
    client.secrets.pki.generate_root("internal", "root", {"key_type": "ec"}, mount_point="leasing")
    role = {"allow_any_name": True, "key_type": "ec", "generate_lease": True, "ttl": "1h"}
    client.secrets.pki.create_or_update_role("r", role, mount_point="leasing")
    leases = [client.secrets.pki.generate_certificate("r", "a", mount_point="leasing")["lease_id"] for _ in range(3)]
    found = client.sys.read_lease(leases[0])["data"]
    assert (found["id"], found["renewable"]) == (leases[0], False)
    assert len(client.sys.list_leases("leasing/issue/r")["data"]["keys"]) == 3
    with pytest.raises(exceptions.InvalidRequest, match="lease is not renewable"):
        client.sys.renew_lease(leases[0])
    client.sys.revoke_lease(leases[0])
    with pytest.raises(exceptions.InvalidRequest, match="invalid lease"):
        client.sys.read_lease(leases[0])
    client.sys.revoke_prefix("leasing/issue")  # done in the background
    with pytest.raises(exceptions.InvalidPath):
        _list_as_long_as_there_are(client, "leasing/issue/r")
    client.sys.revoke_force("leasing/")
    client.sys.disable_secrets_engine("leasing")


def _list_as_long_as_there_are(client: hvac.Client, prefix: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        client.sys.list_leases(prefix)


def test_quotas(client: hvac.Client) -> None:
    client.sys.create_or_update_quota("slow", rate=1000.0, interval="10s", path="")
    assert client.sys.read_quota("slow")["data"]["interval"] == 10
    assert client.sys.list_quotas()["data"]["keys"] == ["slow"]
    client.sys.delete_quota("slow")
    with pytest.raises(exceptions.InvalidPath):
        client.sys.read_quota("slow")


def test_namespaces(client: hvac.Client, server: Server) -> None:
    client.sys.create_namespace("team")
    assert client.sys.list_namespaces()["data"]["keys"] == ["team/"]
    inside = hvac.Client(url=server.address, token=server.root, namespace="team")
    inside.sys.enable_secrets_engine("kv", path="kv", options={"version": "2"})
    inside.secrets.kv.v2.create_or_update_secret("x", {"a": 1}, mount_point="kv")
    inside.sys.create_or_update_policy("all", 'path "*" { capabilities = ["read", "list"] }')
    own = hvac.Client(url=server.address, namespace="team")
    own.token = inside.auth.token.create(policies=["all"])["auth"]["client_token"]
    assert own.secrets.kv.v2.read_secret_version("x", mount_point="kv", raise_on_deleted_version=True)["data"]["data"]
    foreign = hvac.Client(url=server.address, token=own.token)
    with pytest.raises(exceptions.Forbidden):
        foreign.sys.list_mounted_secrets_engines()
    client.sys.delete_namespace("team")
    with pytest.raises(exceptions.InvalidPath):
        inside.sys.list_mounted_secrets_engines()


def test_keys_rotate_rekey_and_root_generation(client: hvac.Client, server: Server) -> None:
    term = client.sys.get_encryption_key_status()["data"]["term"]
    client.sys.rotate_encryption_key()
    assert client.sys.get_encryption_key_status()["data"]["term"] == term + 1

    run = client.sys.start_rekey(secret_shares=2, secret_threshold=2, require_verification=True)
    assert client.sys.read_rekey_progress()["required"] == 2
    done = client.sys.rekey_multi(server.shares, nonce=run["nonce"])
    assert done["complete"] is True
    assert client.sys.rekey_verify_multi(done["keys_base64"], nonce=done["verification_nonce"])["complete"] is True
    server.shares = done["keys_base64"]
    again = client.sys.start_rekey(secret_shares=1, secret_threshold=1, require_verification=True)
    assert client.sys.rekey(server.shares[0], nonce=again["nonce"])["progress"] == 1
    shown = client.sys.rekey(server.shares[1], nonce=again["nonce"])
    assert client.sys.read_rekey_verify_progress()["nonce"] == shown["verification_nonce"]
    assert client.sys.cancel_rekey_verify()["nonce"] != shown["verification_nonce"]
    with pytest.raises(exceptions.InvalidRequest):  # the nonce is another one now
        client.sys.rekey_verify(shown["keys_base64"][0], shown["verification_nonce"])
    with pytest.raises(exceptions.InvalidRequest, match="no backed-up keys found"):
        client.sys.read_backup_keys()
    client.sys.cancel_rekey()
    assert client.sys.read_rekey_progress()["started"] is False

    client.sys.start_root_token_generation()
    client.sys.cancel_root_generation()
    assert client.sys.read_root_generation_progress()["started"] is False
    begun = client.sys.start_root_token_generation()
    assert client.sys.read_root_generation_progress()["started"] is True
    for share in server.shares:
        found = client.sys.generate_root(share, begun["nonce"])
    assert found["complete"] is True
    otp = begun["otp"].encode()
    encoded = base64.b64decode(found["encoded_root_token"] + "==")
    token = bytes(one ^ other for one, other in zip(encoded, otp, strict=True)).decode()
    assert hvac.Client(url=server.address, token=token).auth.token.lookup_self()["data"]["policies"] == ["root"]


def test_seal_and_unseal(client: hvac.Client, server: Server) -> None:
    client.sys.seal()
    assert client.sys.is_sealed() is True
    assert client.sys.read_health_status().status_code == 503
    with pytest.raises(exceptions.VaultDown):
        client.sys.list_mounted_secrets_engines()
    threshold = client.sys.read_seal_status()["t"]
    assert client.sys.submit_unseal_keys(server.shares[:threshold])["sealed"] is False
    assert client.is_authenticated()
