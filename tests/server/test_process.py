"""The managed server itself: its own Neo4j, killed, crowded out, and started twice."""

import os
import signal
import socket
import stat
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from tests.ports import unused_port

from stratumiops.graph.errors import Conflict, Unauthenticated, Unavailable
from stratumiops.graph.server import process as process_module
from stratumiops.graph.server.home import Home
from stratumiops.graph.server.locate import locate
from stratumiops.graph.server.ports import answers
from stratumiops.graph.server.process import ManagedNeo4j, PortTaken, orphans
from stratumiops.graph.server.process import running as running_process
from stratumiops.graph.server.readiness import ask
from stratumiops.graph.server.settings import ServerSettings
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.settings import Neo4jSettings

from .conftest import never

pytestmark = [pytest.mark.own_server, pytest.mark.xdist_group("server-process")]
Running = tuple[Home, ManagedNeo4j]
MakeServer = Callable[..., ManagedNeo4j]


def test_it_is_found_and_answers(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEO4J_URI", raising=False)
    home, server = running
    settings = locate(home.root)
    assert settings.uri == f"bolt://127.0.0.1:{server.port}"
    answer = ask(settings)
    assert answer.version == "2026.08.1"
    assert answer.edition == "community"
    assert running_process(home) in orphans(home)


def test_it_listens_on_one_loopback_port_only(running: Running) -> None:
    process = running_process(running[0])
    assert process
    sockets = psutil.Process(process.pid).net_connections()
    listening = [s.laddr for s in sockets if s.status == psutil.CONN_LISTEN]
    assert [address.port for address in listening] == [running[1].port]
    assert listening[0].ip.removeprefix("::ffff:") == "127.0.0.1"
    assert process.listens_on(running[1].port)


def test_a_wrong_password_is_refused(running: Running) -> None:
    with pytest.raises(Unauthenticated):
        ask(Neo4jSettings(running[1].connection().uri, password="wrong"))


async def test_files_and_addresses_cannot_be_loaded(own_database: Database) -> None:
    for source in ("file:///etc/passwd", "http://127.0.0.1:1/x"):
        with pytest.raises(Exception, match="refused a statement"):
            await own_database.read(f"LOAD CSV FROM '{source}' AS row RETURN row")


def test_data_is_private_and_small(running: Running) -> None:
    home = running[0]
    assert stat.S_IMODE(home.neo4j.stat().st_mode) == 0o700
    size = sum(path.stat().st_size for path in home.root.rglob("*") if path.is_file())
    assert size < 20_000_000
    assert home.password() not in "".join(
        path.read_text(errors="replace") for path in home.root.rglob("*.log") if path.is_file()
    )


def test_a_second_server_on_the_same_home_says_why_not(running: Running, make_server: MakeServer) -> None:
    home, first = running
    second = make_server(home.root)
    record = home.record("neo4j").read_text()
    second.start()
    with pytest.raises(Unavailable, match="another process has its data open"):
        second.wait_ready(never)
    home.record("neo4j").write_text(record)
    assert ask(first.connection())


def test_an_option_that_java_does_not_know_is_named(tmp_path: Path, server_settings: ServerSettings) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    settings = replace(server_settings, java_options=("-Xmx384m", "-Xnonsense"))
    server = ManagedNeo4j(home, settings)
    server.start()
    with pytest.raises(Unavailable, match="Unrecognized option: -Xnonsense"):
        server.wait_ready(never)


def test_a_foreign_server_on_our_port_makes_us_take_another(
    running: Running, make_server: MakeServer, tmp_path: Path
) -> None:
    foreign = running[1]
    ours = make_server(tmp_path / "home", foreign.port)
    ours.start()
    assert ours.port > foreign.port
    assert ours.wait_ready(never).database_id != ask(foreign.connection()).database_id


def test_a_foreign_server_that_answers_in_our_place_is_found_out(
    running: Running, make_server: MakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, foreign = running
    ours = make_server(tmp_path / "home")
    Home(tmp_path / "home").credentials.write_text(home.credentials.read_text())
    monkeypatch.setattr(process_module, "free_port", lambda _: foreign.port)  # it came after our look
    ours.start()
    with pytest.raises(Conflict, match="another Neo4j answers"):
        ours.wait_ready(never)


def test_a_port_taken_after_our_look_is_told_apart(make_server: MakeServer, tmp_path: Path) -> None:
    port = unused_port()
    ours = make_server(tmp_path / "home", port)
    ours.start()
    assert ours.port == port
    with socket.create_server(("127.0.0.1", port)), pytest.raises(PortTaken, match="took its port"):
        ours.wait_ready(never, timeout_s=120)


async def test_killed_it_comes_back_with_everything_and_stops_in_time(make_server: MakeServer, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    server = make_server(home.root)
    server.start()
    first = server.wait_ready(never)
    database = Database(server.connection())
    await database.connect()
    await database.write("UNWIND range(1, 500) AS i CREATE (:Kept {i: i})", past_gate=True)
    process = running_process(home)
    assert process
    os.kill(process.pid, signal.SIGKILL)
    while server.poll() is None:
        never(0.01)
    assert server.poll() == -signal.SIGKILL
    server.start()
    assert server.wait_ready(never) == first
    settings = server.connection()
    await database.close()
    database = Database(settings)
    await database.connect()
    assert await database.read_one("MATCH (n:Kept) RETURN count(n)") == 500
    await database.close()
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 10
    assert not answers(server.port)
    assert not home.record("neo4j").exists()


def test_a_pause_that_gives_up_ends_the_wait(make_server: MakeServer, tmp_path: Path) -> None:
    server = make_server(tmp_path / "home")
    server.start()
    with pytest.raises(Unavailable, match="stopped while Neo4j was starting"):
        server.wait_ready(lambda _: True)
