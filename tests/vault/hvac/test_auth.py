"""hvac drives the auth methods: token, AppRole, userpass, JWT."""

import time

import hvac
import pytest
from hvac import exceptions
from joserfc import jwt
from joserfc.jwk import ECKey

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault


def test_tokens(client: hvac.Client, server: Server) -> None:
    tokens = client.auth.token
    made = tokens.create(policies=["default"], ttl="1h", meta={"a": "b"}, display_name="x", num_uses=0)["auth"]
    about = tokens.lookup(made["client_token"])["data"]
    assert (about["display_name"], about["meta"], about["orphan"]) == ("token-x", {"a": "b"}, False)
    assert tokens.lookup_accessor(made["accessor"])["data"]["id"] == ""
    assert made["accessor"] in tokens.list_accessors()["data"]["keys"]
    assert tokens.renew(made["client_token"], increment="2h")["auth"]["lease_duration"] == 7200
    assert tokens.renew_accessor(made["accessor"], increment="30m")["auth"]["lease_duration"] == 1800
    own = hvac.Client(url=server.address, token=made["client_token"])
    assert own.auth.token.renew_self(increment="20m")["auth"]["lease_duration"] == 1200
    with pytest.raises(exceptions.Forbidden):  # the default policy does not let it
        own.auth.token.create()
    orphan = tokens.create_orphan(policies=["default"])["auth"]
    assert tokens.lookup(orphan["client_token"])["data"]["orphan"] is True
    own.auth.token.revoke_self()
    with pytest.raises(exceptions.Forbidden, match="bad token"):
        tokens.lookup(made["client_token"])
    tokens.revoke_accessor(orphan["accessor"])
    with pytest.raises(exceptions.InvalidRequest, match="invalid accessor"):
        tokens.lookup_accessor(orphan["accessor"])


def test_families_and_roles_of_tokens(client: hvac.Client, server: Server) -> None:
    tokens = client.auth.token
    parent = tokens.create(policies=["root"])["auth"]["client_token"]
    of_parent = hvac.Client(url=server.address, token=parent).auth.token
    child = of_parent.create(policies=["default"])["auth"]["client_token"]
    left = of_parent.create(policies=["default"])["auth"]["client_token"]
    tokens.revoke(child)
    tokens.revoke_and_orphan_children(parent)
    assert tokens.lookup(left)["data"]["orphan"] is True
    tokens.create_or_update_role("app", allowed_policies=["default"], token_period="1h", orphan=True)
    assert tokens.read_role("app")["data"]["orphan"] is True
    assert tokens.list_roles()["data"]["keys"] == ["app"]
    assert tokens.create(role_name="app")["auth"]["lease_duration"] == 3600
    with pytest.raises(exceptions.InvalidRequest):
        tokens.create(role_name="app", policies=["other"])
    tokens.delete_role("app")
    tokens.tidy()
    batch = tokens.create(policies=["default"], type="batch", ttl="1h")["auth"]
    assert batch["accessor"] == ""
    limited = tokens.create(policies=["default"], num_uses=1)["auth"]["client_token"]
    one = hvac.Client(url=server.address, token=limited)
    assert one.auth.token.lookup_self()["data"]["policies"] == ["default"]
    with pytest.raises(exceptions.Forbidden):
        one.auth.token.lookup_self()


def test_approle(client: hvac.Client, server: Server) -> None:
    client.sys.enable_auth_method("approle")
    approle = client.auth.approle
    approle.create_or_update_approle("app", token_policies=["default"], token_ttl="1h", secret_id_num_uses=2)
    assert approle.list_roles()["data"]["keys"] == ["app"]
    assert approle.read_role("app")["data"]["token_ttl"] == 3600
    approle.update_role_id("app", "role-of-app")
    assert approle.read_role_id("app")["data"]["role_id"] == "role-of-app"
    made = approle.generate_secret_id("app", metadata={"host": "h1"})["data"]
    login = hvac.Client(url=server.address)
    found = login.auth.approle.login("role-of-app", made["secret_id"])
    assert found["auth"]["metadata"] == {"role_name": "app", "host": "h1"}
    assert login.is_authenticated()
    assert approle.read_secret_id("app", made["secret_id"])["data"]["secret_id_num_uses"] == 1
    login.auth.approle.login("role-of-app", made["secret_id"])
    for role, secret in (("role-of-app", made["secret_id"]), ("none", made["secret_id"]), ("role-of-app", "none")):
        with pytest.raises(exceptions.InvalidRequest, match="invalid role or secret ID"):
            hvac.Client(url=server.address).auth.approle.login(role, secret)
    approle.create_custom_secret_id("app", "a-secret-of-ours")
    accessor = approle.list_secret_id_accessors("app")["data"]["keys"][0]
    assert approle.read_secret_id_accessor("app", accessor)["data"]["secret_id_accessor"] == accessor
    approle.destroy_secret_id("app", "a-secret-of-ours")
    other = approle.generate_secret_id("app")["data"]
    approle.destroy_secret_id_accessor("app", other["secret_id_accessor"])
    with pytest.raises(exceptions.InvalidPath):
        approle.list_secret_id_accessors("app")
    approle.delete_role("app")
    client.sys.disable_auth_method("approle")
    assert login.is_authenticated() is False


def test_userpass(client: hvac.Client, server: Server) -> None:
    client.sys.enable_auth_method("userpass")
    users = client.auth.userpass
    users.create_or_update_user("anna", "first password", policies="default")
    assert users.list_user()["data"]["keys"] == ["anna"]
    assert "password" not in users.read_user("anna")["data"]
    users.update_password_on_user("anna", "second password")
    login = hvac.Client(url=server.address)
    assert login.auth.userpass.login("anna", "second password")["auth"]["metadata"] == {"username": "anna"}
    assert login.lookup_token()["data"]["display_name"] == "userpass-anna"
    with pytest.raises(exceptions.InvalidRequest):
        hvac.Client(url=server.address).auth.userpass.login("anna", "first password")
    login.logout(revoke_token=True)
    users.delete_user("anna")
    with pytest.raises(exceptions.InvalidPath):
        users.read_user("anna")
    client.sys.disable_auth_method("userpass")


def test_jwt(client: hvac.Client, server: Server) -> None:
    client.sys.enable_auth_method("jwt")
    key = ECKey.generate_key("P-256")
    public = key.as_pem(private=False).decode()  # type: ignore[union-attr]
    client.auth.jwt.configure(jwt_validation_pubkeys=[public], bound_issuer="issuer")
    assert client.auth.jwt.read_config()["data"]["bound_issuer"] == "issuer"
    client.auth.jwt.create_role(
        "app", user_claim="sub", role_type="jwt", bound_audiences=["vault"], allowed_redirect_uris=[],
        token_policies=["default"],
    )  # fmt: skip
    assert client.auth.jwt.list_roles()["data"]["keys"] == ["app"]
    assert client.auth.jwt.read_role("app")["data"]["user_claim"] == "sub"
    claims = {"sub": "ada", "aud": "vault", "iss": "issuer", "exp": int(time.time()) + 60}
    login = hvac.Client(url=server.address)
    assert login.auth.jwt.jwt_login("app", jwt.encode({"alg": "ES256"}, claims, key))["auth"]["client_token"]
    assert login.is_authenticated()
    forged = jwt.encode({"alg": "ES256"}, claims, ECKey.generate_key("P-256"))
    with pytest.raises(exceptions.InvalidRequest):
        hvac.Client(url=server.address).auth.jwt.jwt_login("app", forged)
    client.auth.jwt.delete_role("app")
    client.sys.disable_auth_method("jwt")
