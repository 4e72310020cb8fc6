"""Local mode, token mode, and what web pages of others may not do."""

import hashlib
from pathlib import Path

import pytest

from stratumiops.graph.errors import BadInput, Forbidden, Unauthenticated
from stratumiops.resolvers.auth import TokenAuthenticator, authenticator, is_loopback, read_tokens
from stratumiops.resolvers.context import LOCAL_ADMIN, Principal, Role
from stratumiops.resolvers.settings import Settings

WHOAMI = {"query": "{ whoami }"}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "tokens.toml"
    path.write_text(f"""
[[token]]
name = "ci"
sha256 = "{sha256("one")}"
role = "developer"
graphs = ["docs", "team"]

[[token]]
name = "root"
sha256 = "{sha256("two").upper()}"
role = "admin"
""")
    return path


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.org"])
def test_an_open_address_without_tokens_is_refused(host):
    with pytest.raises(BadInput, match="refusing to listen") as caught:
        authenticator(Settings(server={"host": host}))
    assert "auth.token_file" in caught.value.hint


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_loopback_addresses_need_no_tokens(host):
    assert is_loopback(host)
    assert authenticator(Settings(server={"host": host})).authenticate(None) is LOCAL_ADMIN


def test_tokens_stand_for_principals(token_file):
    callers = authenticator(Settings(server={"host": "0.0.0.0"}, auth={"token_file": token_file}))
    assert isinstance(callers, TokenAuthenticator)
    assert callers.authenticate("Bearer one") == Principal("ci", Role.DEVELOPER, frozenset({"docs", "team"}))
    assert callers.authenticate("bearer  two ") == Principal("root", Role.ADMIN)


@pytest.mark.parametrize("header", [None, "", "one", "Basic one", "Bearer", "Bearer three", "Bearer one two"])
def test_anything_else_is_unauthenticated(token_file, header):
    with pytest.raises(Unauthenticated) as caught:
        TokenAuthenticator(read_tokens(token_file)).authenticate(header)
    assert "three" not in caught.value.message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "token"),
        ("x = [", "not valid TOML"),
        ('[[token]]\nname = "a"\nsha256 = "zz"\nrole = "admin"', "token.0.sha256"),
        (f'[[token]]\nname = "a"\nsha256 = "{"0" * 64}"\nrole = "king"', "token.0.role"),
        (f'[[token]]\nname = "a"\nsha256 = "{"0" * 64}"\nrole = "admin"\nextra = 1', "token.0.extra"),
        (f'[[token]]\nname = "a"\nsha256 = "{"0" * 64}"\nrole = "admin"\ngraphs = ["A B"]', "no graph name"),
    ],
)
def test_a_wrong_token_file_names_the_place(tmp_path, content, said):
    path = tmp_path / "tokens.toml"
    path.write_text(content)
    with pytest.raises(BadInput) as caught:
        read_tokens(path)
    assert said in caught.value.message
    assert str(path) in caught.value.message


def test_a_missing_token_file_is_named(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        read_tokens(tmp_path / "none.toml")


def test_roles_rise_and_graphs_confine():
    viewer = Principal("v", Role.VIEWER, frozenset({"docs"}))
    viewer.require(Role.VIEWER, "docs")
    with pytest.raises(Forbidden, match="needs developer"):
        viewer.require(Role.DEVELOPER)
    with pytest.raises(Forbidden, match="graph team"):
        viewer.require(Role.VIEWER, "team")
    LOCAL_ADMIN.require(Role.DEVELOPER, "anything")


async def test_requests_without_a_token_are_401_with_a_challenge(build, token_file):
    async with build(auth={"token_file": token_file}).client() as client:
        answer = await client.post("/graphql", json=WHOAMI)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert (await client.get("/metrics")).status_code == 401
        assert (await client.get("/health")).status_code == 200


async def test_requests_with_a_token_run_as_its_principal(build, token_file):
    async with build(auth={"token_file": token_file}).client(authorization="Bearer one") as client:
        assert (await client.post("/graphql", json=WHOAMI)).json() == {"data": {"whoami": "ci"}}
        assert (await client.get("/metrics")).status_code == 200


@pytest.mark.parametrize("host", ["localhost", "localhost:8001", "127.0.0.1:9", "[::1]:8001", "[::1]", "LOCALHOST:1"])
async def test_names_of_this_machine_are_served(client, host):
    assert (await client.post("/graphql", json=WHOAMI, headers={"host": host})).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8001", "localhost.evil.example", "10.0.0.1", ""])
async def test_rebound_names_are_refused_everywhere(client, host):
    for path in ("/graphql", "/metrics", "/health"):
        answer = await client.get(path, params={"query": "{ hello }"}, headers={"host": host})
        assert answer.status_code == 403


async def test_names_can_be_allowed_and_tokens_make_any_do(build, token_file):
    for settings in ({"server": {"allowed_hosts": ["api.example"]}}, {"auth": {"token_file": token_file}}):
        async with build(**settings).client(authorization="Bearer two") as client:
            headers = {"host": "api.example:443"}
            assert (await client.post("/graphql", json=WHOAMI, headers=headers)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:3000"},
        {"origin": "null"},
        {"origin": "http://["},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
        {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"},
    ],
)
async def test_pages_of_others_are_refused(client, headers):
    for method in ("GET", "POST"):
        answer = await client.request(method, "/graphql", params={"query": "{ hello }"}, headers=headers)
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


async def test_own_pages_and_links_are_served(client):
    own = {"origin": "http://localhost:8001", "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}
    assert (await client.post("/graphql", json=WHOAMI, headers=own)).status_code == 200
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "accept": "text/html"}
    assert (await client.get("/graphql", headers=link)).status_code == 200


async def test_an_allowed_origin_gets_cors_headers(build):
    origin = "https://app.example"
    async with build(server={"allowed_origins": [origin]}).client(origin=origin) as client:
        cross = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}
        preflight = await client.options("/graphql", headers=cross)
        assert preflight.status_code == 204
        assert {"authorization", "x-vault-token", "x-vault-namespace"} <= set(
            preflight.headers["access-control-allow-headers"].split(", ")
        )
        answer = await client.post("/graphql", json=WHOAMI, headers=cross)
        assert answer.headers["access-control-allow-origin"] == origin
        assert "Origin" in answer.headers["vary"]
