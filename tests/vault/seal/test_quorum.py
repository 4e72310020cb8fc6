"""What takes a quorum of shares in an open vault: another root key, and a root token."""

import base64
from typing import Any

import pysequoia
import pytest
from tests.vault.seal.vaults import SealVault

from stratumiops.vault.errors import BadRequest, Sealed, StorageFailed
from stratumiops.vault.request import Operation
from stratumiops.vault.storage.memory import MemoryStorage

NONE = "no rekey configuration found"


async def reopened(vault: SealVault, keys: list[str]) -> dict[str, Any]:
    await vault.write("seal")
    return await vault.unseal(keys)


async def test_rekey() -> None:
    vault = SealVault()
    old = await vault.opened()
    idle = await vault.read("rekey/init")
    assert idle == {
        "nonce": "", "started": False, "t": 0, "n": 0, "progress": 0, "required": 2, "pgp_fingerprints": None,
        "backup": False, "verification_required": False,
    }  # fmt: skip
    with pytest.raises(BadRequest, match="no barrier rekey in progress"):
        await vault.write("rekey/update", key=old[0], nonce="x")
    started = await vault.write("rekey/init", secret_shares=5, secret_threshold=3)
    assert (started["started"], started["t"], started["n"], started["required"]) == (True, 3, 5, 2)
    with pytest.raises(BadRequest, match="rekey already in progress"):
        await vault.write("rekey/init", secret_shares=5, secret_threshold=3)
    nonce = started["nonce"]
    for wrong in ("x", ""):
        with pytest.raises(BadRequest, match=f'incorrect nonce supplied; nonce for this rekey operation is "{nonce}"'):
            await vault.write("rekey/update", key=old[0], nonce=wrong)
    for key, text in (("", "'key' must be specified"), ("zz!", "valid hex or base64"), ("aa", "valid hex or base64")):
        with pytest.raises(BadRequest, match=text):
            await vault.write("rekey/update", key=key, nonce=nonce)
    assert (await vault.write("rekey/update", key=old[0], nonce=nonce))["progress"] == 1
    with pytest.raises(BadRequest, match="given key has already been provided during this generation operation"):
        await vault.write("rekey/update", key=old[0], nonce=nonce)
    with pytest.raises(BadRequest, match="failed to read root key: "):
        await vault.write("rekey/update", key=old[1][:-2] + old[0][-2:], nonce=nonce)
    assert (await vault.read("rekey/init"))["progress"] == 0
    await vault.write("rekey/update", key=old[2], nonce=nonce)
    done = await vault.write("rekey/update", key=old[1], nonce=nonce)
    assert (done["complete"], done["nonce"], len(done["keys"])) == (True, nonce, 5)
    assert not (await vault.read("rekey/init"))["started"]
    with pytest.raises(BadRequest, match="message authentication failed; 3 of the 3"):
        await reopened(vault, old)
    status = await vault.unseal(done["keys"][1:4])
    assert (status["sealed"], status["t"], status["n"]) == (False, 3, 5)
    assert await vault.barrier.get("tokens/1") == b"1"


