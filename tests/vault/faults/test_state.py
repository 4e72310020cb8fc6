"""A storage that was put back or changed is noticed."""

from collections.abc import Callable
from pathlib import Path

from tests.vault.faults.lives import Lives
from tests.vault.storage.kept import Kept


def test_a_storage_that_was_put_back(tmp_path: Path, kept: Kept) -> None:
    lives = Lives(tmp_path, kept)
    with lives.life(unsealed=False) as server:
        lives.begin(server)
        server.data("POST", "sys/mounts/kv", json={"type": "kv"})
        server.data("POST", "kv/a", json={"v": "old"})
        older = kept.entries()
        server.data("POST", "kv/a", json={"v": "new"})
        server.kill()
    kept.put(older)
    with lives.life(unsealed=False) as server:
        for _ in range(2):  # and it stays refused
            found = [server.ask("PUT", "sys/unseal", json={"key": share}) for share in server.shares[:2]]
            assert found[1].status_code == 500
            text = found[1].json()["errors"][0]
            assert "put back to an older state" in text
            assert "accept_rollback" in text
            numbers = [int(word.rstrip(",;")) for word in text.split() if word.rstrip(",;").isdecimal()]
            assert len(numbers) == 2
            assert numbers[0] < numbers[1]
        assert server.ask("GET", "sys/seal-status").json()["sealed"] is True
        assert server.ask("GET", "kv/a").status_code == 503
        for share in server.shares[:2]:
            opened = server.ask("PUT", "sys/unseal", json={"key": share, "accept_rollback": True})
        assert opened.json()["sealed"] is False
        assert opened.json()["warnings"]
        assert server.data("GET", "kv/a") == {"v": "old"}
        server.data("POST", "kv/a", json={"v": "newer"})
    with lives.life() as server:
        assert server.data("GET", "kv/a") == {"v": "newer"}
        assert "warnings" not in server.ask("GET", "sys/seal-status").json()


def flipped(value: bytes, at: int) -> bytes:
    changed = bytearray(value)
    changed[at] ^= 1
    return bytes(changed)


def test_changed_bytes_are_an_error_and_never_wrong_data(tmp_path: Path, kept: Kept) -> None:
    names = ("first", "middle", "last", "cut", "empty", "swapped", "other", "stale", "whole")
    lives = Lives(tmp_path, kept)
    with lives.life(unsealed=False) as server:
        lives.begin(server)
        server.data("POST", "sys/mounts/kv", json={"type": "kv"})
        before = set(kept.entries())
        for name in names:
            server.data("POST", f"kv/{name}", json={"v": name})
        stale = kept.entries()
        server.data("POST", "kv/stale", json={"v": "newer"})
    found = kept.entries()
    rows = {key.rpartition("/")[2]: key for key in found if key not in before}
    assert rows.keys() == set(names)
    value = {name: found[row] for name, row in rows.items()}
    assert stale[rows["stale"]] != value["stale"]
    changed = {
        "first": flipped(value["first"], 0), "middle": flipped(value["middle"], len(value["middle"]) // 2),
        "last": flipped(value["last"], -1), "cut": value["cut"][:-1], "empty": b"", "swapped": value["other"],
        "other": value["swapped"],
    }  # fmt: skip
    kept.put(found | {rows[name]: bad for name, bad in changed.items()})
    with lives.life() as server:
        for name in changed:
            answer = server.ask("GET", f"kv/{name}")
            assert answer.status_code == 500, name
            assert "data" not in answer.json()
            assert answer.json()["errors"]
        assert server.data("GET", "kv/whole") == {"v": "whole"}
        assert server.data("GET", "kv/stale") == {"v": "newer"}
        server.data("POST", "kv/first", json={"v": "mended"})
        assert server.data("GET", "kv/first") == {"v": "mended"}


def test_a_changed_keyring_does_not_open(tmp_path: Path, keep: Callable[[str], Kept]) -> None:
    kept = keep("filesystem")
    lives = Lives(tmp_path, kept)
    with lives.life(unsealed=False) as server:
        lives.begin(server)
    found = kept.entries()
    core = [key for key in found if not key.startswith(("core/", "logical/"))]
    assert core
    kept.put(found | {key: flipped(found[key], -1) for key in core})
    with lives.life(unsealed=False) as server:
        for share in server.shares[:2]:
            answer = server.ask("PUT", "sys/unseal", json={"key": share})
        assert answer.status_code in (400, 500)
        assert answer.json()["errors"]
        assert server.ask("GET", "sys/health").status_code in (500, 501, 503)
