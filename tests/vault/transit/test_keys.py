"""The life of keys: rotation, minimums, trimming, deletion, upserts, concurrency, what is kept and what is not."""

import asyncio

import orjson
import pytest

from stratumiops.vault.engines.transit.backend import TransitBackend
from stratumiops.vault.errors import BadRequest, Internal, NotFound, StorageFailed
from stratumiops.vault.request import Operation, Request

from ..crypto.backends import installed  # noqa: TID252 - backends, or a skipped test
from ..mounted import FixedSystem, Mounted  # noqa: TID252 - the harness of all engines
from .conftest import b64

pytestmark = pytest.mark.timeout(900)
"""The first test that needs liboqs builds it."""

HELLO = b64(b"hello")
HOUR_S = 3600


def again(engine: Mounted) -> Mounted:
    """Another engine over the same storage, as after a restart."""
    return Mounted(TransitBackend(engine.backend.mount, engine.backend.view, engine.system), engine.system)


def with_backend(engine: Mounted, name: str) -> Mounted:
    """Another engine over the same storage, configured with another crypto backend."""
    system = FixedSystem(crypto=installed(name))
    return Mounted(TransitBackend(engine.backend.mount, engine.backend.view, system), system)


async def test_keys_outlive_a_restart(engine: Mounted) -> None:
    for kind in ("aes256-gcm96", "rsa-2048", "ed25519", "ml-dsa-44", "hybrid"):
        await engine.write(f"keys/{kind}", type=kind)
        await engine.write(f"keys/{kind}/rotate")
    sealed = await engine.write("encrypt/aes256-gcm96", plaintext=HELLO, key_version=1)
    before = {kind: await engine.read(f"keys/{kind}") for kind in await engine.names("keys")}
    await engine.backend.stop()
    other = again(engine)
    await other.backend.start()
    assert {kind: await other.read(f"keys/{kind}") for kind in await other.names("keys")} == before
    assert await other.write("decrypt/aes256-gcm96", ciphertext=sealed["ciphertext"]) == {"plaintext": HELLO}


async def test_a_key_is_rotated_when_its_time_has_come(engine: Mounted) -> None:
    await engine.write("keys/a", auto_rotate_period="1h")
    assert (await engine.write("encrypt/a", plaintext=HELLO))["key_version"] == 1
    engine.system.at += HOUR_S - 1
    assert (await engine.write("encrypt/a", plaintext=HELLO))["key_version"] == 1
    engine.system.at += 1
    several = await asyncio.gather(*(engine.write("encrypt/a", plaintext=HELLO) for _ in range(5)))
    assert [one["key_version"] for one in several] == [2] * 5
    assert (await engine.read("keys/a"))["latest_version"] == 2
    engine.system.at += HOUR_S
    assert await engine.write("decrypt/a", ciphertext=several[0]["ciphertext"]) == {"plaintext": HELLO}
    assert (await engine.read("keys/a"))["latest_version"] == 2, "reading makes no new version"


async def test_deletion_is_real(engine: Mounted) -> None:
    await engine.write("keys/a")
    for _ in range(120):
        await engine.write("keys/a/rotate")
    await engine.write("keys/a/config", deletion_allowed=True)
    await engine.delete("keys/a")
    assert await engine.backend.view.keys() == []
    with pytest.raises(NotFound):
        await engine.read("keys/a")
    await engine.write("keys/a")
    assert (await engine.read("keys/a"))["latest_version"] == 1


async def test_a_deletion_that_was_broken_off_is_finished_at_the_next_start(engine: Mounted) -> None:
    view = engine.backend.view
    await view.write("versions/gone/7", {"left": "over"})
    await view.write("deleting/gone", {})
    await engine.backend.start()
    assert await view.keys() == []


@pytest.mark.parametrize("taken_by", ["create", "upsert", "restore"])
async def test_a_name_is_free_after_a_deletion_that_failed_half_way(
    engine: Mounted, monkeypatch: pytest.MonkeyPatch, taken_by: str
) -> None:
    await engine.write("keys/b", exportable=True, allow_plaintext_backup=True)
    backup = (await engine.read("backup/b"))["backup"]
    await engine.write("keys/a")
    for _ in range(120):
        await engine.write("keys/a/rotate")
    await engine.write("keys/a/config", deletion_allowed=True)
    view, done = engine.backend.view, []
    apply = view.apply

    async def once(changes: dict[str, bytes | None]) -> None:
        if done:
            raise StorageFailed("the connection broke")
        done.append(changes)
        await apply(changes)

    with monkeypatch.context() as broken:
        broken.setattr(view, "apply", once)
        broken.setattr("stratumiops.vault.view.View.delete", lambda self, *keys: once(dict.fromkeys(keys)))
        with pytest.raises(StorageFailed):
            await engine.delete("keys/a")
    if taken_by == "create":
        await engine.write("keys/a")
    elif taken_by == "restore":
        await engine.write("restore/a", backup=backup)
    sealed = await engine.write("encrypt/a", plaintext=HELLO)
    other = again(engine)
    await other.backend.start()
    assert await other.write("decrypt/a", ciphertext=sealed["ciphertext"]) == {"plaintext": HELLO}
    assert await view.names("versions/a/") == ["1"]


