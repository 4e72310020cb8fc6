"""The command line itself: quick, clear, the same for programs and people. Nothing is started here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from stratumiops.graph.server.settings import ServerSettings
from stratumiops.ui.cli.platform.backoff import MOST_S, BackOff
from stratumiops.ui.cli.platform.commands import app

from .conftest import Command, clean_environment, make_command

HEAVY = ("neo4j", "neomodel", "fastapi", "strawberry", "httpx", "psutil", "rich", "pydantic", "uvicorn")
NAMES = ("up", "down", "status", "logs", "doctor", "backup", "restore", "version", "neo4j")


@pytest.fixture
def idle(tmp_path: Path) -> Command:
    return make_command(tmp_path)


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys, json; sys.argv = ['stratumiops', '--help']\n"
        "from stratumiops.ui.cli.platform import main\n"
        "try: main()\nexcept SystemExit: print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=clean_environment()
    )
    *shown, modules = done.stdout.splitlines()
    assert not set(HEAVY) & {name.split(".")[0] for name in json.loads(modules)}
    assert all(any(line.strip().startswith(name) for line in shown) for name in NAMES)


def test_every_command_has_help_with_an_example() -> None:
    commands = [*app.registered_commands]
    assert {c.callback.__name__ for c in commands if c.callback} == set(NAMES) - {"neo4j"}
    for command in commands:
        assert command.callback
        assert command.callback.__doc__
        assert "Example" in (command.epilog or "")


def test_version_names_the_parts(idle: Command) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "stratumiops.ui.cli.platform", "version", "--json"],
        capture_output=True,
        text=True,
        check=True,
        env=idle.environ,
    )
    found = json.loads(done.stdout)
    assert found["neo4j"] == "2026.08.1"
    assert found["schema"] >= 1
    assert found["python"] == sys.version.split()[0]


def test_status_of_nothing(idle: Command) -> None:
    found = idle.json("status", status=6)
    assert found["ready"] is False
    assert {found[part]["state"] for part in ("supervisor", "neo4j", "api")} == {"stopped"}


def test_down_of_nothing_is_no_error(idle: Command) -> None:
    assert "nothing is running" in idle.run("down")


def test_logs_of_nothing(idle: Command) -> None:
    assert "there is no log of api" in idle.run("logs", "api", status=3)


def test_backup_needs_a_running_server(idle: Command, tmp_path: Path) -> None:
    said = idle.run("backup", str(tmp_path / "x.backup"), status=6)
    assert "no Neo4j is running" in said
    assert "stratumiops up" in said
    assert not (tmp_path / "x.backup").exists()


def test_an_error_is_one_json_object_for_programs(idle: Command, tmp_path: Path) -> None:
    process = idle.start("backup", str(tmp_path / "x.backup"), "--json")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 6
    assert json.loads(out or err)["error"]["code"] == "UNAVAILABLE"


def test_wrong_usage_is_status_2(idle: Command) -> None:
    idle.run("up", "--port", "99999", status=2)
    idle.run("restore", "/no/such/file", status=2)
    idle.run("logs", "kitchen", status=2)


def test_no_colours_where_none_are_wanted(idle: Command) -> None:
    assert "\x1b" not in idle.run("doctor", NO_COLOR="1")
    assert "\x1b" not in idle.run("status", status=6, NO_COLOR="1")


def checks(idle: Command, status: int = 1, **environ: str) -> dict[str, dict[str, str]]:
    found = idle.json("doctor", status=status, **environ)
    assert found["ok"] is (status == 0)
    return {check["name"]: check for check in found["checks"]}


def test_doctor_of_a_new_home_finds_no_fault(idle: Command) -> None:
    found = checks(idle, status=0)
    assert found["home"]["verdict"] == "note"
    assert found["supervisor"]["mend"] == "`stratumiops up` starts it"


def test_doctor_sees_an_open_home_and_says_how_to_close_it(idle: Command) -> None:
    idle.home.mkdir()
    idle.home.chmod(0o755)
    found = checks(idle)["home"]
    assert found["verdict"] == "wrong"
    assert found["mend"] == f"`chmod 700 {idle.home}`"


def test_doctor_sees_open_and_damaged_credentials(idle: Command) -> None:
    idle.home.mkdir(mode=0o700)
    file = idle.home / "credentials.json"
    file.write_text('{"user": "neo4j", "password": "x"}')
    file.chmod(0o644)
    assert checks(idle)["credentials"]["mend"] == f"`chmod 600 {file}`"
    file.write_text("{")
    assert "is damaged" in checks(idle)["credentials"]["found"]


def test_doctor_sees_data_without_credentials(idle: Command) -> None:
    (idle.home / "neo4j" / "data" / "databases" / "neo4j").mkdir(parents=True)
    idle.home.chmod(0o700)
    assert "is gone, but there is data" in checks(idle)["credentials"]["found"]


def test_doctor_sees_a_damaged_cache(idle: Command, tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "neo4j-2026.08.1" / "jars"
    folder.mkdir(parents=True)
    (folder / "picocli-4.7.7.jar").write_bytes(b"cut")
    assert checks(idle, status=0, STRATUMIOPS_CACHE=str(tmp_path / "cache"))["neo4j files"]["verdict"] == "note"
    (folder.parent / ".complete").write_text("x")
    from stratumiops.graph.server.jars import load_lock

    jar = min(load_lock().jars, key=lambda jar: jar.size)
    (folder / jar.name).write_bytes(b"x" * jar.size)
    found = checks(idle, STRATUMIOPS_CACHE=str(tmp_path / "cache"))["neo4j files"]
    assert "236 of 237 files are missing or cut" in found["found"]
    assert "stratumiops neo4j fetch" in found["mend"]


def test_doctor_sees_a_taken_port(idle: Command) -> None:
    import socket

    with socket.create_server(("127.0.0.1", idle.port)):
        found = checks(idle, STRATUMIOPS_SERVER__PORT=str(idle.port))["api port"]
    assert f"{idle.port} is taken by" in found["found"]


def test_doctor_sees_a_wrong_setting_and_goes_on(idle: Command) -> None:
    found = checks(idle, STRATUMIOPS_NEO4J_MEMORY="huge")
    assert "small, medium" in found["settings"]["found"]
    assert found["python"]["verdict"] == "fine"


def test_doctor_sees_a_server_that_does_not_answer(idle: Command) -> None:
    found = checks(idle, NEO4J_URI="bolt://127.0.0.1:9", NEO4J_PASSWORD="x")
    assert "does not answer" in found["neo4j"]["found"]


def test_crashes_are_forgiven_after_a_steady_minute() -> None:
    now = [0.0]
    back_off = BackOff(clock=lambda: now[0])
    now[0] = 1.0
    waits = []
    for _ in range(9):
        waits.append(back_off.after_crash())
        now[0] += waits[-1] + 0.1
    assert waits == [0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, MOST_S, MOST_S]
    now[0] += 61
    assert back_off.after_crash() == 0.0


def test_verify_names_a_damaged_file(idle: Command, tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "neo4j-2026.08.1" / "jars"
    folder.mkdir(parents=True)
    environ = idle.environ | {"STRATUMIOPS_CACHE": str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, "-m", "stratumiops.ui.cli.platform", "neo4j", "verify"],
        capture_output=True,
        text=True,
        check=False,
        env=environ,
    )
    assert done.returncode == 1
    assert "237 of 237 files" in done.stderr
    assert "stratumiops neo4j fetch" in done.stderr


def test_settings_name_the_shared_cache(idle: Command) -> None:
    assert ServerSettings.from_env(idle.environ).cache.name == "stratumiops" or "STRATUMIOPS_CACHE" in idle.environ