async def test_rekey_with_verification() -> None:
    vault = SealVault()
    old = await vault.opened()
    for call in (vault.read("rekey/verify"), vault.delete("rekey/verify"), vault.write("rekey/verify", key=old[0])):
        with pytest.raises(BadRequest, match=NONE):
            await call
    nonce = (await vault.write("rekey/init", secret_shares=3, secret_threshold=2, require_verification=True))["nonce"]
    await vault.write("rekey/update", key=old[0], nonce=nonce)
    made = await vault.write("rekey/update", key=old[1], nonce=nonce)
    assert made["verification_required"]
    assert (await vault.read("rekey/init"))["verification_nonce"] == made["verification_nonce"]
    with pytest.raises(BadRequest, match="rekey operation already finished; verification must be performed"):
        await vault.write("rekey/update", key=old[1], nonce=nonce)
    anew = await vault.delete("rekey/verify")
    assert anew["nonce"] != made["verification_nonce"]
    new = made["keys"]
    verifying = {"nonce": anew["nonce"]}
    with pytest.raises(BadRequest, match="incorrect nonce supplied; nonce for this verify operation"):
        await vault.write("rekey/verify", key=new[0], nonce=nonce)
    assert (await vault.write("rekey/verify", key=new[0], **verifying))["progress"] == 1
    with pytest.raises(BadRequest, match="given key has already been provided during this verify operation"):
        await vault.write("rekey/verify", key=new[0], **verifying)
    with pytest.raises(BadRequest, match="rekey verification failed; incorrect key shares supplied"):
        await vault.write("rekey/verify", key=old[0], **verifying)
    verifying = {"nonce": (await vault.read("rekey/verify"))["nonce"]}
    assert verifying["nonce"] != anew["nonce"]
    assert not (await reopened(vault, old[:2]))["sealed"]  # not verified: the old ones count
    with pytest.raises(BadRequest, match=NONE):
        await vault.read("rekey/verify")
    nonce = (await vault.write("rekey/init", secret_shares=3, secret_threshold=2, require_verification=True))["nonce"]
    await vault.write("rekey/update", key=old[0], nonce=nonce)
    made = await vault.write("rekey/update", key=old[1], nonce=nonce)
    verifying = {"nonce": made["verification_nonce"]}
    await vault.write("rekey/verify", key=made["keys"][2], **verifying)
    assert await vault.write("rekey/verify", key=made["keys"][0], **verifying) == {**verifying, "complete": True}
    with pytest.raises(BadRequest):
        await reopened(vault, old[:2])
    assert not (await vault.unseal(made["keys"][:2]))["sealed"]


async def test_a_rekey_that_the_storage_refuses_changes_nothing() -> None:
    class Full(MemoryStorage):
        fail = False

        async def apply(self, changes: Any) -> None:
            if self.fail:
                await super().apply(changes)  # as if the connection had broken after it was done
                raise StorageFailed("the connection broke")
            await super().apply(changes)

    storage = Full()
    vault = SealVault(storage)
    old = await vault.opened()
    nonce = (await vault.write("rekey/init", secret_shares=3, secret_threshold=2))["nonce"]
    await vault.write("rekey/update", key=old[0], nonce=nonce)
    storage.fail = True
    with pytest.raises(StorageFailed):
        await vault.write("rekey/update", key=old[1], nonce=nonce)
    storage.fail = False
    await vault.barrier.apply({"a": b"1"})
    again = SealVault(storage)
    assert not (await again.unseal(old[:2]))["sealed"]
    assert await again.barrier.get("a") == b"1"


async def crashed_after_rekey(shares: int, threshold: int) -> tuple[MemoryStorage, list[str], list[str]]:
    """A storage as it is when the process ends right after a rekey; the old and the new shares."""
    storage = MemoryStorage()
    vault = SealVault(storage)
    old = await vault.opened(3, 2)
    await vault.barrier.apply({"a": b"1"})
    nonce = (await vault.write("rekey/init", secret_shares=shares, secret_threshold=threshold))["nonce"]
    await vault.write("rekey/update", key=old[0], nonce=nonce)
    new = (await vault.write("rekey/update", key=old[1], nonce=nonce))["keys"]
    left = MemoryStorage()
    await left.apply(dict(storage._values))
    await vault.routes.close()
    with pytest.raises(BadRequest):
        await vault.unseal(old)
    assert not (await vault.unseal(new[:threshold]))["sealed"]
    return left, old, new


