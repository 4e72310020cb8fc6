"""The audit of a real server: SIGHUP, a full disk, and what health says then."""

import json
import signal
from pathlib import Path

from ..servers import Server, svault  # noqa: TID252 - servers of all tests of the vault
from .waiting import until


def hang_up(server: Server) -> None:
    server.process.send_signal(signal.SIGHUP)


def point(link: Path, target: Path) -> None:
    fresh = link.with_name("fresh")
    fresh.symlink_to(target)
    fresh.replace(link)


def test_a_rotated_file_and_a_full_disk(tmp_path: Path) -> None:
    file = tmp_path / "audit.log"
    with svault(tmp_path) as server:
        server.begin()
        server.data("POST", "sys/mounts/kv", json={"type": "kv"})
        server.data("POST", "kv/a", json={"v": "a secret"})
        server.data("PUT", "sys/audit/file", json={"type": "file", "options": {"file_path": str(file)}})

        file.rename(tmp_path / "audit.log.1")
        server.data("GET", "kv/a")  # still in the old file
        assert not file.exists()
        hang_up(server)
        until(file.exists)
        server.data("GET", "kv/a")
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        kinds = [line["type"] for line in lines if line.get("request", {}).get("path") == "kv/a"]
        assert kinds == ["request", "response"]
        assert server.data("POST", "sys/audit-verify/file", json={"file": str(tmp_path / "audit.log.1")})["intact"]

        file.rename(tmp_path / "audit.log.2")
        point(file, Path("/dev/full"))
        hang_up(server)
        until(lambda: server.ask("GET", "kv/a").status_code == 500)
        for method, path in (
            ("GET", "kv/a"),
            ("LIST", "kv/"),
            ("POST", "kv/b"),
            ("GET", "sys/mounts"),
            ("GET", "no/where"),
        ):
            found = server.ask(method, path, **({"json": {"v": "b"}} if method == "POST" else {}))
            assert found.status_code == 500, path
            assert found.json().keys() == {"errors"}
            assert "a secret" not in found.text
        assert server.ask("GET", "kv/a", token="bad").status_code == 500
        health = server.ask("GET", "sys/health")
        assert (health.status_code, health.json()["sealed"]) == (500, False)
        assert "audit" in str(health.json()["problems"])
        assert server.ask("GET", "sys/seal-status").status_code == 200

        point(file, tmp_path / "audit.log.3")
        hang_up(server)
        until(lambda: server.ask("GET", "sys/health").status_code == 200)  # it finds out by itself
        assert server.ask("GET", "kv/a").status_code == 200
        assert server.ask("GET", "kv/b").status_code == 404  # what was refused was not done
        quiet = (tmp_path / "audit.log.3").read_bytes()
        for path in ("sys/health", "sys/seal-status", "sys/leader"):
            assert server.ask("GET", path).status_code == 200
        assert (tmp_path / "audit.log.3").read_bytes() == quiet  # how it stands is no secret, and asked all the time
        shares, root = server.shares, server.root
        point(file, Path("/dev/full"))
        server.kill()
    with svault(tmp_path) as server:  # and it fails closed from the start
        server.shares, server.root = shares, root
        server.unseal()
        assert server.ask("GET", "kv/a").status_code == 500
        assert server.ask("GET", "sys/health").status_code == 500
