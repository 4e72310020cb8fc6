"""Lookups and renewals."""

import pytest

from stratumiops.vault.errors import BadRequest, PermissionDenied
from stratumiops.vault.request import Auth

from .world import LIMITS, LIST, READ, WRITE, World


async def world() -> World:
    return await World().begin()


async def test_lookups() -> None:
    vault = await world()
    auth = await vault.create(policies=["dev"], ttl="1h")
    by_token = await vault.data(WRITE, "auth/token/lookup", token=auth.client_token)
    assert await vault.data(READ, "auth/token/lookup-self", auth.client_token) == by_token
    assert await vault.data(READ, "auth/token/lookup", auth.client_token) == by_token
    by_accessor = await vault.data(WRITE, "auth/token/lookup-accessor", accessor=auth.accessor)
    assert by_accessor == {**by_token, "id": ""}
    with pytest.raises(PermissionDenied, match="bad token"):
        await vault.ask(WRITE, "auth/token/lookup", token="hvs.nope")
    with pytest.raises(BadRequest, match="invalid accessor"):
        await vault.ask(WRITE, "auth/token/lookup-accessor", accessor="../id/x")
    with pytest.raises(BadRequest, match="missing accessor"):
        await vault.ask(WRITE, "auth/token/lookup-accessor")


@pytest.mark.parametrize("odd", ["", "hvs.", "hvb.", "hvb.AAAA", "hvb.é", "\ud800", "\x00", "x" * 100_000, "id/../x"])
async def test_what_is_no_token(odd: str) -> None:
    vault = await world()
    assert await vault.tokens.lookup(odd) is None


async def test_accessors_are_listed() -> None:
    vault = await world()
    auth = await vault.create(policies=["dev"])
    root = await vault.data(READ, "auth/token/lookup-self")
    listed = await vault.data(LIST, "auth/token/accessors")
    assert listed["keys"] == sorted([auth.accessor, root["accessor"]])


async def test_a_renewal_counts_from_now() -> None:
    vault = await world()
    token = await vault.token()
    vault.system.at += 600
    answer = await vault.ask(WRITE, "auth/token/renew", token=token, increment="2h")
    assert answer.auth is not None
    assert (answer.auth.ttl, answer.auth.client_token) == (7200, token)
    vault.system.at += 60
    data = await vault.data(READ, "auth/token/lookup-self", token)
    assert (data["ttl"], data["creation_ttl"], data["last_renewal_time"]) == (7140, 3600, 1_700_000_600)
    again = await vault.ask(WRITE, "auth/token/renew-self", token, increment=None)
    assert again.auth is not None
    assert again.auth.ttl == 7200


async def test_renewal_by_accessor_does_not_tell_the_token() -> None:
    vault = await world()
    auth = await vault.create(policies=["dev"], ttl="1h")
    answer = await vault.ask(WRITE, "auth/token/renew-accessor", accessor=auth.accessor, increment=60)
    assert answer.auth is not None
    assert (answer.auth.client_token, answer.auth.accessor, answer.auth.ttl) == ("", auth.accessor, 60)


async def test_the_explicit_maximum_ends_renewals() -> None:
    vault = await world()
    token = await vault.token(explicit_max_ttl="90m")
    answer = await vault.ask(WRITE, "auth/token/renew", token=token, increment="2h")
    assert answer.auth is not None
    assert answer.auth.ttl == 5400
    assert answer.warnings == ['TTL of "2h" exceeded the effective max_ttl of "1h30m"; TTL value is capped accordingly']
    vault.system.at += 5000
    last = await vault.ask(WRITE, "auth/token/renew", token=token, increment="2h")
    assert last.auth is not None
    assert last.auth.ttl == 400


async def test_a_periodic_token_lives_as_long_as_it_is_renewed() -> None:
    vault = await world()
    token = await vault.token(period="1h")
    for _ in range(2000):
        vault.system.at += 3599
        answer = await vault.ask(WRITE, "auth/token/renew", token=token, increment="5h")
        assert answer.auth is not None
        assert answer.auth.ttl == 3600
    bounded = await vault.token(period="1h", explicit_max_ttl="90m")
    vault.system.at += 3000
    answer = await vault.ask(WRITE, "auth/token/renew", token=bounded)
    assert answer.auth is not None
    assert answer.auth.ttl == 2400


async def test_what_cannot_be_renewed() -> None:
    vault = await world()
    with pytest.raises(BadRequest, match="token not found"):
        await vault.ask(WRITE, "auth/token/renew", token="nope")
    with pytest.raises(BadRequest, match="missing token ID"):
        await vault.ask(WRITE, "auth/token/renew")
    fixed = await vault.token(renewable=False)
    for token in (fixed, vault.root):
        with pytest.raises(BadRequest, match="lease is not renewable"):
            await vault.ask(WRITE, "auth/token/renew", token=token)
    with pytest.raises(BadRequest, match="'increment'"):
        await vault.ask(WRITE, "auth/token/renew-self", await vault.token(), increment="-1h")


async def test_a_token_ends_at_the_very_instant() -> None:
    vault = await world()
    token = await vault.token(ttl=10)
    vault.system.at += 10 - 1e-3
    assert await vault.is_alive(token)
    vault.system.at += 1e-3
    assert not await vault.is_alive(token)
    with pytest.raises(BadRequest, match="token not found"):
        await vault.ask(WRITE, "auth/token/renew", token=token)


async def test_the_maximum_of_a_login_bounds_its_renewals() -> None:
    vault = await World().begin()
    auth = Auth(policies=["dev"], ttl=600, max_ttl=1000)
    client_token, _ = await vault.tokens.create(auth, path="auth/approle/login", limits=LIMITS)
    assert (auth.ttl, list(auth.policies), auth.orphan) == (600, ["default", "dev"], True)
    vault.system.at += 500
    answer = await vault.ask(WRITE, "auth/token/renew", token=client_token, increment="2h")
    assert answer.auth is not None
    assert answer.auth.ttl == 500
    names = (await vault.data(LIST, "sys/leases/lookup/auth/approle/login"))["keys"]
    assert names == ["h" + vault.tokens.id_of(client_token)]
    await vault.ask(WRITE, "sys/leases/revoke-prefix/auth/approle/", sync=True)
    assert not await vault.is_alive(client_token)
