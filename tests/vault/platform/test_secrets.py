"""`secrets` and `secret`: names below a kv mount, and what is known of them; versions."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from stratumiops.graph.errors import Conflict
from stratumiops.resolvers.vault.caller import VaultCaller
from stratumiops.resolvers.vault.session import Vault

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault
from .asking import Asker, unique
from .conftest import TokenOf

LIST = """query ($mount: String!, $path: String!, $recursive: Boolean!, $search: String, $first: Int!, $after: String) {
  secrets(mount: $mount, path: $path, recursive: $recursive, search: $search, first: $first, after: $after) {
    nodes { id mount path name isFolder currentVersion customMetadata { key value } }
    edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
NAMES = """query ($mount: String!, $path: String!, $recursive: Boolean = false, $search: String, $first: Int = 50,
  $after: String) { secrets(mount: $mount, path: $path, recursive: $recursive, search: $search, first: $first,
  after: $after) { nodes { path } pageInfo { hasNextPage endCursor } } }"""
ONE = """query ($mount: String!, $path: String!) { secret(mount: $mount, path: $path) { id mount path name isFolder
  currentVersion oldestVersion maxVersions casRequired deleteVersionAfter createdAt updatedAt
  customMetadata { key value } versions { version createdAt deletedAt destroyed } } }"""
LIST_ALL = 'path "secret/metadata/*" { capabilities = ["list", "read"] }'


@pytest.fixture(scope="module")
def folder(vault: Server) -> str:
    """A folder with `a`, `b` (2 versions), `deep/c` and `deep/er/d`."""
    name = unique("team")
    for path in ("a", "b", "b", "deep/c", "deep/er/d"):
        vault.data("POST", f"secret/data/{name}/{path}", json={"data": {"password": "s3cret-value"}})
    more = {"custom_metadata": {"owner": "ada"}, "max_versions": 7, "cas_required": True, "delete_version_after": "90m"}
    vault.data("POST", f"secret/metadata/{name}/b", json=more)
    return name


async def names(ask: Asker, path: str, mount: str = "secret", **more: object) -> list[str]:
    found = (await ask(NAMES, mount=mount, path=path, **more)).data["secrets"]
    return [one["path"] for one in found["nodes"]]


async def test_a_folder(ask: Asker, folder: str) -> None:
    answer = await ask(LIST, mount="secret/", path=f"/{folder}", recursive=False, first=50)
    found = answer.data["secrets"]
    assert [one["path"] for one in found["nodes"]] == [f"{folder}/a", f"{folder}/b", f"{folder}/deep/"]
    _, secret, deep = found["nodes"]
    assert secret == {
        "id": f"vault:secret/{folder}/b", "mount": "secret/", "path": f"{folder}/b", "name": "b", "isFolder": False,
        "currentVersion": 2, "customMetadata": [{"key": "owner", "value": "ada"}],
    }  # fmt: skip
    assert (deep["id"], deep["name"], deep["isFolder"]) == (f"vault:secret/{folder}/deep/", "deep", True)
    assert deep["currentVersion"] is None
    assert [one["node"]["id"] for one in found["edges"]] == [one["id"] for one in found["nodes"]]
    assert found["pageInfo"]["endCursor"] == found["edges"][-1]["cursor"]
    assert "s3cret-value" not in answer.text


async def test_pages(ask: Asker, folder: str) -> None:
    for more in ({}, {"recursive": True}, {"search": folder}):
        everything, seen, after = await names(ask, folder, **more), [], None
        while True:
            found = (await ask(NAMES, mount="secret", path=folder, first=1, after=after, **more)).data["secrets"]
            seen += [one["path"] for one in found["nodes"]]
            if not found["pageInfo"]["hasNextPage"]:
                break
            after = found["pageInfo"]["endCursor"]
        assert seen == everything
        assert len(everything) >= 3


async def test_recursive_and_search_show_what_may_be_listed(
    api: Asker, ask: Asker, folder: str, token_of: TokenOf
) -> None:
    everything = [f"{folder}/{name}" for name in ("a", "b", "deep/c", "deep/er/d")]
    assert await names(ask, folder, recursive=True) == everything
    assert await names(ask, folder, search="ADA") == [f"{folder}/b"]
    token = token_of(
        f'path "secret/metadata/{folder}/deep/*" {{ capabilities = ["list", "read"] }}\n'
        f'path "secret/metadata/{folder}/" {{ capabilities = ["list"] }}\n'
        'path "secret/search/*" { capabilities = ["read"] }'
    )
    seen = await names(api.by(token), folder, recursive=True)
    assert seen == await names(api.by(token), folder, search=folder)
    assert f"{folder}/deep/c" in seen
    assert f"{folder}/a" not in seen


async def test_one_secret(ask: Asker, folder: str) -> None:
    found = (await ask(ONE, mount="secret", path=f"{folder}/b")).data["secret"]
    versions = found.pop("versions")
    assert found["createdAt"] < found.pop("updatedAt")
    assert found.pop("createdAt")
    assert found == {
        "id": f"vault:secret/{folder}/b", "mount": "secret/", "path": f"{folder}/b", "name": "b", "isFolder": False,
        "currentVersion": 2, "oldestVersion": 0, "maxVersions": 7, "casRequired": True, "deleteVersionAfter": 5400,
        "customMetadata": [{"key": "owner", "value": "ada"}],
    }  # fmt: skip
    assert [one["version"] for one in versions] == [2, 1]
    assert {one["destroyed"] for one in versions} == {False}
    assert (await ask(ONE, mount="secret", path=f"{folder}/none")).data["secret"] is None
    assert (await ask(ONE, mount="secret", path=f"{folder}/deep/")).data["secret"]["isFolder"]
    assert (await ask(ONE, mount="secret", path="nothing/")).data["secret"] is None


async def test_kv_1(ask: Asker, vault: Server) -> None:
    name = unique("app")
    vault.data("POST", f"old/{name}/key", json={"password": "s3cret-value"})
    assert await names(ask, name, mount="old") == [f"{name}/key"]
    answer = await ask(ONE, mount="old", path=f"{name}/key")
    assert answer.data["secret"]["currentVersion"] is None
    assert answer.data["secret"]["versions"] == []
    assert "s3cret-value" not in answer.text
    assert (await ask(ONE, mount="old", path=f"{name}/none")).data["secret"] is None
    assert (await ask(NAMES, mount="old", path=name, recursive=True)).code == "BAD_INPUT"
    assert (await ask(NAMES, mount="old", path=name, search="x")).code == "BAD_INPUT"


async def test_names_without_metadata_and_metadata_without_names(api: Asker, folder: str, token_of: TokenOf) -> None:
    lister = token_of(f'path "secret/metadata/{folder}/" {{ capabilities = ["list"] }}')
    found = (await api.by(lister)(LIST, mount="secret", path=folder, recursive=False, first=9)).data["secrets"]["nodes"]
    assert [one["currentVersion"] for one in found] == [None, None, None]
    assert (await api.by(lister)(ONE, mount="secret", path=f"{folder}/b")).code == "FORBIDDEN"
    reader = token_of(f'path "secret/metadata/{folder}/b" {{ capabilities = ["read"] }}')
    refused = await api.by(reader)(NAMES, mount="secret", path=folder)
    assert refused.code == "FORBIDDEN"
    assert "vaultAccess" in refused.error["extensions"]["hint"]
    assert (await api.by(reader)(ONE, mount="secret", path=f"{folder}/b")).data["secret"]["currentVersion"] == 2


async def test_three_thousand_names_come_in_bounded_pages(ask: Asker, vault: Server) -> None:
    name = unique("many")
    with ThreadPoolExecutor(8) as pool:
        put = lambda number: vault.data("POST", f"secret/data/{name}/k{number:04}", json={"data": {"v": 1}})  # noqa: E731
        list(pool.map(put, range(3_000)))
    found = (await ask(LIST, mount="secret", path=name, recursive=False, first=1_000)).data["secrets"]
    assert len(found["nodes"]) == 1_000
    assert {one["currentVersion"] for one in found["nodes"]} == {1}
    after, seen = None, []
    while after != "":
        page = (await ask(NAMES, mount="secret", path=name, first=700, after=after)).data["secrets"]
        seen += [one["path"] for one in page["nodes"]]
        after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else ""
    assert seen == [f"{name}/k{number:04}" for number in range(3_000)]
    assert (await ask(NAMES, mount="secret", path=name, first=1_001)).code == "BAD_INPUT"


@pytest.mark.parametrize("path", ["../sys", "a/../../b", "a/./b", "a//b", "a\nb", "a\x00", "x" * 3_000, "\ud800"])
async def test_paths_that_are_none(ask: Asker, path: str) -> None:
    for query in (NAMES, ONE):
        refused = await ask(query, mount="secret", path=path)
        assert refused.code == "BAD_INPUT"
        assert refused.error["extensions"]["field"] == "path"
    refused = await ask(NAMES, mount=path, path="")
    assert refused.code == "BAD_INPUT"


async def test_names_that_look_odd_are_names(ask: Asker, vault: Server) -> None:
    name = unique("odd")
    for path in ("%2e%2e", "a b", "ü?x=1", "q#1"):
        vault.data("POST", f"secret/data/{name}/" + path.replace("%", "%25").replace("?", "%3F").replace("#", "%23"),
                   json={"data": {"v": 1}})  # fmt: skip
    assert set(await names(ask, name)) == {f"{name}/{path}" for path in ("%2e%2e", "a b", "ü?x=1", "q#1")}
    for path in ("%2e%2e", "a b", "ü?x=1", "q#1"):
        assert (await ask(ONE, mount="secret", path=f"{name}/{path}")).data["secret"]["currentVersion"] == 1


async def test_mounts_that_are_none(ask: Asker, vault: Server) -> None:
    assert (await ask(NAMES, mount="pki", path="")).code == "BAD_INPUT"
    assert (await ask(NAMES, mount="nowhere", path="")).code == "FORBIDDEN"
    assert (await ask(NAMES, mount="secret/metadata", path="")).code == "BAD_INPUT"
    assert (await ask(NAMES, mount="secret", path="", after="bad")).code == "BAD_INPUT"


async def test_who_may(api: Asker, vault: Server, token_of: TokenOf) -> None:
    for token in (None, "hvs.unknown", "s.with space"):
        refused = await api.by(token)(NAMES, mount="secret", path="")
        assert refused.code == "UNAUTHENTICATED"
        assert "Log in" in refused.error["extensions"]["hint"]
    token = token_of(LIST_ALL)
    assert (await api.by(token)(NAMES, mount="secret", path="")).data
    vault.data("PUT", "auth/token/revoke", json={"token": token})
    assert (await api.by(token)(NAMES, mount="secret", path="")).code == "UNAUTHENTICATED"
    ending = api.by(token_of(LIST_ALL, ttl="1s"))
    async with asyncio.timeout(20):
        while "errors" not in (answer := await ending(NAMES, mount="secret", path="")).body:
            await asyncio.sleep(0.05)
    assert answer.code == "UNAUTHENTICATED"
    assert (await api.by(vault.root, "nowhere")(NAMES, mount="secret", path="")).code in {
        "NOT_FOUND",
        "UNAUTHENTICATED",
    }


async def test_versions_go_and_come_back(ask: Asker, vault: Server) -> None:
    name = unique("versions")
    for _ in range(3):
        vault.data("POST", f"secret/data/{name}", json={"data": {"v": 1}})

    async def done(verb: str, versions: list[int], path: str = name) -> dict[str, tuple[bool, bool]]:
        query = "mutation ($input: SecretVersionsInput!) { done: %sSecretVersions(input: $input) {" % verb  # noqa: UP031
        query += " secret { versions { version deletedAt destroyed } } } }"
        answer = await ask(query, input={"mount": "secret", "path": path, "versions": versions})
        found = answer.data["done"]["secret"]["versions"]
        return {one["version"]: (one["deletedAt"] is not None, one["destroyed"]) for one in found}

    assert await done("delete", [1, 2]) == {3: (False, False), 2: (True, False), 1: (True, False)}
    assert await done("undelete", [1]) == {3: (False, False), 2: (True, False), 1: (False, False)}
    assert (await done("destroy", [3]))[3] == (False, True)
    for wrong in ([], [0], list(range(1, 1_002))):
        refused = await ask(
            "mutation ($input: SecretVersionsInput!) { deleteSecretVersions(input: $input) { secret { id } } }",
            input={"mount": "secret", "path": name, "versions": wrong},
        )
        assert refused.code == "BAD_INPUT"
    for mount, path, code in (
        ("secret", "none", "NOT_FOUND"),
        ("old", name, "BAD_INPUT"),
        ("secret", "../x", "BAD_INPUT"),
    ):
        refused = await ask(
            "mutation ($input: SecretVersionsInput!) { destroySecretVersions(input: $input) { secret { id } } }",
            input={"mount": mount, "path": path, "versions": [1]},
        )
        assert refused.code == code


UPDATE = """mutation ($input: SecretUpdateInput!) { updateSecret(input: $input) { secret {
  maxVersions casRequired deleteVersionAfter customMetadata { key value } } } }"""
DELETE = "mutation ($input: SecretDeleteInput!) { deleteSecret(input: $input) { id } }"


async def test_how_a_secret_is_kept_and_noted(ask: Asker, vault: Server) -> None:
    name = unique("kept")
    vault.data("POST", f"secret/data/{name}", json={"data": {"v": 1}})

    async def update(**more: object) -> dict[str, object]:
        answer = await ask(UPDATE, input={"mount": "secret", "path": name, **more})
        return dict(answer.data["updateSecret"]["secret"])

    notes = [{"key": "owner", "value": "ada"}, {"key": "team", "value": "shop"}]
    assert await update(customMetadata=notes, maxVersions=3, casRequired=True, deleteVersionAfter=5_400) == {
        "customMetadata": notes, "maxVersions": 3, "casRequired": True, "deleteVersionAfter": 5_400,
    }  # fmt: skip
    kept = await update(customMetadata=notes[1:], casRequired=None)
    assert kept == {"customMetadata": notes[1:], "maxVersions": 3, "casRequired": True, "deleteVersionAfter": 5_400}
    cleared = await update(customMetadata=[], casRequired=False, deleteVersionAfter=0, maxVersions=0)
    assert cleared == {"customMetadata": [], "maxVersions": 0, "casRequired": False, "deleteVersionAfter": None}
    assert vault.data("GET", f"secret/metadata/{name}")["custom_metadata"] in (None, {})


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"maxVersions": -1}, "BAD_INPUT", "input.maxVersions"),
        ({"deleteVersionAfter": -1}, "BAD_INPUT", "input.deleteVersionAfter"),
        ({"customMetadata": [{"key": "a", "value": "1"}] * 2}, "BAD_INPUT", "input.customMetadata"),
        ({"customMetadata": [{"key": "a" * 129, "value": "1"}]}, "BAD_INPUT", None),
        ({"customMetadata": [{"key": str(i), "value": "1"} for i in range(65)]}, "BAD_INPUT", None),
        ({"path": "none"}, "NOT_FOUND", "input.path"),
        ({"path": "folder/"}, "BAD_INPUT", "input.path"),
        ({"mount": "old"}, "BAD_INPUT", "input.mount"),
    ],
    ids=["versions", "time", "twice", "long-key", "many", "missing", "folder", "kv1"],
)
async def test_what_cannot_be_kept_changes_nothing(
    ask: Asker, folder: str, vault: Server, more: dict[str, object], code: str, field: str | None
) -> None:
    before = vault.data("GET", f"secret/metadata/{folder}/b")
    answer = await ask(UPDATE, input={"mount": "secret", "path": f"{folder}/b", **more})
    assert answer.code == code
    if field:
        assert answer.error["extensions"]["field"] == field
    assert vault.data("GET", f"secret/metadata/{folder}/b") == before


