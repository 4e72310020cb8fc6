"""Headers of requests that are on record, and what each line begins with."""

import json
from pathlib import Path

import httpx
import pytest

from stratumiops.vault.errors import BadRequest

from ..openbao import openbao  # noqa: TID252 - tests are no package on the path
from ..servers import Server, svault  # noqa: TID252 - servers of all tests of the vault
from .records import entries, exchange, running, view

HEADERS = "sys/config/auditing/request-headers"
TRACE = {"X-Trace": "trace-1", "X-Other": "other", "X-Plain": "plain"}


def test_they_are_chosen_by_name(tmp_path: Path) -> None:
    with svault(tmp_path) as server:
        server.begin()
        file = tmp_path / "audit.log"
        server.data("PUT", "sys/audit/file", json={"type": "file", "options": {"file_path": str(file)}})
        server.data("PUT", f"{HEADERS}/X-Trace", json={"hmac": True})
        server.data("PUT", f"{HEADERS}/x-plain", json={})
        server.data("PUT", f"{HEADERS}/X-Vault-Token", json={"hmac": True})
        server.ask("GET", "sys/mounts", headers=TRACE)
        texts = ("trace-1", server.root)
        trace, token = (server.data("POST", "sys/audit-hash/file", json={"input": text})["hash"] for text in texts)
        wanted = {"x-trace": [trace], "x-plain": ["plain"], "x-vault-token": [token]}
        assert [line["request"].get("headers") for line in _of_mounts(file)] == [wanted, wanted]
        shares, root = server.shares, server.root
    with svault(tmp_path) as server:
        server.shares, server.root = shares, root
        server.unseal()
        server.data("DELETE", f"{HEADERS}/X-VAULT-TOKEN")
        server.ask("GET", "sys/mounts", headers=TRACE)
        assert _of_mounts(file)[-1]["request"]["headers"] == {"x-trace": [trace], "x-plain": ["plain"]}
        for name in ("X-Vault-Token", "Authorization", "cookie"):
            assert server.ask("PUT", f"{HEADERS}/{name}", json={"hmac": False}).status_code == 400
        assert server.root not in file.read_text()


def _of_mounts(file: Path) -> list[dict[str, dict[str, object]]]:
    return [line for line in entries(file) if line["request"]["path"] == "sys/mounts"]


def test_the_routes_are_those_of_openbao(tmp_path: Path) -> None:
    def seen(client: httpx.Client | Server) -> list[tuple[int, object]]:
        found: list[tuple[int, object]] = []
        for method, path, body in (
            ("GET", HEADERS, None), ("PUT", f"{HEADERS}/X-A", {"hmac": True}), ("POST", f"{HEADERS}/x-b", {}),
            ("GET", HEADERS, None), ("GET", f"{HEADERS}/x-a", None), ("GET", f"{HEADERS}/X-A", None),
            ("GET", f"{HEADERS}/none", None), ("DELETE", f"{HEADERS}/X-a", None), ("DELETE", f"{HEADERS}/none", None),
            ("GET", HEADERS, None), ("PUT", f"{HEADERS}/x-b", {"hmac": "perhaps"}),
        ):  # fmt: skip
            asked = client.request if isinstance(client, httpx.Client) else client.ask
            answer = asked(method, path, json=body) if body is not None else asked(method, path)
            shown = answer.json() if answer.content else {}
            good = answer.is_success
            found.append((answer.status_code, {**shown, "request_id": ""} if good else shown["errors"][0][:20]))
        return found

    with svault(tmp_path / "ours") as server, openbao(tmp_path) as theirs:
        server.begin()
        ours, others = seen(server), seen(theirs)
    assert ours[:-1] == others[:-1]
    assert [one[0] for one in (ours[-1], others[-1])] == [400, 400]


def test_fields_that_are_readable_are_named_with_the_mount(tmp_path: Path) -> None:
    def seen(client: httpx.Client | Server) -> list[object]:
        asked = client.request if isinstance(client, httpx.Client) else client.ask
        found: list[object] = []
        for path, body in (
            (
                "k",
                {
                    "type": "kv",
                    "config": {"audit_non_hmac_request_keys": ["a"], "audit_non_hmac_response_keys": "b,c"},
                },
            ),
            ("k/tune", {"audit_non_hmac_request_keys": "a,x"}), ("k/tune", {"audit_non_hmac_response_keys": ""}),
        ):  # fmt: skip
            assert asked("POST", f"sys/mounts/{path}", json=body).status_code == 204
            shown = asked("GET", "sys/mounts/k/tune").json()["data"]
            listed = asked("GET", "sys/mounts").json()["data"]["k/"]["config"]
            found.append([{name: one.get(name) for name in one if "hmac" in name} for one in (shown, listed)])
        return found

    with svault(tmp_path / "ours") as server, openbao(tmp_path) as theirs:
        server.begin()
        assert seen(server) == seen(theirs)
        file = tmp_path / "audit.log"
        server.data("PUT", "sys/audit/file", json={"type": "file", "options": {"file_path": str(file)}})
        server.data("POST", "k/one", json={"a": "plain", "b": "s3cret", "x": "plain too"})
        (written,) = [
            line for line in entries(file) if line["type"] == "request" and line["request"]["path"] == "k/one"
        ]
        data = written["request"]["data"]
        assert (data["a"], data["x"], data["b"][:12]) == ("plain", "plain too", "hmac-sha256:")
        assert "s3cret" not in file.read_text()


async def test_each_line_may_begin_with_a_prefix(tmp_path: Path) -> None:
    kept, file = view(), tmp_path / "log"
    async with running(kept) as broker:
        await broker.enable("a", "file", options={"file_path": str(file), "prefix": "svault é: "})
        await exchange(broker)
    async with running(kept) as broker:
        await exchange(broker)
        assert (await broker.verify("a")).intact
        text = file.read_text()
        found = [line.partition("svault é: ") for line in text.splitlines()]
        assert all(before == "" and json.loads(rest) for before, _, rest in found)
        file.write_text(text.replace("svault é: ", "svault è: ", 1))
        assert not (await broker.verify("a")).intact
    file.write_text(text)
    file.rename(tmp_path / "moved")
    async with running(kept) as broker:
        await exchange(broker)
        assert (await broker.verify("a", [str(tmp_path / "moved")])).intact


@pytest.mark.parametrize("prefix", ["two\nlines", "{", "x" * 300, "\x00"])
async def test_prefixes_that_cannot_be(tmp_path: Path, prefix: str) -> None:
    async with running(view()) as broker:
        with pytest.raises(BadRequest, match="prefix"):
            await broker.enable("a", "file", options={"file_path": str(tmp_path / "log"), "prefix": prefix})
        assert not (tmp_path / "log").exists()
