"""Every route refuses tokens that are none, bad, revoked, expired, used up, or of another namespace."""

import time
from pathlib import Path

import httpx
import pytest

from ..servers import Server, svault  # noqa: TID252 - servers of all tests of the vault
from .live import Live, Place

KINDS = ("none", "bad", "revoked", "expired", "used up", "foreign", "wrapping", "powerless")
_OWN = ("sys/wrapping/", "auth/token/lookup-self", "auth/token/renew-self", "auth/token/revoke-self", "cubbyhole/",
        "sys/capabilities-self", "sys/internal/ui/", "sys/leases/", "sys/renew", "sys/tools", "identity/")  # fmt: skip
"""What the policy `default` allows, or what a wrapping token does."""


@pytest.fixture(scope="module")
def tokens(server: Server) -> dict[str, str]:
    def made(**fields: object) -> str:
        body = {"policies": ["default"], **fields}
        return str(server.ask("POST", "auth/token/create", json=body).json()["auth"]["client_token"])

    revoked, expired, used = made(), made(ttl="1s", policies=["root"]), made(num_uses=1)
    server.data("POST", "auth/token/revoke", json={"token": revoked})
    assert server.ask("GET", "auth/token/lookup-self", token=used).status_code == 200
    inside = {"headers": {"X-Vault-Namespace": "team"}}
    server.data(
        "POST", "sys/policies/acl/all", json={"policy": 'path "*" { capabilities = ["read", "sudo"] }'}, **inside
    )
    foreign = server.ask("POST", "auth/token/create", json={"policies": ["all"]}, **inside).json()["auth"][
        "client_token"
    ]
    assert server.ask("GET", "sys/mounts", token=foreign, **inside).status_code == 200
    wrapped = server.ask("POST", "sys/wrapping/wrap", json={"a": 1}, headers={"X-Vault-Wrap-TTL": "600"}).json()
    deadline = time.monotonic() + 30
    while server.ask("GET", "auth/token/lookup-self", token=expired).status_code != 403:
        assert time.monotonic() < deadline
    return {
        "none": "", "bad": "hvs.bad", "revoked": revoked, "expired": expired, "used up": used, "foreign": foreign,
        "wrapping": wrapped["wrap_info"]["token"], "powerless": made(no_default_policy=True, policies=["nothing"]),
    }  # fmt: skip


def asked(web: httpx.Client, place: Place, token: str) -> httpx.Response:
    headers = {"X-Vault-Token": token} if token else {}
    if place.method == "PATCH":
        headers["Content-Type"] = "application/merge-patch+json"
    body = b"{}" if place.method in ("POST", "PATCH") else b""
    return web.request(place.method, place.filled(), headers=headers, content=body)


@pytest.mark.parametrize("kind", KINDS)
def test_refused_on_every_route(
    server: Server, web: httpx.Client, live: Live, tokens: dict[str, str], kind: str
) -> None:
    seen = 0
    for place in live.places():
        if place.route.public or (kind in ("wrapping", "powerless") and place.path.startswith(_OWN)):
            continue
        found = asked(web, place, tokens[kind])
        assert found.status_code == 403, (str(place), found.text)
        assert "permission denied" in found.text, (str(place), found.text)
        assert found.headers["cache-control"] == "no-store"
        seen += 1
    assert seen > 250
    assert server.ask("GET", "sys/seal-status").json()["sealed"] is False


def test_an_unknown_path_is_refused_before_it_is_looked_up(server: Server) -> None:
    assert server.ask("GET", "nowhere/x", token="").status_code == 403
    found = server.ask("GET", "nowhere/x")
    assert (found.status_code, found.json()) == (
        404, {"errors": ['no handler for route "nowhere/x". route entry not found.']},
    )  # fmt: skip
    assert server.ask("GET", "transit/nowhere").json() == {"errors": ["unsupported path"]}


def test_a_namespace_that_is_not_there(server: Server) -> None:
    for name in ("none", "team/none", "%2e%2e", "Team"):
        assert server.ask("GET", "kv1/a/b", headers={"X-Vault-Namespace": name}).status_code == 404, name
    for name in ("../x", "a/../team", "."):
        assert server.ask("GET", "kv1/a/b", headers={"X-Vault-Namespace": name}).status_code == 400, name
    for name in ("/", "root", ""):
        assert server.ask("GET", "kv1/a/b", headers={"X-Vault-Namespace": name}).status_code == 200, name
    by_path = server.ask("GET", "team/sys/mounts")
    assert (
        by_path.json()["data"] == server.ask("GET", "sys/mounts", headers={"X-Vault-Namespace": "team"}).json()["data"]
    )
    assert "kv1/" not in by_path.json()["data"]


@pytest.mark.parametrize(
    "ttl", ["abc", "-1", "1e9", "nan", "1h1", "9223372036854775807", "99999999999999999999", "1 s"]
)
def test_wrap_ttls_that_are_none(server: Server, ttl: str) -> None:
    found = server.ask("GET", "kv1/a/b", headers={"X-Vault-Wrap-TTL": ttl})
    assert found.status_code == 400
    assert "of kv1" not in found.text


@pytest.mark.parametrize("ttl", ["60", "60s", "1m"])
def test_wrap_ttls(server: Server, ttl: str) -> None:
    found = server.ask("GET", "kv1/a/b", headers={"X-Vault-Wrap-TTL": ttl}).json()
    assert (found["data"], found["wrap_info"]["ttl"], found["request_id"]) == (None, 60, "")


def test_sealed_on_every_route(tmp_path: Path, live: Live) -> None:
    open_while_sealed = (
        "sys/health",
        "sys/init",
        "sys/seal-status",
        "sys/unseal",
        "sys/rekey/",
        "sys/leader",
        "sys/generate-root",
    )
    with svault(tmp_path) as sealed, httpx.Client(base_url=f"{sealed.address}/v1/", timeout=60) as web:
        for place in live.places():
            found = asked(web, place, "hvs.x")
            if place.path.startswith(open_while_sealed):
                assert found.status_code != 500, str(place)
            else:
                assert (found.status_code, found.json()) == (503, {"errors": ["Vault is sealed"]}), str(place)
