"""`/vault/v1/…`: what passes to the vault, and all that does not."""

import asyncio
import dataclasses
import hashlib
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
import websockets

from stratumiops.resolvers.bootstrap import application
from stratumiops.resolvers.settings import AuthSettings

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault
from .asking import Asker, unique
from .conftest import TokenOf

DEADLINE_S = 20
MAX_BODY = 1024 * 1024


@asynccontextmanager
async def serving(asker: Asker) -> AsyncIterator[int]:
    """The whole application on a port; what it stands on stays open."""
    options: dict[str, Any] = {"log_config": None, "access_log": False, "ws": "websockets-sansio", "lifespan": "off"}
    server = uvicorn.Server(uvicorn.Config(application(asker.services), host="127.0.0.1", port=0, **options))
    task = asyncio.create_task(server._serve())
    try:
        async with asyncio.timeout(DEADLINE_S):
            while not server.started:
                assert not task.done()
                await asyncio.sleep(0.005)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


@pytest.fixture(scope="module")
async def port(api: Asker) -> AsyncIterator[int]:
    async with serving(api) as found:
        yield found


@pytest.fixture(scope="module")
async def web(port: int, vault: Server) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the root token."""
    address = f"http://127.0.0.1:{port}/vault/v1"
    async with httpx.AsyncClient(base_url=address, headers={"X-Vault-Token": vault.root}, trust_env=False) as client:
        yield client


async def raw(port: int, method: str, path: str, token: str, body: str = "{}", *more: str) -> tuple[int, str]:
    """Status and body of the answer to a request written by hand: clients put odd paths in order."""

    def ask() -> bytes:
        with socket.create_connection(("127.0.0.1", port), DEADLINE_S) as found:
            head = [
                f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"X-Vault-Token: {token}", "Connection: close",
                "Content-Type: application/json", f"Content-Length: {len(body)}", *more,
            ]  # fmt: skip
            found.sendall(("\r\n".join(head) + "\r\n\r\n" + body).encode("latin-1"))
            answer = b""
            while chunk := found.recv(65_536):
                answer += chunk
            return answer

    head, _, content = (await asyncio.to_thread(ask)).decode("latin-1").partition("\r\n\r\n")
    return int(head.split()[1]), content


async def test_values_of_kv_2(web: httpx.AsyncClient) -> None:
    path = f"/secret/data/{unique('ü b%2f')}".replace("%2f", "_")
    for method, value in (("POST", "one"), ("PUT", "two")):
        answer = await web.request(method, path, json={"data": {"password": value, "user": "ada"}})
        assert answer.status_code == 200
    merge = {"Content-Type": "application/merge-patch+json"}
    answer = await web.patch(path, content=b'{"data": {"password": "three"}}', headers=merge)
    assert answer.status_code == 200
    answer = await web.get(path)
    assert answer.json()["data"]["data"] == {"password": "three", "user": "ada"}
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "application/json"
    assert (await web.get(path, params={"version": 1})).json()["data"]["data"]["password"] == "one"
    assert (await web.get(path + "-none")).status_code == 404


async def test_values_of_kv_1(web: httpx.AsyncClient) -> None:
    path = f"/old/{unique('deep')}/app"
    assert (await web.post(path, json={"password": "one"})).status_code == 204
    assert (await web.get(path)).json()["data"] == {"password": "one"}
    assert (await web.patch(path, json={"password": "two"})).status_code == 404
    assert (await web.get(path, params={"version": 1})).status_code == 404


async def test_a_value_of_some_size_comes_whole(web: httpx.AsyncClient) -> None:
    path, value = f"/secret/data/{unique('big')}", "x" * 900_000
    assert (await web.post(path, json={"data": {"value": value}})).status_code == 200
    assert (await web.get(path)).json()["data"]["data"]["value"] == value


async def test_logging_in_and_out(web: httpx.AsyncClient, vault: Server) -> None:
    name = unique("up")
    vault.data("POST", f"sys/auth/{name}", json={"type": "userpass"})
    vault.data("POST", f"auth/{name}/users/ada", json={"password": "pass-word-1"})
    answer = await web.put(f"/auth/{name}/login/ada", json={"password": "pass-word-1"}, headers={"X-Vault-Token": ""})
    token = {"X-Vault-Token": answer.json()["auth"]["client_token"]}
    assert (await web.get("/auth/token/lookup-self", headers=token)).json()["data"]["display_name"] == f"{name}-ada"
    assert (await web.put("/auth/token/revoke-self", headers=token)).status_code == 204
    assert (await web.get("/auth/token/lookup-self", headers=token)).status_code == 403
    assert (await web.post(f"/auth/{name}/login/ada", json={"password": "no"})).status_code == 400


async def test_unseal(web: httpx.AsyncClient, vault: Server) -> None:
    answer = await web.put("/sys/unseal", json={"key": vault.shares[0]})
    assert answer.json()["sealed"] is False
    assert (await web.put("/sys/seal", headers={"X-Vault-Token": "hvs.unknown"})).status_code == 403


NO_WAY = r"""
GET /vault/v1/sys/mounts
GET /vault/v1/sys/health
GET /vault/v1/sys/unseal
POST /vault/v1/sys/seal
PUT /vault/v1/sys/init
PUT /vault/v1/sys/policies/acl/x
PUT /vault/v1/sys/mounts/new
PUT /vault/v1/sys/audit/file
PUT /vault/v1/sys/generate-root/attempt
POST /vault/v1/auth/token/create
PUT /vault/v1/auth/token/login
GET /vault/v1/auth/userpass/login/a
POST /vault/v1/auth/userpass/users/login
POST /vault/v1/auth/token/lookup
POST /vault/v1/auth/userpass/login/a/b
POST /vault/v1/auth/login
POST /vault/v1/auth
DELETE /vault/v1/secret/data/x
LIST /vault/v1/secret/metadata/x
GET /vault/v1/secret/metadata/x
GET /vault/v1/secret/data
GET /vault/v1/secret/data/
GET /vault/v1/secret/config
PUT /vault/v1/secret/destroy/x
PUT /vault/v1/secret/delete/x
HEAD /vault/v1/secret/data/x
OPTIONS /vault/v1/secret/data/x
GET /vault/v1/secret/data/x?list=true
GET /vault/v1/secret/data/x?version=1&list=true
GET /vault/v1/secret/data/x?version=-1
GET /vault/v1/secret/data/x?version=
POST /vault/v1/secret/data/x?version=1
GET /vault/v1/old/x?list=true
GET /vault/v1/pki/cert/ca
POST /vault/v1/pki/issue/any
GET /vault/v1/cubbyhole/x
PUT /vault/v1/identity/entity
GET /vault/v1/
GET /vault/v1/secret
GET /vault/v1//secret/data/x
GET /vault/v1/secret//data/x
GET /vault/v1/secret/data/../metadata/x
GET /vault/v1/secret/data/./x
PUT /vault/v1/../sys/seal
GET /vault/v1/secret/data/%2e%2e/metadata/x
GET /vault/v1/secret/data/%2E%2e%2Fmetadata/x
GET /vault/v1/secret/data/%252e%252e/metadata/x
GET /vault/v1/secret/data/..%2fmetadata%2fx
GET /vault/v1/secret/data/..%255cx
GET /vault/v1/secret/data/a%00b
GET /vault/v1/secret/data/a%0d%0ab
GET /vault/v1/secret/data/%ff
GET /vault/v1/secret%2fdata%2fx
GET /vault/v1/secret/data/a\b
GET /vault/v1/http://127.0.0.1:1/x
GET /vault/v1/@127.0.0.1:1/data/x
GET /vault/%76%31/secret/data/x
GET /vault/v1/SYS/mounts
"""
REFUSED = [line.split(" ", 1) for line in NO_WAY.strip().splitlines()]


@pytest.mark.parametrize(("method", "path"), REFUSED)
async def test_what_does_not_pass(port: int, vault: Server, method: str, path: str) -> None:
    status, body = await raw(port, method, path, vault.root)
    unknown = any(mark in path for mark in ("@", "http:", "SYS"))  # a mount that the vault does not show to anybody
    assert status == (403 if unknown and status == 403 else 400 if method == "LIST" else 404)
    assert vault.root not in body
    assert '"data"' not in body


async def test_a_path_that_is_too_long_does_not_pass(port: int, vault: Server) -> None:
    assert (await raw(port, "GET", "/vault/v1/secret/data/" + "x" * 5_000, vault.root))[0] == 404


async def test_an_absolute_address_goes_nowhere_else(port: int, vault: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0.2)
        there = elsewhere.getsockname()[1]
        await raw(port, "GET", f"http://127.0.0.1:{there}/vault/v1/auth/token/lookup-self", vault.root)
        with pytest.raises(TimeoutError):
            elsewhere.accept()


async def test_bodies(web: httpx.AsyncClient, port: int, vault: Server) -> None:
    path = f"/secret/data/{unique('body')}"
    assert (await web.post(path, content=b"x" * (MAX_BODY + 1))).status_code == 413

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 65_536

    assert (await web.post(path, content=pieces(), headers={"Content-Type": "application/json"})).status_code == 413
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/merge-patch+json", ""):
        assert (await web.post(path, content=b"{}", headers={"Content-Type": kind})).status_code == 415
    assert (await web.post(path, content=b"not json", headers={"Content-Type": "application/json"})).status_code == 400
    assert (await raw(port, "POST", f"/vault/v1{path}", vault.root, "{}", "Content-Encoding: gzip"))[0] == 400


async def test_only_some_headers_pass(web: httpx.AsyncClient) -> None:
    path = f"/secret/data/{unique('headers')}"
    await web.post(path, json={"data": {"v": "1"}})
    answer = await web.get(path, headers={"X-Vault-Wrap-TTL": "60", "Cookie": "a=b"})
    assert answer.json()["wrap_info"] is None
    assert "set-cookie" not in answer.headers


async def test_tokens_and_policies(web: httpx.AsyncClient, token_of: TokenOf) -> None:
    path = unique("judged")
    await web.post(f"/secret/data/{path}", json={"data": {"v": "1"}})
    reader = {"X-Vault-Token": token_of(f'path "secret/data/{path}" {{ capabilities = ["read"] }}')}
    assert (await web.get(f"/secret/data/{path}", headers=reader)).status_code == 200
    assert (await web.post(f"/secret/data/{path}", json={"data": {}}, headers=reader)).status_code == 403
    assert (await web.get(f"/old/{path}", headers=reader)).status_code == 403
    for token, status in (("", 401), ("hvs.unknown", 403), ("two words", 401)):
        answer = await web.get(f"/secret/data/{path}", headers={"X-Vault-Token": token})
        assert answer.status_code == status
        assert answer.json()["errors"]


async def test_pages_of_other_sites_are_kept_away(web: httpx.AsyncClient) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = await web.put("/sys/unseal", json={"key": "00"}, headers=headers)
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


async def test_where_tokens_of_the_platform_are_used_one_is_needed(api: Asker, vault: Server, tmp_path: Path) -> None:
    digest = hashlib.sha256(b"platform-token").hexdigest()
    (tmp_path / "tokens.toml").write_text(f'[[token]]\nname = "ada"\nsha256 = "{digest}"\nrole = "viewer"\n')
    settings = api.services.settings.model_copy(update={"auth": AuthSettings(token_file=tmp_path / "tokens.toml")})
    services = dataclasses.replace(api.services, settings=settings)
    async with serving(dataclasses.replace(api, services=services)) as port, httpx.AsyncClient(trust_env=False) as web:
        address, headers = f"http://127.0.0.1:{port}/vault/v1/auth/token/lookup-self", {"X-Vault-Token": vault.root}
        assert (await web.get(address, headers=headers)).status_code == 401
        answer = await web.get(address, headers={**headers, "Authorization": "Bearer platform-token"})
        assert answer.json()["data"]["policies"] == ["root"]


async def test_the_token_comes_with_a_socket_too(port: int, vault: Server) -> None:
    for payload, state in (({"vaultToken": vault.root}, ["root"]), ({}, None)):
        async with websockets.connect(f"ws://127.0.0.1:{port}/graphql", subprotocols=["graphql-transport-ws"]) as peer:
            await peer.send(json.dumps({"type": "connection_init", "payload": payload}))
            assert json.loads(await peer.recv())["type"] == "connection_ack"
            query = {"query": "{ vaultStatus { token { policies } } }"}
            await peer.send(json.dumps({"type": "subscribe", "id": "1", "payload": query}))
            answer = json.loads(await peer.recv())
            token = answer["payload"]["data"]["vaultStatus"]["token"]
            assert (token and token["policies"]) == state


async def test_the_token_comes_in_a_header(port: int, vault: Server) -> None:
    query = {"query": "{ vaultStatus { token { policies } } mounts { path } graphs { name } }"}
    async with httpx.AsyncClient(trust_env=False) as client:
        address = f"http://127.0.0.1:{port}/graphql"
        answer = await client.post(address, json=query, headers={"X-Vault-Token": vault.root})
        assert answer.json()["data"]["vaultStatus"]["token"]["policies"] == ["root"]
        answer = await client.post(address, json=query)
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
