"""`sys/policies/explain` says the same over every storage, and after a restart."""

from pathlib import Path
from typing import Any

from tests.vault.faults.lives import CONFIG, Lives
from tests.vault.servers import Server, svault
from tests.vault.storage.kept import Kept

OPS = 'path "kv/*" { capabilities = ["read"] }\npath "kv/db" { capabilities = ["deny"] }\n'
NIGHT = '@id("night") forbid(principal, action, resource) when { context.time.hour < 6 };'
QUESTIONS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"path": "kv/db", "operation": "read"},
        {"allowed": False, "decided_by": {"policy": "ops", "kind": "acl", "rule": "kv/db", "line": 2}},
    ),
    (
        {"path": "kv/a", "operation": "read", "context": {"time": 12 * 3600}},
        {"allowed": True, "decided_by": {"policy": "ops", "kind": "acl", "rule": "kv/*", "line": 1}},
    ),
    (
        {"path": "kv/a", "operation": "read", "context": {"time": 3 * 3600}},
        {"allowed": False, "decided_by": {"policy": "hours", "kind": "cedar", "rule": "night", "line": 1}},
    ),
    ({"path": "other", "operation": "read"}, {"allowed": False, "decided_by": None}),
]


def written(server: Server) -> str:
    """Policies, and a token that has them."""
    server.data("PUT", "sys/policies/acl/ops", json={"policy": OPS})
    server.data("PUT", "sys/policies/cedar/hours", json={"policy": NIGHT})
    made = server.ask("POST", "auth/token/create", json={"policies": ["ops", "hours"], "no_default_policy": True})
    return str(made.json()["auth"]["client_token"])


def explained(server: Server, token: str) -> list[dict[str, Any]]:
    found = []
    for question, expected in QUESTIONS:
        answer = server.data("POST", "sys/policies/explain", json=question | {"token": token})
        assert {name: answer[name] for name in expected} == expected
        found.append(answer)
    return found


def test_in_memory(tmp_path: Path) -> None:
    with svault(tmp_path, CONFIG + '[storage]\nbackend = "memory"\n') as server:
        server.begin()
        explained(server, written(server))


def test_after_a_restart(tmp_path: Path, kept: Kept) -> None:
    lives = Lives(tmp_path, kept)
    with lives.life(unsealed=False) as server:
        lives.begin(server)
        token = written(server)
        before = explained(server, token)
        server.kill()
    with lives.life() as server:
        assert explained(server, token) == before