async def test_trimmed_versions_are_gone_from_the_storage(engine: Mounted) -> None:
    await engine.write("keys/a")
    first = await engine.write("encrypt/a", plaintext=HELLO)
    for _ in range(70):
        await engine.write("keys/a/rotate")
    await engine.write("keys/a/config", min_encryption_version=65, min_decryption_version=65)
    await engine.write("keys/a/trim", min_available_version=64)
    assert sorted(map(int, await engine.backend.view.names("versions/a/"))) == list(range(64, 72))
    with pytest.raises(BadRequest, match="too old"):
        await engine.write("decrypt/a", ciphertext=first["ciphertext"])
    with pytest.raises(BadRequest, match="less than the minimum"):
        await engine.write("encrypt/a", plaintext=HELLO, key_version=63)
    assert list((await engine.read("keys/a"))["keys"]) == [str(number) for number in range(65, 72)]


async def test_rotations_at_once_lose_none(engine: Mounted) -> None:
    await asyncio.gather(*(engine.write("keys/a") for _ in range(5)))
    await asyncio.gather(*(engine.write("keys/a/rotate") for _ in range(20)))
    assert (await again(engine).read("keys/a"))["latest_version"] == 21
    made = await asyncio.gather(*(engine.write("encrypt/new", plaintext=HELLO) for _ in range(20)))
    opened = [await engine.write("decrypt/new", ciphertext=one["ciphertext"]) for one in made]
    assert opened == [{"plaintext": HELLO}] * 20


async def test_encrypting_creates_only_where_nothing_is(engine: Mounted) -> None:
    request = Request("1", Operation.UPDATE, "encrypt/a", {"plaintext": HELLO}, mount="transit/")
    assert not await engine.backend.exists(request)
    await engine.write("encrypt/a", plaintext=HELLO)
    assert await engine.backend.exists(request)
    await engine.write("config/keys", disable_upsert=True)
    with pytest.raises(BadRequest, match="encryption key not found"):
        await engine.write("encrypt/b", plaintext=HELLO)
    restarted = again(engine)
    await restarted.backend.start()
    assert await restarted.read("config/keys") == {"disable_upsert": True}


async def test_what_could_not_be_stored_is_not_used(engine: Mounted, monkeypatch: pytest.MonkeyPatch) -> None:
    await engine.write("keys/a")

    async def full(changes: object) -> None:
        raise StorageFailed("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(engine.backend.view, "apply", full)
        with pytest.raises(StorageFailed):
            await engine.write("keys/a/rotate")
        with pytest.raises(StorageFailed):
            await engine.write("keys/b")
    assert (await engine.write("encrypt/a", plaintext=HELLO))["key_version"] == 1
    assert await engine.names("keys") == ["a"]


async def test_the_cache_is_bounded_and_forgets(engine: Mounted) -> None:
    await engine.write("cache-config", size=10)
    made = [await engine.write(f"encrypt/k{number}", plaintext=HELLO) for number in range(30)]
    ring = engine.backend._keys  # type: ignore[attr-defined]
    assert len(ring._cached) == 10
    for number, one in enumerate(made):
        assert await engine.write(f"decrypt/k{number}", ciphertext=one["ciphertext"]) == {"plaintext": HELLO}
    await engine.backend.stop()
    assert not ring._cached


async def test_nothing_shown_holds_private_parts(engine: Mounted) -> None:
    for kind in ("aes256-gcm96", "ecdsa-p256", "ed25519", "ml-kem-768", "hybrid", "rsa-2048"):
        await engine.write(f"keys/{kind}", type=kind)
        record = await engine.backend.view.read(f"versions/{kind}/1")
        shown = orjson.dumps(await engine.read(f"keys/{kind}")).decode()
        assert record["private"] not in shown
        assert record["hmac_key"] not in shown
        key = await engine.backend._keys.find(kind)  # type: ignore[attr-defined]
        assert record["private"] not in repr(key)
        for secret in (key.versions[1].private, key.versions[1].hmac_key):
            assert repr(secret)[2:-1] not in repr(key.versions[1])


async def test_a_backup_asks_for_both_permissions(engine: Mounted) -> None:
    await engine.write("keys/a", exportable=True)
    with pytest.raises(Internal, match="plaintext backup is disallowed on the policy"):
        await engine.read("backup/a")


@pytest.mark.parametrize("kind", ["ml-dsa-65", "ml-kem-768", "hybrid"])
async def test_post_quantum_keys_are_backed_up_and_restored(engine: Mounted, kind: str) -> None:
    await engine.write("keys/a", type=kind, exportable=True, allow_plaintext_backup=True)
    backup = (await engine.read("backup/a"))["backup"]
    await engine.write("restore/b", backup=backup)
    first, second = await engine.read("keys/a"), await engine.read("keys/b")
    assert first["keys"]["1"]["public_key"] == second["keys"]["1"]["public_key"]
    with pytest.raises(Internal, match="already exists"):
        await engine.write("restore/b", backup=backup)


async def test_many_versions_are_restored(engine: Mounted) -> None:
    await engine.write("keys/a", exportable=True, allow_plaintext_backup=True)
    sealed = await engine.write("encrypt/a", plaintext=HELLO)
    for _ in range(130):
        await engine.write("keys/a/rotate")
    backup = (await engine.read("backup/a"))["backup"]
    await engine.write("restore/a", backup=backup, force=True)
    await engine.write("restore/b", backup=backup)
    for name in ("a", "b"):
        assert await again(engine).write(f"decrypt/{name}", ciphertext=sealed["ciphertext"]) == {"plaintext": HELLO}
    assert await engine.backend.view.names("deleting/") == []


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "5", "{}", '{"policy":{}}', '{"policy":{"type":0,"keys":{}}}', "[" * 100_000,
             '{"policy":{"type":0,"name":"a","latest_version":1e99,"keys":{"1":{}}}}',
             '{"policy":{"type":[],"name":"a","latest_version":1,"keys":{"1":{}}}}',
             '{"policy":{"type":3,"name":"a","latest_version":1,"keys":{"1":{"hmac_key":"","rsa_key":{"N":4,"E":3,"D":1,"Primes":[2,2]}}}}}',
             '{"policy":{"type":0,"name":"../a","latest_version":1,"keys":{"1":{"key":"AAAA","hmac_key":"AAAA"}}}}'],
)  # fmt: skip
async def test_backups_that_are_none(engine: Mounted, text: str) -> None:
    with pytest.raises(BadRequest):
        await engine.write("restore", backup=b64(text.encode()))
    assert await engine.backend.view.keys() == []