async def test_of_changes_at_the_same_time_those_that_come_late_are_told_so(ask: Asker, vault: Server) -> None:
    name = unique("raced")
    vault.data("POST", f"secret/data/{name}", json={"data": {"v": 1}})
    changes = [ask(UPDATE, input={"mount": "secret", "path": name, "maxVersions": n}) for n in range(1, 9)]
    answers = await asyncio.gather(*changes)
    codes = [answer.code for answer in answers if "errors" in answer.body]
    assert set(codes) <= {"CONFLICT"}
    assert vault.data("GET", f"secret/metadata/{name}")["current_metadata_version"] == len(answers) - len(codes)


async def test_a_change_by_an_older_revision_is_a_conflict(ask: Asker, vault: Server) -> None:
    name = unique("older")
    vault.data("POST", f"secret/data/{name}", json={"data": {"v": 1}})
    session = Vault(ask.services.vault, VaultCaller(vault.root))
    for path, data in (
        (f"secret/metadata/{name}", {"max_versions": 2, "metadata_cas": 7}),
        (f"secret/data/{name}", {"data": {"v": 2}, "options": {"cas": 7}}),
    ):
        with pytest.raises(Conflict, match="Someone else changed it first"):
            await session.write(path, data)


async def test_a_secret_is_deleted_whole(ask: Asker, vault: Server, api: Asker, token_of: TokenOf) -> None:
    name = unique("whole")
    vault.data("POST", f"secret/data/{name}", json={"data": {"v": 1}})
    vault.data("POST", f"old/{name}", json={"v": 1})
    reader = token_of(LIST_ALL)
    refused = await api.by(reader)(DELETE, input={"mount": "secret", "path": name})
    assert refused.code == "FORBIDDEN"
    for mount in ("secret", "old"):
        answer = await ask(DELETE, input={"mount": mount, "path": name})
        assert answer.data["deleteSecret"]["id"] == f"vault:{mount}/{name}"
        assert (await ask(ONE, mount=mount, path=name)).data["secret"] is None
        again = await ask(DELETE, input={"mount": mount, "path": name})
        assert again.code == "NOT_FOUND"


async def test_what_the_platform_asked_for_is_on_record(ask: Asker, vault: Server, tmp_path: Path, folder: str) -> None:
    """Names alone cost one request, however many there are; what is known of each costs one more for each."""
    log = tmp_path / "audit.log"
    vault.data("PUT", "sys/audit/counting", json={"type": "file", "options": {"file_path": str(log)}})
    try:
        before = log.read_text().count('"type":"request"')
        await names(ask, folder)
        plain = log.read_text().count('"type":"request"') - before
        await ask(LIST, mount="secret", path=folder, recursive=False, first=50)
        full = log.read_text().count('"type":"request"') - before - plain
    finally:
        vault.data("DELETE", "sys/audit/counting")
    assert plain == 2  # the mount, the list
    assert full == 4  # and both secrets
