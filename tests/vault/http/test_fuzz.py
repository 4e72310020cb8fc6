"""Ill-typed values for every field of every route: refused or taken, never an error of the server."""

import random
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest

from stratumiops.vault.core.envelope import Reply
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.http.incoming import request_of

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault
from .live import Live, Place, open_core

ILL: list[Any] = [
    None, [], {}, 1e308, -1, 0, 2**62, "", "x" * 5_000, {"a": {"b": [1, {"c": None}]}}, [None], [[1]], [{}], True, "\0",
    "é\U0001f600", "-1", "NaN", 2.0**40, "9999999h", ["a", 1], "*", "../..", "a,b,,c", {"": ""}, "AAAA",
    "vault:v1:AAAA", "vault:v99999999999999999999:", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
]  # fmt: skip
GOOD: dict[str, list[Any]] = {
    "type": ["kv", "ecdsa-p256", "service", "batch"], "plaintext": ["AAAA"], "input": ["AAAA"], "data": [{"a": 1}],
    "ciphertext": ["vault:v1:AAAA"], "common_name": ["a.b"], "key_type": ["ec", "ed25519"], "policies": [["default"]],
    "policy": ['path "a" { capabilities = ["read"] }'], "ttl": ["1h"], "password": ["p"], "context": ["AAAA"],
    "batch_input": [[{"plaintext": "AAAA", "input": "AAAA", "ciphertext": "vault:v1:AA"}]], "versions": [[1]],
    "options": [{"version": "2"}, {"cas": 1}], "paths": [["a"]], "path": ["kv2"], "operation": ["read"],
}  # fmt: skip
NAMES = {
    "name": "k", "path": "p", "key": "k", "role": "r", "ref": "default", "username": "u", "hash": "sha2-256", "n": "16",
    "algorithm": "sha2-256", "kind": "encryption-key", "type": "encryption-key", "version": "1", "serial": "01:02",
}  # fmt: skip
ODD_NAMES = [
    {"name": "é", "path": "é/"},
    {"name": "*", "path": "x*?", "version": "9" * 20, "n": "-1"},
    {"path": "a/b/c"},
]
LEFT_OUT = {"POST sys/seal", "POST auth/token/revoke-self", "POST auth/token/revoke", "POST auth/token/revoke-orphan"}
"""They end what the others need."""
MEANT = ("exporting is disallowed on the policy", "plaintext backup is disallowed on the policy", "already exists")
"""OpenBao answers 500 to these, too."""
ROUNDS = 25


class Noting(dict[str, Any]):
    """A body that notes which of its fields are asked for."""

    def __init__(self, values: dict[str, Any], asked: set[str]) -> None:
        super().__init__(values)
        self._asked = asked

    def get(self, key: str, default: Any = None) -> Any:
        self._asked.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self._asked.add(key)
        return super().__getitem__(key)


@pytest.fixture(scope="module")
async def filled() -> Live:
    live = await open_core()
    for method, path, body in things():
        assert (await live.ask(method, path, body)).status < 300, path
    return live


def things() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What the routes find, so that they read more of what they are sent."""
    yield "POST", "transit/keys/k", {"exportable": True}
    yield "POST", "pki/root/generate/internal", {"common_name": "r", "key_type": "ec"}
    yield "POST", "pki/roles/r", {"allow_any_name": True, "key_type": "ec"}
    yield "POST", "kv2/data/p", {"data": {"a": 1}}
    yield "POST", "kv1/p", {"a": 1}
    yield "POST", "auth/approle/role/r", {}
    yield "POST", "auth/userpass/users/u", {"password": "p"}
    yield "POST", "sys/policies/acl/k", {"policy": 'path "a" { capabilities = ["read"] }'}


def places(live: Live) -> list[Place]:
    return [place for place in live.places() if str(place) not in LEFT_OUT]


async def answered(live: Live, place: Place, path: str, body: dict[str, Any], asked: set[str]) -> Reply | None:
    """None: it was refused before it came to the core."""
    headers = {"x-vault-token": live.root, "content-type": "application/merge-patch+json"}
    has_body = place.method in ("POST", "PATCH")
    sent = orjson.dumps(body) if has_body else b""
    try:
        request = request_of(place.method, f"/v1/{path}", "", headers, sent, ("127.0.0.1", 1))
    except BadRequest:
        return None
    request.data = Noting(request.data if has_body else body, asked)
    return await live.core.handle(request)


async def fields_of(live: Live, seed: int) -> dict[str, set[str]]:
    """Fuzzes; the fields that each operation asked for."""
    chance, asked = random.Random(seed), defaultdict[str, set[str]](set)
    for place in places(live):
        known = asked[str(place)]
        for number in range(ROUNDS):
            body = {}
            for name in sorted(known):
                drawn = chance.random()
                if drawn < 0.35:
                    body[name] = chance.choice(ILL)
                elif drawn < 0.75 and name in GOOD:
                    body[name] = chance.choice(GOOD[name])
            names = NAMES if number % 3 else {**NAMES, **chance.choice(ODD_NAMES)}
            found = await answered(live, place, place.filled(**names), body, known)
            if found is not None and found.status >= 500:
                assert any(text in found.body.decode() for text in MEANT), (str(place), body, found.body)
            assert not live.core.sealed, str(place)
    return asked


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_field_of_any_route_is_an_error_of_the_server(filled: Live, seed: int) -> None:
    asked = await fields_of(filled, seed)
    assert sum(map(len, asked.values())) > 400
    assert (await filled.ask("GET", "kv2/config")).status == 200


async def test_the_same_over_http(server: Server, web: httpx.Client, filled: Live) -> None:
    """One field after the other, by names that the core asked for."""
    asked = await fields_of(filled, 3)
    for method, path, body in things():
        server.ask(method, path, json=body)
    sent = 0
    for place in places(filled):
        if place.method not in ("POST", "PATCH") or place.path.startswith("sys/audit/"):
            continue
        headers = {"X-Vault-Token": server.root, "Content-Type": "application/merge-patch+json"}
        for number, name in enumerate(sorted(asked[str(place)])):
            for value in (ILL[number % len(ILL)], ["a", 1], {"a": {"b": []}}):
                found = web.request(
                    place.method, place.filled(**NAMES), headers=headers, content=orjson.dumps({name: value})
                )
                assert found.status_code < 500 or any(text in found.text for text in MEANT), (str(place), name, value)
                sent += 1
    assert sent > 1_000
    assert server.data("GET", "kv1/a/b") == {"v": "of kv1"}
    assert "Traceback" not in server.log.read_text()
