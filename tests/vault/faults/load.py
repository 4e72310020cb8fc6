"""Clients that write at once until the server is gone, and what was acknowledged to them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault

Step = Callable[["Writer", int], None]


class Writer:
    """One client in a thread of its own."""

    def __init__(self, server: Server, name: str, step: Step, acknowledged: list[Any]) -> None:
        self.name = name
        self.acknowledged = acknowledged
        self.problems: list[str] = []
        self._server = server
        self._step = step
        self._thread = threading.Thread(target=self._run, name=name)
        self._stop = threading.Event()

    def ask(self, method: str, path: str, body: object = None, token: str | None = None) -> dict[str, Any]:
        headers = {"X-Vault-Token": self._server.root if token is None else token}
        found = self.web.request(method, path, headers=headers, json=body)
        if not found.is_success:
            raise ValueError(f"{method} {path}: {found.status_code} {found.text}")
        return dict(found.json()) if found.content else {}

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join(60)

    def _run(self) -> None:
        with httpx.Client(base_url=f"{self._server.address}/v1/", timeout=30) as self.web:
            number = 0
            while not self._stop.is_set():
                try:
                    self._step(self, number)
                except httpx.TransportError:
                    return
                except ValueError as error:
                    if "503" not in str(error):  # a server that is told to stop is sealed
                        self.problems.append(str(error))
                    return
                number += 1


@dataclass
class Load:
    """Writers of many kinds."""

    writers: list[Writer] = field(default_factory=list)

    def acknowledged(self, name: str) -> list[Any]:
        return [one for writer in self.writers if writer.name == name for one in writer.acknowledged]

    @property
    def count(self) -> int:
        return sum(len(writer.acknowledged) for writer in self.writers)


def kv2(writer: Writer, number: int) -> None:
    path = f"kv2/data/{writer.name}/{id(writer)}/{number % 5}"
    value = f"{id(writer)}-{number}"
    version = writer.ask("POST", path, {"data": {"value": value}})["data"]["version"]
    writer.acknowledged.append((path, version, value))


def tokens(writer: Writer, number: int) -> None:
    made = writer.ask("POST", "auth/token/create", {"policies": ["default"], "ttl": "1h"})["auth"]["client_token"]
    if number % 3:
        writer.acknowledged.append((made, "living"))
    else:
        writer.ask("POST", "auth/token/revoke", {"token": made})
        writer.acknowledged.append((made, "revoked"))


def logins(writer: Writer, number: int) -> None:
    made = writer.ask("POST", "auth/approle/role/app/secret-id", {})["data"]["secret_id"]
    role = writer.ask("GET", "auth/approle/role/app/role-id")["data"]["role_id"]
    found = writer.ask("POST", "auth/approle/login", {"role_id": role, "secret_id": made}, "")
    writer.acknowledged.append((found["auth"]["client_token"], role, made))


def rotations(writer: Writer, number: int) -> None:
    version = writer.ask("POST", "transit/keys/k/rotate")["data"]["latest_version"]
    made = writer.ask("POST", "transit/encrypt/k", {"plaintext": "AAAA"})["data"]["ciphertext"]
    writer.acknowledged.append((version, made))


STEPS = {"kv2": kv2, "tokens": tokens, "logins": logins, "rotations": rotations}


def prepare(server: Server) -> None:
    server.data("POST", "sys/mounts/kv2", json={"type": "kv-v2", "options": {"max_versions": "0"}})
    server.data("POST", "kv2/config", json={"max_versions": 10_000})
    server.data("POST", "sys/mounts/transit", json={"type": "transit"})
    server.data("POST", "transit/keys/k")
    server.data("POST", "sys/auth/approle", json={"type": "approle"})
    # each secret id logs in once: what was used up stays used up
    server.data("POST", "auth/approle/role/app", json={"token_policies": ["default"], "secret_id_num_uses": 1})


@contextmanager
def load(server: Server) -> Iterator[Load]:
    """Three writers of secrets, and one of each other kind."""
    found = Load([Writer(server, name, STEPS[name], []) for name in (*STEPS, "kv2", "kv2")])
    for writer in found.writers:
        writer.begin()
    try:
        yield found
    finally:
        for writer in found.writers:
            writer.end()
    assert [problem for writer in found.writers for problem in writer.problems] == []


def check(server: Server, seen: Load) -> None:
    """Everything that was acknowledged is there, and nothing by half."""
    newest: dict[str, int] = {}
    for path, version, value in seen.acknowledged("kv2"):
        assert server.data("GET", f"{path}?version={version}")["data"] == {"value": value}
        newest[path] = max(version, newest.get(path, 0))
    for path, version in newest.items():
        about = server.data("GET", path.replace("/data/", "/metadata/", 1))
        assert about["current_version"] in (version, version + 1)  # the last may have come too late to be acknowledged
        assert sorted(map(int, about["versions"])) == list(range(1, about["current_version"] + 1))
        assert server.data("GET", path)["data"]["value"]
    for token, state in seen.acknowledged("tokens"):
        status = server.ask("GET", "auth/token/lookup-self", token=token).status_code
        assert status == (200 if state == "living" else 403), state
    for token, role, secret in seen.acknowledged("logins"):
        assert server.data("GET", "auth/token/lookup-self", token=token)["policies"] == ["default"]
        again = server.ask("POST", "auth/approle/login", json={"role_id": role, "secret_id": secret}, token="")
        assert (again.status_code, again.json()) == (400, {"errors": ["invalid role or secret ID"]})
    rotated = seen.acknowledged("rotations")
    latest = server.data("GET", "transit/keys/k")["latest_version"]
    assert max((version for version, _ in rotated), default=0) <= latest
    for _, ciphertext in rotated:
        assert server.data("POST", "transit/decrypt/k", json={"ciphertext": ciphertext})["plaintext"] == "AAAA"
