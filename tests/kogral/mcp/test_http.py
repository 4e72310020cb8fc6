"""Who may connect over HTTP, and who may not; and that stdio carries nothing but messages."""

import json
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from .conftest import COMMAND, DEADLINE_S, TOKEN, called, over_http

PING = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
HEADERS = {"accept": "application/json, text/event-stream", "authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def port(unused_tcp_port: int) -> str:
    return str(unused_tcp_port)


def _asked(url: str, **headers: str) -> int:
    return httpx2.post(url, json=PING, headers={**HEADERS, **headers}, timeout=DEADLINE_S).status_code


def test_host_origin_and_token_are_checked(serve, port) -> None:
    url = serve("--port", port, "--allowed-origin", "https://app.example", KOGRAL_MCP_TOKEN=TOKEN).url
    assert url == f"http://127.0.0.1:{port}/mcp"
    assert _asked(url) == 200
    assert _asked(url, origin=f"http://127.0.0.1:{port}") == 200
    assert _asked(url, origin="https://app.example") == 200
    assert _asked(url, origin="https://evil.example") == 403
    assert _asked(url, origin="http://127.0.0.1:1") == 403
    assert _asked(url, host="evil.example") == 421
    assert _asked(url, host=f"evil.example:{port}") == 421
    for given in ("Bearer wrong-token-wrong-token", f"Basic {TOKEN}", TOKEN, "Bearer", f"Bearer {TOKEN} x"):
        refused = httpx2.post(url, json=PING, headers={**HEADERS, "authorization": given})
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert TOKEN not in refused.text
    without = {name: value for name, value in HEADERS.items() if name != "authorization"}
    assert httpx2.post(url, json=PING, headers=without).status_code == 401
    assert httpx2.get(url, headers=without).status_code == 401
    assert httpx2.delete(url, headers=without).status_code == 401
    assert httpx2.post(url, content=b"{", headers={**HEADERS, "content-type": "application/json"}).status_code == 400
    too_long = httpx2.post(
        url, content=b" " * (17 * 1024 * 1024), headers={**HEADERS, "content-type": "application/json"}
    )
    assert too_long.status_code == 413


async def test_a_token_is_made_once_and_kept_for_its_owner(serve, port, tmp_path) -> None:
    file = tmp_path / "made" / "token"
    serving = serve("--port", port, "--token-file", str(file))
    token = file.read_text().strip()
    assert len(token) >= 40
    assert file.stat().st_mode & 0o777 == 0o600
    assert str(file) in serving.said
    assert token not in serving.said
    async with over_http(serving.url, token) as session:
        assert (await called(session, "list_graphs"))["graphs"]
    serving.process.terminate()
    assert serving.process.wait(DEADLINE_S) in {0, -15}
    serve("--port", port, "--token-file", str(file))
    assert file.read_text().strip() == token


async def test_without_a_token_on_this_machine_only(serve, port, kogral) -> None:
    url = serve("--port", port, "--no-token").url
    async with over_http(url, None) as session:
        assert (await called(session, "list_graphs"))["graphs"]
    found = kogral("serve", "--transport", "http", "--no-token", "--host", "0.0.0.0")
    assert (found.status, "on this machine only" in found.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--only", "serch"), "Did you mean search?"),
        (("--without", "nothing-like-it"), "There is no tool"),
        (("--transport", "http", "--host", "0.0.0.0"), "--allowed-host"),
        (("--transport", "carrier-pigeon"), "carrier-pigeon"),
        (("--max-tokens", "3"), "max-tokens"),
    ],
)
def test_wrong_options_are_named(kogral, tmp_path, arguments, words: str) -> None:
    found = kogral("serve", "--token-file", str(tmp_path / "token"), *arguments)
    assert (found.status, words in found.err) == (2, True), found.err


def test_a_port_that_is_taken_is_said(serve, port, kogral) -> None:
    serve("--port", port, "--no-token")
    found = kogral("serve", "--transport", "http", "--no-token", "--port", port)
    assert (found.status, "--port" in found.err) == (6, True)


def test_a_token_file_that_others_may_read_is_refused(kogral, tmp_path) -> None:
    file = tmp_path / "token"
    file.write_text("x" * 40)
    file.chmod(0o644)
    found = kogral("serve", "--transport", "http", "--token-file", str(file))
    assert (found.status, "chmod 600" in found.err) == (2, True)
    file.chmod(0o600)
    file.write_text("short")
    found = kogral("serve", "--transport", "http", "--token-file", str(file))
    assert (found.status, "16 or more characters" in found.err) == (2, True)


def test_stdio_carries_nothing_but_messages(server, tmp_path: Path) -> None:
    lines = [
        json.dumps(PING),
        json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        "this is no JSON",
        json.dumps({"jsonrpc": "2.0", "id": 2, "method": "no/such/method"}),
        json.dumps(
            {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "list_graphs", "arguments": {}}}
        ),
    ]
    process = subprocess.Popen(
        [sys.executable, *COMMAND, "--server", server],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n".join(lines) + "\n")
    process.stdin.flush()
    answers = []
    while not any(one.get("id") == 3 for one in answers):
        answers.append(json.loads(process.stdout.readline()))
    rest, _ = process.communicate(timeout=DEADLINE_S)
    assert rest == ""
    assert process.returncode == 0
    by_id = {one.get("id"): one for one in answers}
    assert by_id[1]["result"]["serverInfo"]["name"] == "kogral"
    assert by_id[2]["error"]["code"] == -32601
    assert by_id[3]["result"]["structuredContent"]["graphs"]
