"""The token of a login is renewed as its user or role is now, or not at all: the same as OpenBao says, step by step."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from ..servers import Server, openbao, svault  # noqa: TID252 - servers of all tests of the vault
from .issuer import EC, pem, token

Seen = tuple[int, Any, Any]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    with ExitStack() as stack:
        servers = [
            stack.enter_context(svault(tmp_path_factory.mktemp("svault"))),
            stack.enter_context(openbao(tmp_path_factory.mktemp("openbao"))),
        ]
        for server in servers:
            server.begin()
            for kind in ("userpass", "approle", "jwt"):
                server.data("POST", f"sys/auth/{kind}", json={"type": kind})
            server.data("POST", "auth/jwt/config", json={"jwt_validation_pubkeys": [pem(EC)]})
        yield servers


def _renewed(server: Server, client_token: str, **data: Any) -> Seen:
    found = server.ask("POST", "auth/token/renew-self", token=client_token, json=data)
    body = found.json() if found.content else {}
    auth = body.get("auth") or {}
    lease = auth.get("lease_duration")
    return found.status_code, lease and round(lease, -1), body.get("errors")  # -1: servers take a second to be asked


def _userpass(server: Server) -> Iterator[Seen]:
    def change(**fields: Any) -> None:
        server.data("POST", "auth/userpass/users/joe", json=fields)

    change(password="pw", token_policies="a,b", token_ttl="1h", token_max_ttl="3h")
    made = server.ask("POST", "auth/userpass/login/joe", token="", json={"password": "pw"}).json()["auth"]
    joe = made["client_token"]
    yield _renewed(server, joe)
    change(token_ttl="30m")
    yield _renewed(server, joe)
    yield _renewed(server, joe, increment="2h")
    change(token_max_ttl="200s", token_ttl="100s")
    yield _renewed(server, joe, increment="2h")
    change(token_max_ttl="2h", token_ttl="60s", token_period="70s")
    yield _renewed(server, joe, increment="2h")
    change(token_period=0, token_explicit_max_ttl="100s")
    yield _renewed(server, joe, increment="2h")
    change(token_policies="default,b,a")
    yield _renewed(server, joe)
    for policies in ("a", "a,b,c", ""):
        change(token_policies=policies)
        yield _renewed(server, joe)
    change(token_policies="a,b")
    yield _renewed(server, joe)
    server.data("DELETE", "auth/userpass/users/joe")
    yield _renewed(server, joe)
    assert server.ask("GET", "auth/token/lookup-self", token=joe).status_code == 200


def _approle(server: Server) -> Iterator[Seen]:
    def change(**fields: Any) -> None:
        server.data("POST", "auth/approle/role/app", json=fields)

    change(token_policies="a", token_ttl="1h")
    given = {
        "role_id": server.data("GET", "auth/approle/role/app/role-id")["role_id"],
        "secret_id": server.data("POST", "auth/approle/role/app/secret-id")["secret_id"],
    }
    app = server.ask("POST", "auth/approle/login", token="", json=given).json()["auth"]["client_token"]
    yield _renewed(server, app)
    change(token_policies="b", token_ttl="2h")
    yield _renewed(server, app)
    server.data("DELETE", "auth/approle/role/app")
    yield _renewed(server, app)
    change(token_policies="c", token_ttl="3h")
    yield _renewed(server, app)


def _jwt(server: Server) -> Iterator[Seen]:
    def change(**fields: Any) -> None:
        bound = {"user_claim": "sub", "bound_subject": "joe", "role_type": "jwt"}
        server.data("POST", "auth/jwt/role/ci", json=bound | fields)

    change(token_policies="a", token_ttl="1h")
    claims = {"sub": "joe", "exp": time.time() + 600, "iat": time.time()}
    made = server.ask("POST", "auth/jwt/login", token="", json={"role": "ci", "jwt": token(claims)}).json()["auth"]
    ci = made["client_token"]
    yield _renewed(server, ci)
    change(token_policies="a", token_ttl="2h", bound_subject="somebody else")
    yield _renewed(server, ci)
    change(token_policies="b")
    yield _renewed(server, ci)
    server.data("DELETE", "auth/jwt/role/ci")
    yield _renewed(server, ci)


def _token_role(server: Server) -> Iterator[Seen]:
    server.data("POST", "auth/token/roles/tr", json={"token_period": "1h", "allowed_policies": "default"})
    made = server.ask("POST", "auth/token/create/tr", json={}).json()["auth"]["client_token"]
    yield _renewed(server, made)
    server.data("POST", "auth/token/roles/tr", json={"token_period": "2h"})
    yield _renewed(server, made)
    server.data("POST", "auth/token/roles/tr", json={"token_period": 0, "token_explicit_max_ttl": "50m"})
    yield _renewed(server, made)
    server.data("DELETE", "auth/token/roles/tr")
    yield _renewed(server, made)


@pytest.mark.parametrize("steps", [_userpass, _approle, _jwt, _token_role])
def test_the_same_as_openbao(both: list[Server], steps: Any) -> None:
    ours, theirs = (list(steps(server)) for server in both)
    assert ours == theirs
    assert {status for status, _, _ in ours} > {200}  # the last ones are refused
