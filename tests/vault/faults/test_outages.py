"""The server behind a storage goes, hangs and comes back: errors that say so, nothing by half, no restart needed."""

import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.vault.faults.lives import Lives
from tests.vault.faults.waiting import until
from tests.vault.servers import Server
from tests.vault.storage.kept import Etcd, Kept, Postgresql, Served
from tests.vault.storage.servers import EtcdServer, PostgresqlServer, etcd_server, postgresql_server

LATE = 4


@pytest.fixture(params=["etcd", "postgresql", "neo4j"])
def served(request: pytest.FixtureRequest, keep: Callable[[str], Kept]) -> Served:
    found = keep(request.param)
    assert isinstance(found, Served)
    return found


def refused(server: Server) -> None:
    """What needs the storage is an error that says so; how the vault is, is told at once."""
    for method, path, body in (
        ("GET", "kv/never-read", None),
        ("LIST", "kv/", None),
        ("POST", "kv/refused", {"v": "refused"}),
        ("POST", "auth/token/create", {"policies": ["default"]}),
        ("POST", "sys/mounts/other", {"type": "kv"}),
        ("PUT", "sys/rotate", None),
    ):
        found = server.ask(method, path, json=body) if body is not None else server.ask(method, path)
        assert found.status_code == 500, (method, path, found.text)
        assert found.json().keys() == {"errors"}
        assert found.json()["errors"]
        begin = time.monotonic()
        assert server.ask("GET", "sys/health").status_code == 200
        assert server.ask("GET", "sys/seal-status").json()["sealed"] is False
        assert time.monotonic() - begin < 2


def test_it_goes_and_comes_back(tmp_path: Path, served: Served) -> None:
    with served.proxy() as proxy:
        served.through(proxy)
        lives = Lives(tmp_path, served, doomed=True)
        with lives.life(unsealed=False) as server:
            lives.begin(server)
            server.data("POST", "sys/mounts/kv", json={"type": "kv"})
            server.data("POST", "kv/a", json={"v": "before"})
            proxy.cut()
            refused(server)
            proxy.mend()
            until(lambda: server.ask("POST", "kv/b", json={"v": "after"}).is_success)
            assert server.data("GET", "kv/a") == {"v": "before"}
            assert server.ask("GET", "kv/refused").status_code == 404
            assert "other/" not in server.data("GET", "sys/mounts")
            server.data("POST", "sys/mounts/other", json={"type": "kv"})
            server.kill()
        with lives.life() as server:
            assert (server.data("GET", "kv/a"), server.data("GET", "kv/b")) == ({"v": "before"}, {"v": "after"})
            assert "other/" in server.data("GET", "sys/mounts")


def test_it_hangs_and_goes_on(tmp_path: Path, served: Served) -> None:
    """What was sent while it hung may be done later, but not after what was acknowledged or read since."""
    with served.proxy() as proxy:
        served.through(proxy)
        lives = Lives(tmp_path, served, doomed=True)
        with lives.life(unsealed=False) as server:
            lives.begin(server)
            server.data("POST", "sys/mounts/kv", json={"type": "kv"})
            server.data("POST", "kv/a", json={"v": "before"})
            proxy.hold()
            with ThreadPoolExecutor(LATE) as pool:
                sent = [pool.submit(server.ask, "POST", "kv/a", json={"v": f"late-{n}"}) for n in range(LATE)]
                assert server.ask("GET", "sys/health").status_code == 200
                assert [one.result().status_code for one in sent] == [500] * LATE
            proxy.pass_new()
            for _ in range(2):  # a connection that was idle hangs, too
                read = server.ask("GET", "kv/a")
            proxy.let_go()
            until(lambda: server.ask("GET", "kv/a").is_success)
            seen = server.data("GET", "kv/a")
            assert read.status_code == 500 or read.json()["data"] == seen
            server.kill()
        with lives.life() as server:
            assert server.data("GET", "kv/a") == seen
            proxy.hold()
            assert server.ask("POST", "kv/a", json={"v": "late"}).status_code == 500
            proxy.pass_new()
            written = server.ask("POST", "kv/a", json={"v": "newest"}).is_success
            proxy.let_go()
            until(lambda: written or server.ask("POST", "kv/a", json={"v": "newest"}).is_success)
            server.kill()
        with lives.life() as server:
            assert server.data("GET", "kv/a") == {"v": "newest"}
            proxy.hold()
            begin = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(20) == 0
            assert time.monotonic() - begin < 8
            proxy.let_go()


@pytest.fixture(params=["etcd", "postgresql"])
def own(request: pytest.FixtureRequest) -> Iterator[tuple[Kept, EtcdServer | PostgresqlServer]]:
    """A storage with a server that no other test uses."""
    with tempfile.TemporaryDirectory(prefix="svault-own-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if request.param == "etcd":
            with etcd_server(folder) as etcd:
                yield Etcd("own", etcd.address, folder), etcd
        else:
            with postgresql_server(folder) as postgresql:
                yield Postgresql("own", postgresql.address, folder), postgresql


def test_its_server_is_killed_and_started_again(
    tmp_path: Path, own: tuple[Kept, EtcdServer | PostgresqlServer]
) -> None:
    kept, backing = own
    lives = Lives(tmp_path, kept, doomed=True)
    acknowledged: list[str] = []
    refused: list[int] = []
    enough = threading.Event()

    def write(server: Server) -> None:
        number = 0
        while not enough.is_set():
            number += 1
            found = server.ask("POST", f"kv/{number}", json={"v": f"{number}"})
            if found.is_success:
                acknowledged.append(f"{number}")
            else:
                refused.append(found.status_code)

    with lives.life(unsealed=False) as server, ThreadPoolExecutor(1) as pool:
        lives.begin(server)
        server.data("POST", "sys/mounts/kv", json={"type": "kv"})
        writing = pool.submit(write, server)
        try:
            until(lambda: len(acknowledged) > 10)
            backing.kill()
            until(lambda: len(refused) > 2)
            backing.start()
            before = len(acknowledged)
            until(lambda: len(acknowledged) > before + 10)
        finally:
            enough.set()
        writing.result()
        assert set(refused) == {500}
        server.kill()
    with lives.life() as server:
        for name in acknowledged:
            assert server.data("GET", f"kv/{name}") == {"v": name}
