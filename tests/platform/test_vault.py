"""`up --vault`: the vault beside the platform, and how it gets over crashes."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from tests.ports import unused_port

from .conftest import Command, make_command, until

pytestmark = [pytest.mark.own_server, pytest.mark.xdist_group("platform-vault")]


@dataclass
class Vaulted:
    """A platform with a vault, and what its owner keeps."""

    platform: Command
    port: int
    share: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"X-Vault-Token": self.token} if self.token else {}
        url = f"http://127.0.0.1:{self.port}/v1/{path}"
        return httpx.request(method, url, headers=headers, timeout=60, trust_env=False, **more)

    def data(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        answer = self.ask(method, path, **more)
        assert answer.is_success, answer.text
        return dict(answer.json()["data"] or {}) if answer.content else {}

    def unseal(self) -> None:
        if not self.share:
            made = self.ask("PUT", "sys/init", json={"secret_shares": 1, "secret_threshold": 1}).json()
            self.share, self.token = made["keys_base64"][0], made["root_token"]
        assert self.ask("PUT", "sys/unseal", json={"key": self.share}).json()["sealed"] is False

    def graphql(self, query: str) -> dict[str, Any]:
        url = f"http://127.0.0.1:{self.platform.port}/graphql"
        headers = {"X-Vault-Token": self.token}
        return dict(httpx.post(url, json={"query": query}, headers=headers, timeout=60, trust_env=False).json())

    def part(self, name: str) -> dict[str, Any]:
        found = json.loads(self.platform.start("status", "--json").communicate()[0])
        return dict(found[name])

    def kill(self, name: str) -> int:
        victim = int(self.part(name)["pid"])
        os.kill(victim, signal.SIGKILL)
        return victim


@pytest.fixture(scope="module")
def vaulted(_files: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vaulted]:
    """Its vault was initialised and is open, keeps a secret, and writes its audit into the graph."""
    found = Vaulted(make_command(tmp_path_factory.mktemp("vaulted")), unused_port())
    said = found.platform.up("--vault", STRATUMIOPS_VAULT__ADDRESS=f"http://127.0.0.1:{found.port}")
    assert f"http://127.0.0.1:{found.port}   uninitialized: initialise it" in said
    assert found.part("vault")["state"] == "uninitialized"
    found.unseal()
    found.data("POST", "secret/data/app", json={"data": {"password": "a marker secret"}})
    found.data("PUT", "sys/audit/graph", json={"type": "graph"})
    yield found
    found.platform.run("down")


@pytest.fixture
def opened(vaulted: Vaulted) -> Vaulted:
    if vaulted.ask("GET", "sys/seal-status").json()["sealed"]:
        vaulted.unseal()
    return vaulted


def secret(vaulted: Vaulted) -> str:
    return str(vaulted.data("GET", "secret/data/app")["data"]["password"])


def test_the_first_start_writes_a_file_that_is_the_owners_alone(opened: Vaulted) -> None:
    file = opened.platform.home / "vault" / "svault.toml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert f'address = "127.0.0.1:{opened.port}"' in file.read_text()
    assert (file.parent / "data").is_dir()


def test_status_says_how_the_vault_is_and_what_to_do_next(opened: Vaulted) -> None:
    ready = opened.platform.json("status")
    assert ready["ready"] is True
    assert ready["vault"]["state"] == "ready"
    assert ready["vault"]["next"] is None
    opened.ask("PUT", "sys/seal")
    sealed = opened.platform.json("status", status=6)["vault"]
    assert (sealed["state"], sealed["address"]) == ("sealed", f"http://127.0.0.1:{opened.port}")
    assert f"VAULT_ADDR=http://127.0.0.1:{opened.port} svault operator unseal" in sealed["next"]
    assert "vault: unseal it" in opened.platform.run("status", status=6)


def test_doctor_and_logs_know_the_vault(opened: Vaulted) -> None:
    checks = {check["name"]: check for check in opened.platform.json("doctor")["checks"]}
    names = ("vault file", "vault port", "vault", "vault TLS")
    assert {checks[name]["verdict"] for name in names} == {"fine"}
    assert "listening" in opened.platform.run("logs", "vault", "-n", "500")


def test_nothing_secret_is_in_its_command_line_and_little_in_its_environment(opened: Vaulted) -> None:
    password = (opened.platform.home / "credentials.json").read_text().split('"')[-2]
    process = psutil.Process(opened.part("vault")["pid"])
    assert password not in " ".join(process.cmdline())
    try:
        environ = process.environ()
    except psutil.AccessDenied:  # a vault hides it from all but root
        return
    assert environ["NEO4J_PASSWORD"] == password
    assert not any(name.startswith("STRATUMIOPS_") for name in environ)
    assert len(environ) < 20


def test_the_graph_has_the_audit_and_no_secret(opened: Vaulted) -> None:
    assert secret(opened) == "a marker secret"
    query = (
        '{ vaultAudit(where: {path: "secret/data/app"}, first: 2) { nodes { kind operation displayName allowed } } }'
    )
    found = opened.graphql(query)
    assert [node["kind"] for node in found["data"]["vaultAudit"]["nodes"]] == ["response", "request"]
    assert opened.data("POST", "sys/audit-verify/graph")["intact"] is True
    kept = [path for path in opened.platform.home.rglob("*") if path.is_file()]
    assert not any(b"a marker secret" in path.read_bytes() for path in kept)


def test_a_killed_vault_comes_back_sealed_and_says_so(opened: Vaulted) -> None:
    before = opened.kill("vault")
    until(lambda: opened.part("vault")["state"] == "sealed")
    assert opened.part("vault")["pid"] != before
    log = opened.platform.log("supervisor")
    assert "the vault was ended by SIGKILL; starting it again now" in log
    assert "the vault runs again, and needs you: unseal it" in log
    opened.unseal()
    assert secret(opened) == "a marker secret"
    assert opened.data("POST", "sys/audit-verify/graph")["intact"] is True


def test_a_killed_api_leaves_the_vault_open_and_finds_it_again(opened: Vaulted) -> None:
    vault, before = opened.part("vault")["pid"], opened.kill("api")
    until(lambda: opened.part("api")["state"] == "ready" and opened.part("api")["pid"] != before)
    assert (opened.part("vault")["pid"], opened.part("vault")["state"]) == (vault, "ready")
    assert secret(opened) == "a marker secret"
    found = opened.graphql("{ vaultStatus { state supervised } }")["data"]["vaultStatus"]
    assert found == {"state": "UNSEALED", "supervised": True}


def test_a_killed_neo4j_stops_the_answers_and_comes_back(opened: Vaulted) -> None:
    before = opened.kill("neo4j")
    refused = opened.ask("GET", "secret/data/app")
    assert refused.status_code == 500 or refused.is_success  # it may be back already
    until(lambda: opened.part("neo4j")["state"] == "ready" and opened.part("neo4j")["pid"] != before, 120)
    until(lambda: opened.ask("GET", "secret/data/app").is_success)
    assert opened.part("vault")["state"] == "ready"
    assert opened.data("POST", "sys/audit-verify/graph")["intact"] is True


def test_after_the_supervisor_was_killed_the_next_up_recovers(opened: Vaulted) -> None:
    platform = opened.platform
    before = platform.json("status")
    os.kill(before["supervisor"]["pid"], signal.SIGKILL)
    platform.up("--vault")  # without an address among the settings: the API is told the one of the file
    after = platform.json("status", status=6)
    assert after["vault"]["state"] == "sealed"
    assert after["vault"]["pid"] != before["vault"]["pid"]
    assert not psutil.pid_exists(before["vault"]["pid"])
    assert opened.graphql("{ vaultStatus { state } }")["data"]["vaultStatus"]["state"] == "SEALED"
    opened.unseal()
    assert secret(opened) == "a marker secret"
    assert opened.data("POST", "sys/audit-verify/graph")["intact"] is True


def test_down_stops_the_vault_before_neo4j_and_a_start_without_it_is_as_ever(opened: Vaulted) -> None:
    platform = opened.platform
    assert platform.json("down")["seconds"] < 15
    lines = platform.log("supervisor").splitlines()
    assert [line.split(" ", 1)[1].split(" in ")[0] for line in lines[-4:]] == [
        "the API stopped",
        "the vault stopped",
        "Neo4j stopped",
        "stopped",
    ]
    platform.up()
    assert "vault" not in platform.json("status")
    assert not any("vault" in check["name"] for check in platform.json("doctor")["checks"])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", opened.port)) != 0
    platform.run("down")
    platform.up(STRATUMIOPS_VAULT__SUPERVISE="true")
    assert opened.part("vault")["state"] == "sealed"


@pytest.fixture
def idle(tmp_path: Path) -> Command:
    return make_command(tmp_path)


def write(idle: Command, text: str) -> Path:
    file = idle.home / "vault" / "svault.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    idle.home.chmod(0o700)
    file.write_text(text)
    return file


@pytest.mark.usefixtures("_files")
def test_a_taken_port_is_named_before_anything_is_started(idle: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        file = write(idle, f'[server]\naddress = "127.0.0.1:{port}"\n')
        said = idle.run("up", "--vault", "--port", str(idle.port), status=4)
        found = {check["name"]: check for check in _checks(idle)}
    assert f"port {port} on 127.0.0.1 is taken by" in said
    assert str(file) in said
    assert not (idle.home / "neo4j" / "data" / "databases").exists()
    assert f"{port} is taken" in found["vault port"]["found"]
    file.write_text(f'[server]\naddress = "127.0.0.1:{idle.port}"\n')
    said = idle.run("up", "--vault", "--port", str(idle.port), status=4)
    assert "the vault and the API are both to listen on" in said


@pytest.mark.usefixtures("_files")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[servr]\n", "did you mean server?"),
        ('[server]\naddress = "127.0.0.1:0"\n', "names no port"),
        ('[storage]\nbackend = "surrealdb"\n', 'use "neo4j"'),
    ],
)
def test_a_file_that_cannot_be_is_told(idle: Command, text: str, why: str) -> None:
    file = write(idle, text)
    said = idle.run("up", "--vault", "--port", str(idle.port), status=2)
    assert why in said
    assert str(file) in said
    found = {check["name"]: check for check in _checks(idle)}
    assert why in found["vault file"]["found"]
    assert idle.json("status", status=6)["supervisor"]["state"] == "stopped"


def test_doctor_sees_certificates_that_cannot_be_used_and_plain_http_beyond_this_machine(idle: Command) -> None:
    port = unused_port()
    write(idle, f'[server]\naddress = "127.0.0.1:{port}"\ntls_cert = "no.pem"\ntls_key = "no.key"\n')
    found = {check["name"]: check for check in _checks(idle)}
    assert "cannot be used" in found["vault file"]["found"]
    write(idle, f'[server]\naddress = "0.0.0.0:{port}"\n')
    found = {check["name"]: check for check in _checks(idle)}
    assert "can be read on the way" in found["vault TLS"]["found"]


def test_status_of_a_home_whose_vault_does_not_run(idle: Command) -> None:
    found = idle.json("status", status=6, STRATUMIOPS_VAULT__SUPERVISE="true")
    assert found["vault"] == {
        "name": "vault", "state": "stopped", "address": None, "pid": None, "since": None, "memory_mb": None,
        "next": None,
    }  # fmt: skip
    assert "there is no log of vault" in idle.run("logs", "vault", status=3)


def _checks(idle: Command) -> list[dict[str, str]]:
    found = idle.json("doctor", status=1, STRATUMIOPS_VAULT__SUPERVISE="true")["checks"]
    assert isinstance(found, list)
    return found
