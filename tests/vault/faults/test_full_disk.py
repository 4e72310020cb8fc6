"""A disk that is full: what writes is refused, what reads is answered, and when there is room again all goes on."""

import resource
from collections.abc import Callable
from pathlib import Path

from tests.vault.faults.lives import Lives
from tests.vault.storage.kept import Kept

WRITES = [
    ("POST", "kv/refused", {"v": "1"}),
    ("DELETE", "kv/a", None),
    ("POST", "auth/token/create", {"policies": ["default"]}),
    ("POST", "transit/keys/k/rotate", None),
    ("POST", "sys/mounts/other", {"type": "kv"}),
    ("PUT", "sys/policies/acl/p", {"policy": 'path "a" { capabilities = ["read"] }'}),
    ("PUT", "sys/rotate", None),
]


def test_it_goes_on_when_there_is_room(tmp_path: Path, keep: Callable[[str], Kept]) -> None:
    kept = keep("filesystem")
    lives = Lives(tmp_path, kept)
    with lives.life(unsealed=False) as server:
        lives.begin(server)
        for kind in ("kv", "transit"):
            server.data("POST", f"sys/mounts/{kind}", json={"type": kind})
        server.data("POST", "transit/keys/k")
        server.data("POST", "kv/a", json={"v": "a"})
        largest = max(file.stat().st_size for file in kept.files())
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
        for method, path, body in WRITES:
            found = server.ask(method, path, **({} if body is None else {"json": body}))
            assert found.status_code == 500, (method, path, found.text)
            assert "the storage cannot be written" in found.json()["errors"][0]
        assert server.data("GET", "kv/a") == {"v": "a"}
        assert server.data("GET", "transit/keys/k")["latest_version"] == 1
        assert server.ask("GET", "sys/health").status_code == 200
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, unlimited)
        server.data("POST", "kv/b", json={"v": "b"})
        server.kill()
    with lives.life() as server:
        assert [server.data("GET", f"kv/{name}") for name in "ab"] == [{"v": "a"}, {"v": "b"}]
        assert server.ask("GET", "kv/refused").status_code == 404
        assert server.data("GET", "transit/keys/k")["latest_version"] == 1
        assert server.data("GET", "sys/key-status")["term"] == 1
        assert "other/" not in server.data("GET", "sys/mounts")
