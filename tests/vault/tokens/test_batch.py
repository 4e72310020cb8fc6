"""Batch tokens: sealed, not kept."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratumiops.vault.errors import BadRequest
from stratumiops.vault.tokens.batch import BatchTokens
from stratumiops.vault.tokens.models import Token

from .world import READ, WRITE, World


async def test_nothing_of_them_is_kept() -> None:
    vault = await World().begin()
    before = vault.stored()
    auth = await vault.create(policies=["dev"], type="batch", ttl="1h", meta={"a": "b"})
    assert vault.stored() == before
    assert auth.client_token.startswith("hvb.")
    assert (auth.accessor, auth.renewable, auth.token_type, auth.ttl) == ("", False, "batch", 3600)
    data = await vault.data(READ, "auth/token/lookup-self", auth.client_token)
    assert data == await vault.data(WRITE, "auth/token/lookup", token=auth.client_token)
    assert (data["accessor"], data["type"], data["meta"], data["ttl"]) == ("", "batch", {"a": "b"}, 3600)
    assert (data["policies"], data["orphan"]) == (["default", "dev"], False)
    again = await vault.restarted()
    assert await again.is_alive(auth.client_token)
    vault.system.at += 3600
    assert not await again.is_alive(auth.client_token)
    await again.tokens.stop()


async def test_what_they_cannot_do() -> None:
    vault = await World().begin()
    batch = await vault.token(type="batch")
    for path, data, client_token, text in (
        ("auth/token/create", {}, batch, "batch tokens cannot create more tokens"),
        ("auth/token/renew", {"token": batch}, "", "batch tokens cannot be renewed"),
        ("auth/token/renew-self", {}, batch, "batch tokens cannot be renewed"),
        ("auth/token/revoke", {"token": batch}, "", "batch tokens cannot be revoked"),
        ("auth/token/revoke-self", {}, batch, "batch tokens cannot be revoked"),
        ("auth/token/revoke-orphan", {"token": batch}, "", "batch tokens cannot be revoked"),
        ("cubbyhole/x", {"a": "b"}, batch, "cubbyhole operations are only supported by 'service' type tokens"),
    ):
        with pytest.raises(BadRequest, match=text):
            await vault.ask(WRITE, path, client_token, **data)


async def test_they_end_with_their_parent() -> None:
    vault = await World().begin()
    parent = await vault.token()
    child = await vault.token(parent, type="batch")
    orphan = (await vault.create(parent, how="create-orphan", type="batch")).client_token
    lease = await vault.lease("of the child", child)
    assert (await vault.data(WRITE, "sys/leases/lookup", lease_id=lease))["ttl"] == 600
    await vault.tokens.revoke(parent)
    assert [await vault.is_alive(child), await vault.is_alive(orphan)] == [False, True]
    assert vault.engine.revoked == {"of the child": 1}


async def test_leases_do_not_outlive_them() -> None:
    vault = await World().begin()
    batch = await vault.token(type="batch", ttl=100)
    lease = await vault.lease("x", batch, ttl=600)
    assert (await vault.data(WRITE, "sys/leases/lookup", lease_id=lease))["ttl"] == 100
    vault.system.at += 50
    answer = await vault.ask(WRITE, "sys/leases/renew", lease_id=lease, increment=3600)
    assert answer.secret is not None
    assert answer.secret.ttl == 50


token = Token(accessor="", policies=("dev",), path="auth/token/create", created=1.5, expires=2.5, ttl=1, kind="batch",
              renewable=False)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(position=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_changed_ones_are_none(position: int, flip: int) -> None:
    batch = BatchTokens(bytes(32))
    text = batch.seal(token)
    assert batch.open(text) == token
    sealed = bytearray(base64.urlsafe_b64decode(text[4:] + "=" * (-len(text[4:]) % 4)))
    sealed[position % len(sealed)] ^= flip
    changed = "hvb." + base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
    assert batch.open(changed) is None
    assert BatchTokens(bytes(31) + b"\x01").open(text) is None


@given(text=st.text(max_size=60))
def test_any_text_is_none(text: str) -> None:
    assert BatchTokens(bytes(32)).open("hvb." + text) is None
