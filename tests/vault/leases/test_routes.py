"""The routes of leases: statuses, shapes, and the texts that clients compare."""

import pytest

from stratumiops.vault.errors import BadRequest, Internal, NotFound
from stratumiops.vault.request import Secret

from ..tokens.world import LIST, READ, WRITE, World  # noqa: TID252 - tests are no package on the path


async def test_a_lease_is_found_and_listed() -> None:
    vault = await World().begin()
    lease_id = await vault.lease("x")
    assert lease_id.startswith("db/creds/app/")
    assert len(lease_id.rpartition("/")[2]) == 24
    assert await vault.data(WRITE, "sys/leases/lookup", lease_id=lease_id) == {
        "id": lease_id, "path": "db/creds/app", "issue_time": "2023-11-14T22:13:20.000000000Z",
        "expire_time": "2023-11-14T22:23:20.000000000Z", "last_renewal": None, "renewable": True, "ttl": 600,
    }  # fmt: skip
    for path, keys in (("", ["db/"]), ("/db", ["creds/"]), ("/db/creds/app/", [lease_id[13:]])):
        assert (await vault.data(LIST, f"sys/leases/lookup{path}"))["keys"] == keys
    with pytest.raises(NotFound):
        await vault.ask(LIST, "sys/leases/lookup/zzz/")


async def test_lists_in_pages() -> None:
    vault = await World().begin()
    ends = sorted([(await vault.lease("x")).rpartition("/")[2] for _ in range(5)])
    path = "sys/leases/lookup/db/creds/app"
    assert (await vault.data(LIST, path, limit=2))["keys"] == ends[:2]
    assert (await vault.data(LIST, path, after=ends[1], limit=2))["keys"] == ends[2:4]
    assert (await vault.data(LIST, path, after=ends[1]))["keys"] == ends[2:]
    with pytest.raises(NotFound):
        await vault.ask(LIST, path, after=ends[-1])


async def test_a_list_says_what_they_are() -> None:
    vault = await World().begin()
    ends = sorted([(await vault.lease("x")).rpartition("/")[2] for _ in range(3)])
    found = await vault.data(LIST, "sys/leases/lookup/db/creds/app", detailed=True, limit=2)
    assert found["keys"] == list(found["key_info"]) == ends[:2]
    assert found["key_info"][ends[0]] == await vault.data(
        WRITE, "sys/leases/lookup", lease_id=f"db/creds/app/{ends[0]}"
    )
    assert (await vault.data(LIST, "sys/leases/lookup/db", detailed=True)) == {"keys": ["creds/"], "key_info": {}}


@pytest.mark.parametrize("lease_id", ["nope", "db/creds/app/x", "/", "a/", "\x00", "x" * 5000, "../id"])
async def test_what_is_no_lease(lease_id: str) -> None:
    vault = await World().begin()
    with pytest.raises(BadRequest, match="invalid lease"):
        await vault.ask(WRITE, "sys/leases/lookup", lease_id=lease_id)
    with pytest.raises(BadRequest, match="lease not found"):
        await vault.ask(WRITE, "sys/leases/renew", lease_id=lease_id)
    assert (await vault.ask(WRITE, "sys/leases/revoke", lease_id=lease_id)).status == 204


async def test_without_an_id() -> None:
    vault = await World().begin()
    for path in ("lookup", "renew", "revoke"):
        with pytest.raises(BadRequest, match="lease_id must be specified"):
            await vault.ask(WRITE, f"sys/leases/{path}")


@pytest.mark.parametrize("form", ["leases/renew", "renew"])
async def test_renewed_from_now_on_and_at_most_to_its_maximum(form: str) -> None:
    vault = await World().begin()
    lease_id = await vault.lease("x", ttl=600, max_ttl=1800)
    vault.system.at += 300
    renewed = []
    for path, data in (
        (form, {"lease_id": lease_id, "increment": 1000}), (f"{form}/{lease_id}", {}),
        (f"{form}/{lease_id}", {"increment": "5h"}),
    ):  # fmt: skip
        secret = (await vault.ask(WRITE, f"sys/{path}", **data)).secret
        assert secret is not None
        assert (secret.lease_id, secret.renewable) == (lease_id, True)
        renewed.append(secret.ttl)
    assert renewed == [1000, 1000, 1500]
    assert vault.engine.renewed == renewed
    data = await vault.data(WRITE, "sys/leases/lookup", lease_id=lease_id)
    assert (data["ttl"], data["last_renewal"]) == (1500, "2023-11-14T22:18:20.000000000Z")
    vault.system.at += 1499.5
    with pytest.raises(BadRequest, match="cannot renew"):
        await vault.ask(WRITE, f"sys/{form}", lease_id=lease_id)