async def test_a_backend_that_lacks_a_type_names_one_that_has_it(engine: Mounted) -> None:
    with pytest.raises(BadRequest, match=r'"openssl" has no ml-kem-512; "oqs" has it'):
        await engine.write("keys/a", type="ml-kem-512")
    assert await engine.backend.view.keys() == []


@pytest.mark.parametrize("name", ["oqs", "rustcrypto"])
async def test_what_another_backend_lacks_of_the_classical_algorithms_openssl_does(engine: Mounted, name: str) -> None:
    other = with_backend(engine, name)
    for kind in ("aes256-gcm96", "chacha20-poly1305", "rsa-2048", "hybrid"):
        await other.write(f"keys/{kind}", type=kind)
        sealed = await other.write(f"encrypt/{kind}", plaintext=HELLO)
        assert await engine.write(f"decrypt/{kind}", ciphertext=sealed["ciphertext"]) == {"plaintext": HELLO}
    await engine.write("keys/signs", type="ed25519")
    signed = await other.write("sign/signs", input=HELLO)
    assert await engine.write("verify/signs", input=HELLO, signature=signed["signature"]) == {"valid": True}


async def test_keys_outlive_a_change_of_the_backend(engine: Mounted) -> None:
    other = with_backend(engine, "oqs")
    await engine.write("keys/signs", type="ml-dsa-65")
    await engine.write("keys/wraps", type="ml-kem-1024")
    await engine.write("keys/both", type="hybrid")
    signed = await engine.write("sign/signs", input=HELLO)
    assert await other.write("verify/signs", input=HELLO, signature=signed["signature"]) == {"valid": True}
    signed = await other.write("sign/signs", input=HELLO)
    assert await engine.write("verify/signs", input=HELLO, signature=signed["signature"]) == {"valid": True}
    made = await other.write("encapsulate/wraps")
    found = await engine.write("decapsulate/wraps", ciphertext=made["ciphertext"])
    assert found == {"shared_secret": made["shared_secret"]}
    sealed = await other.write("encrypt/both", plaintext=HELLO)
    assert await engine.write("decrypt/both", ciphertext=sealed["ciphertext"]) == {"plaintext": HELLO}


async def test_what_post_quantum_keys_cannot_do(engine: Mounted) -> None:
    await engine.write("keys/signs", type="ml-dsa-44")
    await engine.write("keys/wraps", type="ml-kem-768")
    refused = {
        "encrypt/wraps": "message encryption not supported for key type ml-kem-768",
        "sign/wraps": "key type ml-kem-768 does not support signing",
        "encapsulate/signs": "key encapsulation not supported for key type ml-dsa-44",
        "decapsulate/zz": "encapsulation key not found",
    }
    for path, text in refused.items():
        with pytest.raises(BadRequest, match=text):
            await engine.write(path, plaintext=HELLO, input=HELLO, ciphertext="vault:v1:AAAA")
    with pytest.raises(BadRequest, match="prehashed is not supported"):
        await engine.write("sign/signs", input=HELLO, prehashed=True)
    for wrong in ("", "x", "vault:v1:", "vault:v1:AAAA", "vault:v2:AAAA", "vault:v1:?"):
        with pytest.raises(BadRequest):
            await engine.write("decapsulate/wraps", ciphertext=wrong)
