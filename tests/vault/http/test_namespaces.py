"""Who rules a namespace rules nothing outside of it."""

from typing import Any

import pytest

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault

ALL = 'path "*" { capabilities = ["create", "read", "update", "patch", "delete", "list", "sudo"] }'
WITHIN: dict[str, Any] = {"headers": {"X-Vault-Namespace": "ruled"}}


@pytest.fixture
def ruler(server: Server) -> str:
    """A token that may do everything in a new namespace."""
    server.ask("DELETE", "sys/namespaces/ruled")
    server.data("POST", "sys/namespaces/ruled")
    server.data("POST", "sys/policies/acl/ruler", json={"policy": ALL}, **WITHIN)
    made = server.ask("POST", "auth/token/create", json={"policies": ["ruler"]}, **WITHIN).json()
    return str(made["auth"]["client_token"])


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "sys/seal", {}), ("PUT", "sys/rotate", {}), ("GET", "sys/audit", None), ("GET", "sys/key-status", None),
        ("PUT", "sys/audit/a", {"type": "file", "options": {"file_path": "stolen"}}), ("GET", "sys/metrics", None),
        ("POST", "sys/quotas/rate-limit/q", {"rate": 1}),
    ],
)  # fmt: skip
def test_what_is_the_whole_vaults_is_not_in_a_namespace(
    server: Server, ruler: str, method: str, path: str, body: dict[str, Any] | None
) -> None:
    found = server.ask(method, path, token=ruler, json=body, **WITHIN)
    assert (found.status_code, found.json()) == (404, {"errors": ["unsupported path"]})
    assert server.ask(method, path, token=ruler, json=body).status_code in (400, 403)
    assert server.ask("GET", "sys/seal-status").json()["sealed"] is False
    for needs_shares in ("sys/generate-root/attempt", "sys/rekey/init"):
        assert server.ask("PUT", needs_shares, token=ruler, json={}, **WITHIN).status_code == 404


def test_policies_of_a_namespace_are_its_own(server: Server, ruler: str) -> None:
    server.data("POST", "sys/policies/acl/shared", json={"policy": 'path "kv1/a/b" { capabilities = ["deny"] }'})
    outside = server.ask("POST", "auth/token/create", json={"policies": ["shared"]}).json()["auth"]["client_token"]
    server.data("POST", "sys/policies/acl/shared", json={"policy": ALL}, token=ruler, **WITHIN)
    assert server.ask("GET", "kv1/a/b", token=outside).status_code == 403
    assert "deny" in server.data("GET", "sys/policies/acl/shared")["policy"]
    assert "ruler" not in server.data("LIST", "sys/policies/acl")["keys"]
    assert server.data("LIST", "sys/policies/acl", token=ruler, **WITHIN)["keys"] == [
        "default",
        "ruler",
        "shared",
        "root",
    ]
    assert server.data("GET", "sys/mounts", token=ruler, **WITHIN).keys() == {"sys/", "cubbyhole/", "identity/"}


def test_a_namespace_made_anew_has_nothing_of_the_old_one(server: Server, ruler: str) -> None:
    server.data("POST", "sys/mounts/kv", json={"type": "kv"}, token=ruler, **WITHIN)
    server.data("POST", "kv/a", json={"v": "old"}, token=ruler, **WITHIN)
    assert server.ask("DELETE", "sys/namespaces/ruled").status_code == 204
    assert server.ask("GET", "kv/a", token=ruler, **WITHIN).status_code == 404
    server.data("POST", "sys/namespaces/ruled")
    assert server.ask("GET", "kv/a", token=ruler, **WITHIN).status_code == 403
    assert server.data("LIST", "sys/policies/acl", **WITHIN)["keys"] == ["default", "root"]
    server.data("POST", "sys/mounts/kv", json={"type": "kv"}, **WITHIN)
    assert server.ask("GET", "kv/a", **WITHIN).status_code == 404


def test_how_the_vault_is_can_be_asked_anywhere(server: Server) -> None:
    for path in ("sys/health", "sys/seal-status", "sys/leader", "sys/init"):
        assert server.ask("GET", path, token="", headers={"X-Vault-Namespace": "team"}).status_code == 200, path


@pytest.mark.parametrize(
    "wanted",
    [{"type": "batch", "policies": ["reader"]}, {"policies": ["reader"]}, {"policies": ["root"]}],
    ids=["batch", "service", "never ends"],
)
def test_tokens_of_a_namespace_that_is_gone_are_none_of_the_next_with_its_name(
    server: Server, wanted: dict[str, Any]
) -> None:
    here: dict[str, Any] = {"headers": {"X-Vault-Namespace": "reborn"}}

    def begin() -> str:
        server.data("POST", "sys/namespaces/reborn")
        server.data("POST", "sys/policies/acl/reader", json={"policy": ALL}, **here)
        server.data("POST", "sys/mounts/kv", json={"type": "kv"}, **here)
        server.data("POST", "kv/a", json={"v": "here"}, **here)
        return str(server.ask("POST", "auth/token/create", json=wanted, **here).json()["auth"]["client_token"])

    old = begin()
    wrapped = server.ask("GET", "kv/a", token=old, headers={**here["headers"], "X-Vault-Wrap-TTL": "60"}).json()
    assert server.ask("GET", "kv/a", token=old, **here).status_code == 200
    server.data("DELETE", "sys/namespaces/reborn")
    new = begin()
    assert server.ask("GET", "kv/a", token=new, **here).status_code == 200
    assert server.ask("GET", "kv/a", token=old, **here).status_code == 403
    assert server.ask("POST", "auth/token/renew-self", token=old, json={}, **here).status_code == 403
    assert server.ask("POST", "auth/token/lookup", json={"token": old}, **here).status_code == 403
    unwrapped = server.ask("POST", "sys/wrapping/unwrap", json={"token": wrapped["wrap_info"]["token"]}, **here)
    assert unwrapped.status_code == 400
    listed = server.ask("LIST", "auth/token/accessors", **here)
    if wanted.get("type") == "batch":
        assert listed.status_code == 404
    else:
        assert len(listed.json()["data"]["keys"]) == 1
    server.data("DELETE", "sys/namespaces/reborn")