async def test_what_is_not_renewable() -> None:
    vault = await World().begin()
    lease_id = await vault.lease("x", renewable=False)
    with pytest.raises(BadRequest, match="lease is not renewable"):
        await vault.ask(WRITE, "sys/leases/renew", lease_id=lease_id)


@pytest.mark.parametrize("path", ["leases/revoke", "revoke"])
async def test_revoked_once(path: str) -> None:
    vault = await World().begin()
    before = vault.stored()
    first, second = await vault.lease("a"), await vault.lease("b")
    assert (await vault.ask(WRITE, f"sys/{path}", lease_id=first)).status == 204
    for _ in range(2):
        assert (await vault.ask(WRITE, f"sys/{path}/{second}", sync=True)).status == 204
    assert vault.engine.revoked == {"a": 1, "b": 1}
    assert vault.stored() == before
    assert vault.events == {"issued": 2, "revoked": 2}


@pytest.mark.parametrize("path", ["leases/revoke-prefix", "revoke-prefix"])
async def test_revoked_by_prefix(path: str) -> None:
    vault = await World().begin()
    names = [str(number) for number in range(150)]
    for name in names:
        await vault.lease(name)
    kept = await vault.token()
    assert (await vault.ask(WRITE, f"sys/{path}/db/cre")).status == 204
    assert not vault.engine.revoked
    assert (await vault.ask(WRITE, f"sys/{path}/db/creds", sync=True)).status == 204
    assert vault.engine.revoked == dict.fromkeys(names, 1)
    assert await vault.is_alive(kept)
    assert (await vault.ask(WRITE, f"sys/{path}/auth/token", sync=True)).status == 204
    assert not await vault.is_alive(kept)


async def test_an_engine_that_fails() -> None:
    vault = await World().begin()
    before = vault.stored()
    lease_id = await vault.lease("x")
    vault.engine.broken = True
    with pytest.raises(Internal, match="connection refused"):
        await vault.ask(WRITE, "sys/leases/revoke", lease_id=lease_id, sync=True)
    assert (await vault.ask(WRITE, "sys/leases/revoke", lease_id=lease_id)).status == 202
    with pytest.raises(BadRequest, match="lease not found"):
        await vault.ask(WRITE, "sys/leases/renew", lease_id=lease_id)
    assert vault.events["revocation_failed"] == 2
    assert (await vault.ask(WRITE, "sys/leases/revoke-force/db")).status == 204
    assert vault.stored() == before


async def test_leases_that_cannot_be_revoked_are_counted() -> None:
    vault = await World().begin()
    lease_id = await vault.lease("x")
    token = await vault.token()
    counted = await vault.data(READ, "sys/leases/count")
    assert counted == {"lease_count": 2, "counts": {"auth/token/": 1, "db/": 1}}
    assert await vault.data(READ, "sys/leases/count", type="irrevocable") == {"lease_count": 0, "counts": {}}
    vault.engine.broken = True
    for _ in range(6):
        await vault.leases.revoke(lease_id)
    assert await vault.data(READ, "sys/leases/count", type="irrevocable") == {"lease_count": 1, "counts": {"db/": 1}}
    listed = await vault.data(READ, "sys/leases", type="irrevocable")
    assert listed == {"lease_count": 1, "leases": [{"lease_id": lease_id}]}
    vault.engine.broken = False
    await vault.leases.revoke(lease_id)
    await vault.tokens.revoke(token)
    assert not [key for key in vault.stored() if "lease" in key]


async def test_namespaces_see_their_own() -> None:
    vault = await World().begin()
    request = await vault.request(READ, "db/creds/app")
    request.namespace = "team/"
    lease_id = await vault.leases.register(Secret(600, internal={"name": "x"}), request)
    assert lease_id.startswith("db/creds/app/")
    for namespace, found in (("team/", True), ("other/", False), ("", False)):
        request = await vault.request(WRITE, "sys/leases/lookup", lease_id=lease_id)
        request.namespace = namespace
        if found:
            assert ((await vault.answer(request)).data or {})["path"] == "db/creds/app"
        else:
            with pytest.raises(BadRequest, match="invalid lease"):
                await vault.answer(request)


async def test_ttls_are_bounded_by_the_mount() -> None:
    vault = await World().begin()
    vault.engine.mount.default_lease_ttl, vault.engine.mount.max_lease_ttl = 50, 100
    request = await vault.request(READ, "db/creds/app")
    for asked, given in ((0, 50), (80, 80), (200, 100)):
        secret = Secret(asked, internal={"name": "x"})
        await vault.leases.register(secret, request)
        assert secret.ttl == given