@pytest.mark.parametrize(("shares", "threshold"), [(3, 2), (5, 3), (1, 1)])
async def test_a_crash_right_after_a_rekey_leaves_both_until_one_has_opened_it(shares: int, threshold: int) -> None:
    left, old, new = await crashed_after_rekey(shares, threshold)
    copy = MemoryStorage()
    await copy.apply(dict(left._values))
    vault = SealVault(left)
    with pytest.raises(BadRequest):
        await vault.unseal([old[0], *(["aa" * 33] * (threshold > 1)), "bb" * 33, "cc" * 33])
    await vault.write("unseal", reset=True)
    status = await vault.unseal(old[1:])
    assert (status["sealed"], status["t"], status["n"]) == (False, 2, 3)
    assert await vault.barrier.get("a") == b"1"
    again = SealVault(left)
    with pytest.raises(BadRequest):
        await again.unseal([*new, "dd" * 33])
    again = SealVault(left)
    assert not (await again.unseal(old[:2]))["sealed"]
    other = SealVault(copy)
    status = await other.unseal(new[:threshold])
    assert (status["sealed"], status["t"], status["n"]) == (False, threshold, shares)
    again = SealVault(copy)
    with pytest.raises(BadRequest):
        await again.unseal([*old, "dd" * 33])


async def test_what_cannot_be_rekeyed() -> None:
    vault = SealVault()
    await vault.opened()
    for fields, text in (
        ({"secret_shares": 3, "secret_threshold": 5}, "invalid rekey seal configuration: threshold cannot be larger"),
        ({"secret_shares": 3, "secret_threshold": 2, "backup": True}, "cannot request a backup of the new keys"),
        ({"secret_shares": 3, "secret_threshold": 2, "pgp_keys": ["a"]}, "incorrect number of PGP keys for rekey"),
    ):
        with pytest.raises(BadRequest, match=text):
            await vault.write("rekey/init", **fields)
    await vault.delete("rekey/init")


async def test_rekey_for_owners_of_pgp_keys_with_a_backup() -> None:
    vault = SealVault()
    old = await vault.opened()
    with pytest.raises(BadRequest, match="no backed-up keys found"):
        await vault.read("rekey/backup")
    owner = pysequoia.Tsk.generate("o@example.com")
    certificate = owner.extract_certificate()
    key = base64.b64encode(bytes(certificate)).decode()
    started = await vault.write("rekey/init", secret_shares=2, secret_threshold=2, pgp_keys=[key, key], backup=True)
    assert started["pgp_fingerprints"] == [certificate.fingerprint] * 2
    await vault.write("rekey/update", key=old[0], nonce=started["nonce"])
    made = await vault.write("rekey/update", key=old[1], nonce=started["nonce"])
    backup = await vault.read("rekey/backup")
    assert backup["keys"] == {certificate.fingerprint: made["keys"]}
    await vault.delete("rekey/backup")
    with pytest.raises(BadRequest, match="no backed-up keys found"):
        await vault.read("rekey/backup")


@pytest.mark.parametrize("name", ["generate-root", "generate-root-token"])
async def test_a_root_token_by_quorum(name: str) -> None:
    vault = SealVault()
    keys = await vault.opened()
    idle = await vault.read(f"{name}/attempt")
    assert (idle["started"], idle["otp_length"], idle["required"], idle["nonce"]) == (False, 28, 2, "")
    found = await vault.ask(Operation.READ, f"{name}/attempt", {})
    assert found is not None
    assert (found.bare, found.flat) == ((True, False) if name == "generate-root" else (False, True))
    with pytest.raises(BadRequest, match="OTP string has incorrect length"):
        await vault.write(f"{name}/attempt", otp="x")
    with pytest.raises(BadRequest, match="error parsing PGP key"):
        await vault.write(f"{name}/attempt", pgp_key="y")
    await vault.delete(f"{name}/attempt")
    started = await vault.write(f"{name}/attempt", otp="", pgp_key="")
    assert len(started["otp"]) == 28
    assert (await vault.read(f"{name}/attempt"))["otp"] == ""
    with pytest.raises(BadRequest, match="root generation already in progress"):
        await vault.write(f"{name}/attempt")
    nonce = started["nonce"]
    with pytest.raises(BadRequest, match="incorrect nonce supplied; nonce for this root generation operation is"):
        await vault.write(f"{name}/update", key=keys[0], nonce="x")
    assert (await vault.write(f"{name}/update", key=keys[0], nonce=nonce))["progress"] == 1
    with pytest.raises(BadRequest, match="given key has already been provided"):
        await vault.write(f"{name}/update", key=keys[0], nonce=nonce)
    with pytest.raises(BadRequest, match="failed to compute root key"):
        await vault.write(f"{name}/update", key=keys[1][:-2] + keys[0][-2:], nonce=nonce)
    await vault.write(f"{name}/update", key=keys[0], nonce=nonce)
    done = await vault.write(f"{name}/update", key=keys[1], nonce=nonce)
    assert (done["complete"], done["progress"]) == (True, 2)
    assert done["encoded_token"] == done["encoded_root_token"]
    encoded = base64.b64decode(done["encoded_token"] + "==")
    token = bytes(one ^ other for one, other in zip(encoded, started["otp"].encode(), strict=True)).decode()
    assert token == vault.tokens[-1]
    assert len(vault.tokens) == 2
    assert not (await vault.read(f"{name}/attempt"))["started"]


