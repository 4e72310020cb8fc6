"""The data directory: private, complete, and readable by Neo4j."""

import hashlib
import json
import stat
from pathlib import Path

import pytest

from stratumiops.graph.errors import BadInput, Unavailable
from stratumiops.graph.server.home import Home, auth_line, read_record, write_record
from stratumiops.graph.server.locate import external, locate
from stratumiops.graph.server.settings import AotMode, MemorySize, ServerSettings, default_home


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep" / "home")
    home.prepare()
    assert stat.S_IMODE(home.root.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.credentials.stat().st_mode) == 0o600
    assert stat.S_IMODE((home.data / "dbms" / "auth.ini").stat().st_mode) == 0o600


def test_an_open_folder_is_closed_and_credentials_stay(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    password = home.password()
    tmp_path.chmod(0o755)
    home.prepare()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    assert home.password() == password


def test_the_first_user_is_written_as_neo4j_reads_it() -> None:
    user, rest = auth_line("a secret").rstrip("\n").split(":", 1)
    algorithm, digest, salted = rest.split(",", 2)
    salt, iterations, tail = salted.split(",")[0], *salted.split(",")[1].split(":")
    assert (user, algorithm, iterations, tail) == ("neo4j", "SHA-256", "1024", "")
    expected = hashlib.sha256(bytes.fromhex(salt) + b"a secret").digest()
    for _ in range(1023):
        expected = hashlib.sha256(expected).digest()
    assert digest == expected.hex()


def test_a_file_in_the_place_of_the_home_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot be used as data directory"):
        Home(tmp_path / "file").prepare()


@pytest.mark.parametrize("content", ["", "{}", "[1]", "no json"])
def test_damaged_credentials_are_named(tmp_path: Path, content: str) -> None:
    home = Home(tmp_path)
    home.prepare()
    home.credentials.write_text(content)
    with pytest.raises(BadInput, match=r"credentials\.json is damaged"):
        home.password()


def test_the_configuration_listens_on_loopback_only(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    home.write_conf(17_000, MemorySize.MEDIUM)
    lines = (home.conf / "neo4j.conf").read_text().splitlines()
    assert "server.bolt.listen_address=127.0.0.1:17000" in lines
    assert "server.memory.pagecache.size=256m" in lines
    assert "server.http.enabled=false" in lines


def test_a_damaged_record_counts_as_none(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    assert read_record(path) is None
    path.write_text("{")
    assert read_record(path) is None
    write_record(path, {"pid": 1})
    assert read_record(path) == {"pid": 1}


def test_a_named_server_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://db:7687")
    monkeypatch.setenv("NEO4J_PASSWORD", "hidden")
    found = locate(tmp_path)
    assert (found.uri, found.user, found.password) == ("bolt://db:7687", "neo4j", "hidden")
    assert "hidden" not in repr(found)


def test_a_named_server_needs_a_password() -> None:
    with pytest.raises(BadInput, match="NEO4J_PASSWORD is not"):
        external({"NEO4J_URI": "bolt://db:7687"})


def test_without_a_running_server_it_says_how_to_start_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEO4J_URI", raising=False)
    with pytest.raises(Unavailable) as raised:
        locate(tmp_path)
    assert "stratumiops up" in (raised.value.hint or "")


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    found = ServerSettings.from_env(
        {
            "STRATUMIOPS_CACHE": str(tmp_path),
            "STRATUMIOPS_MAVEN": "https://mirror.example/maven2/",
            "STRATUMIOPS_AOT": "off",
            "STRATUMIOPS_NEO4J_MEMORY": "medium",
            "STRATUMIOPS_BOLT_PORT": "17001",
            "STRATUMIOPS_JAVA_OPTIONS": "-Xmx2g '-Da=b c'",
        }
    )
    mirror, options = "https://mirror.example/maven2", ("-Xmx2g", "-Da=b c")
    assert found == ServerSettings(tmp_path, mirror, AotMode.OFF, MemorySize.MEDIUM, 17_001, options)
    assert ServerSettings.from_env({"XDG_CACHE_HOME": "/c"}).cache == Path("/c/stratumiops")
    assert default_home({"STRATUMIOPS_HOME": "/h"}) == Path("/h")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("STRATUMIOPS_AOT", "yes", "auto, use, off"),
        ("STRATUMIOPS_NEO4J_MEMORY", "huge", "small, medium"),
        ("STRATUMIOPS_BOLT_PORT", "80", "1024 to 65535"),
        ("STRATUMIOPS_MAVEN", "ftp://mirror", "http"),
        ("STRATUMIOPS_JAVA_OPTIONS", "-Xmx2g -jar", "'-jar'; expected options that begin with -X or -D"),
        ("STRATUMIOPS_JAVA_OPTIONS", "'-Xmx2g", "No closing quotation"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_right(name: str, value: str, expected: str) -> None:
    with pytest.raises(BadInput, match=expected) as raised:
        ServerSettings.from_env({name: value})
    assert raised.value.field == name


def test_credentials_file_is_json(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    found = json.loads(home.credentials.read_text())
    assert found["user"] == "neo4j"
    assert len(found["password"]) >= 40
