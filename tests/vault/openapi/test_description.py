"""`sys/internal/specs/openapi`: all routes are in it, as they are; a token sees its own; the shape is OpenBao's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from stratumiops.vault.http.incoming import request_of

from ..http.live import Live  # noqa: TID252 - a core with all mounts, for all tests of the vault
from ..openbao import openbao  # noqa: TID252

GENERIC = "generic_mount_paths=true"
SPEC = "sys/internal/specs/openapi"
METHODS = {"GET": "get", "LIST": "get", "POST": "post", "PATCH": "patch", "DELETE": "delete"}


@pytest.fixture
async def live() -> Live:
    made = Live()
    await made.begin()
    return made


async def described(live: Live, token: str | None = None) -> dict[str, Any]:
    reply = await live.ask("GET", SPEC, token=token)
    assert (reply.status, reply.content_type) == (200, "application/json")
    return dict(orjson.loads(reply.body))


async def test_every_route_is_described(live: Live) -> None:
    paths = (await described(live))["paths"]
    places = [place for place in live.places() if place.route.described]
    assert len(places) > 400
    for place in places:
        item = paths[f"/{place.path.replace('*}', '}')}"]
        assert METHODS[place.method] in item, place
        if place.route.sudo:
            assert item["x-vault-sudo"]
        if place.route.public:
            assert item["x-vault-unauthenticated"]
            assert item[METHODS[place.method]]["security"] == []
        if place.method == "LIST":
            (listing,) = item["get"]["parameters"]
            assert (listing["name"], listing["in"], listing["schema"]["enum"]) == ("list", "query", ["true"])


async def test_nothing_else_is(live: Live) -> None:
    wanted: dict[str, set[str]] = {}
    for place in live.places():
        wanted.setdefault(f"/{place.path.replace('*}', '}')}", set()).add(METHODS[place.method])
    document = await described(live)
    ids = []
    for path, item in document["paths"].items():
        methods = item.keys() & set(METHODS.values())
        assert methods <= wanted[path]
        given = {one["name"] for one in item.get("parameters", ())}
        assert all(f"{{{name}}}" in path for name in given)
        assert path.count("{") == len(given)
        ids += [item[method]["operationId"] for method in methods]
    assert len(ids) == len(set(ids))
    assert document["openapi"] == "3.0.2"


async def test_who_sees_what(live: Live) -> None:
    nobody = await described(live, "")
    assert nobody["paths"] == {}
    assert (await live.ask("GET", SPEC, token="no-such-token")).status == 403
    await live.ask("PUT", "sys/policies/acl/p", {"policy": 'path "kv2/data/a" { capabilities = ["read"] }'})
    made = await live.ask("POST", "auth/token/create", {"policies": ["p"]})
    paths = (await described(live, orjson.loads(made.body)["auth"]["client_token"]))["paths"]
    mounts = {path.split("/")[1] for path in paths}
    assert "kv2" in mounts
    assert not mounts & {"kv1", "pki", "transit"}
    assert not any(path.startswith("/auth/approle") for path in paths)


async def test_places_for_mounts(live: Live, theirs: httpx.Client) -> None:
    request = request_of("GET", f"/v1/{SPEC}", GENERIC, {"x-vault-token": live.root}, b"", ("127.0.0.1", 1))
    ours = orjson.loads((await live.core.handle(request)).body)["paths"]
    other = theirs.get(SPEC, params={"generic_mount_paths": "true"}).json()["paths"]
    for path in ("/{kv2_mount_path}/data/{path}", "/auth/{approle_mount_path}/login", "/auth/token/create"):
        assert outline(ours[path]) == outline(other[path])
    (place,) = ours["/auth/{approle_mount_path}/login"]["parameters"]
    assert place["schema"]["default"] == "approle"
    assert not any(path.startswith("/kv2/") for path in ours)


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder: Path = tmp_path_factory.mktemp("openbao")
    with openbao(folder) as client:
        for path, body in {
            "mounts/kv2": {"type": "kv-v2"}, "mounts/transit": {"type": "transit"}, "mounts/pki": {"type": "pki"},
            "auth/approle": {"type": "approle"}, "auth/userpass": {"type": "userpass"},
        }.items():  # fmt: skip
            client.post(f"sys/{path}", json=body).raise_for_status()
        yield client


@pytest.mark.parametrize(
    "path",
    [
        "/kv2/data/{path}", "/kv2/metadata/{path}", "/kv2/config", "/kv2/delete/{path}", "/transit/keys",
        "/transit/keys/{name}/rotate", "/transit/encrypt/{name}", "/pki/roles", "/pki/certs", "/auth/approle/login",
        "/auth/approle/role", "/auth/userpass/users/{username}", "/auth/token/create", "/sys/mounts/{path}",
        "/sys/auth/{path}", "/sys/leases/lookup/{prefix}", "/sys/health", "/sys/policies/password/{name}/generate",
    ],
)  # fmt: skip
async def test_the_shape_is_that_of_openbao(live: Live, theirs: httpx.Client, path: str) -> None:
    ours, other = (await described(live))["paths"], theirs.get(SPEC).json()["paths"]
    assert outline(ours[path.replace("{username}", "{name}")]) == outline(other[path])


def outline(item: dict[str, Any]) -> dict[str, Any]:
    """What clients make of it: methods, tags, whether there is a body, lists, rights."""
    found: dict[str, Any] = {name: item.get(name, False) for name in ("x-vault-sudo", "x-vault-unauthenticated")}
    found["places"] = [(one["in"], one["required"], one["schema"]["type"]) for one in item.get("parameters", ())]
    for method in sorted(item.keys() & set(METHODS.values())):
        operation = item[method]
        lists = [one.get("required", False) for one in operation.get("parameters", ()) if one["name"] == "list"]
        found[method] = (operation["tags"], lists)
    return found
