"""Paths in every encoding never lead to another secret; tokens count only where they belong."""

import pytest

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault
from .wire import head, sent

BAD = [
    "kv1/x/../a/b", "kv1/x/%2e%2e/a/b", "kv1/x/..%2fa/b", "kv1/x%2f..%2fa%2fb", "kv1/x/.%2e/a/b", "kv1/./a/b",
    "sys/../kv1/a/b", "%2e%2e/v1/kv1/a/b", "kv1/a%00b", "kv1/a/b%00", "kv1/a/b%0a", "kv1/a/b%0d%0aX:y", "kv1/a/b%7f",
    "kv1/a%c2%85b", "kv1/%c0%ae%c0%ae/a/b", "kv1/a/%ff", "kv1/a/b%1b", "team/../kv1/a/b", "kv1/a/b/..", "kv1/..",
]  # fmt: skip
OTHER = [
    "kv1/%252e%252e/a/b",
    "kv1/a\\b",
    "KV1/a/b",
    "kv1/A/b",
    "kv1/a/b/",
    "kv1/a/b%20",
    "kv1/.../b",
    "kv1/a;/b",
    "kv1/a/b;x",
]
SAME = ["kv1/a/b", "kv1//a/b", "kv1/a//b", "/kv1/a/b", "kv1/a%2fb", "kv1/%61/b", "kv1/a/b?x=../..", "kv1/a/b?version=1"]


@pytest.mark.parametrize("path", BAD)
def test_paths_that_are_none(server: Server, path: str) -> None:
    found = sent(server, head("GET", path, server.root))
    assert found.status == 400
    assert b"of kv1" not in found.body
    assert found.json["errors"]


@pytest.mark.parametrize("path", OTHER)
def test_paths_where_nothing_is(server: Server, path: str) -> None:
    found = sent(server, head("GET", path, server.root))
    assert found.status == 404
    assert b"of kv1" not in found.body


@pytest.mark.parametrize("path", SAME)
def test_paths_of_the_secret(server: Server, path: str) -> None:
    assert sent(server, head("GET", path, server.root)).json["data"] == {"v": "of kv1"}


@pytest.fixture(scope="module")
def limited(server: Server) -> str:
    rules = 'path "kv1/*" { capabilities = ["read"] }\npath "kv1/a/b" { capabilities = ["deny"] }'
    server.data("POST", "sys/policies/acl/limited", json={"policy": rules})
    made = server.ask("POST", "auth/token/create", json={"policies": ["limited"]}).json()
    return str(made["auth"]["client_token"])


@pytest.mark.parametrize("path", SAME)
def test_a_policy_is_judged_on_the_path_that_the_engine_gets(server: Server, limited: str, path: str) -> None:
    assert sent(server, head("GET", path, limited)).status == 403


def test_a_token_counts_once_and_only_as_a_header(server: Server) -> None:
    root, at = server.root, "kv1/a/b"
    good, bad = f"X-Vault-Token: {root}", "X-Vault-Token: bad"
    assert sent(server, head("GET", at, "", good, bad)).status == 200
    assert sent(server, head("GET", at, "", bad, good)).status == 403
    assert sent(server, head("GET", at, "", f"Authorization: Bearer {root}")).status == 200
    assert sent(server, head("GET", at, "", f"Authorization: Basic {root}")).status == 403
    assert sent(server, head("GET", at, "", bad, f"Authorization: Bearer {root}")).status == 403
    assert sent(server, head("GET", f"{at}?token={root}&X-Vault-Token={root}")).status == 403
    assert sent(server, head("GET", at, "", f"Cookie: token={root}; X-Vault-Token={root}")).status == 403
    body = f'{{"token":"{root}","client_token":"{root}"}}'.encode()
    assert sent(server, head("POST", at, "", f"Content-Length: {len(body)}") + body).status == 403
    for odd in ("a\x01b", f"{root}\x00", f"{root}\x7f"):
        assert sent(server, head("GET", at, odd)).status == 400
    assert sent(server, head("GET", at, root + "x" * 10_000)).status == 403
    assert sent(server, head("GET", at, root[:-1])).status == 403