async def test_a_root_token_for_the_owner_of_a_pgp_key_and_with_a_pad_of_ones_own() -> None:
    vault = SealVault()
    keys = await vault.opened()
    owner = pysequoia.Tsk.generate("o@example.com")
    certificate = owner.extract_certificate()
    key = base64.b64encode(bytes(certificate)).decode()
    started = await vault.write("generate-root/attempt", pgp_key=key)
    assert (started["pgp_fingerprint"], started["otp"]) == (certificate.fingerprint, "")
    await vault.write("generate-root/update", key=keys[0], nonce=started["nonce"])
    done = await vault.write("generate-root/update", key=keys[1], nonce=started["nonce"])
    found = pysequoia.decrypt(base64.b64decode(done["encoded_token"]), decryptor=owner.decryptor()).bytes
    assert bytes(found or b"").decode() == vault.tokens[-1]
    mine = await vault.write("generate-root/attempt", otp="a" * 28)
    assert mine["otp"] == ""
    await vault.delete("generate-root/attempt")
    assert len(vault.tokens) == 2


async def test_sealed_they_are_refused_and_sealing_ends_them() -> None:
    vault = SealVault()
    keys = await vault.opened()
    await vault.write("rekey/init", secret_shares=3, secret_threshold=2)
    await vault.write("generate-root/attempt")
    await vault.write("seal")
    for path in ("rekey/init", "generate-root/attempt", "rekey/verify", "key-status"):
        with pytest.raises(Sealed):
            await vault.read(path)
    for path in ("rekey/init", "rekey/update", "generate-root/update", "rotate"):
        with pytest.raises(Sealed):
            await vault.write(path)
    await vault.unseal(keys[:2])
    assert not (await vault.read("rekey/init"))["started"]
    assert not (await vault.read("generate-root/attempt"))["started"]


async def test_rotation_and_key_status() -> None:
    vault = SealVault()
    await vault.opened()
    first = await vault.read("key-status")
    assert (first["term"], set(first)) == (1, {"term", "install_time", "encryptions"})
    assert first["install_time"].endswith("Z")
    await vault.write("rotate")
    await vault.write("rotate/keyring")
    assert (await vault.read("key-status"))["term"] == 3
    assert await vault.barrier.get("tokens/1") == b"1"


async def test_who_may_ask() -> None:
    vault = SealVault()
    public = {route.template for route in vault.routes.routes() if route.public}
    sudo = {route.template for route in vault.routes.routes() if route.sudo}
    assert {"init", "seal-status", "unseal", "rekey/init", "generate-root/attempt"} <= public
    assert sudo == {"seal", "rotate", "rotate/keyring", "rekey/backup"}
    assert not public & (sudo | {"key-status"})
