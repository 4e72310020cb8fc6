"""Initialization, unsealing and sealing, with the answers and texts that clients compare."""

import base64
import secrets
import shutil
import subprocess
from pathlib import Path

import pysequoia
import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from tests.vault.seal.vaults import SealVault

from stratumiops.vault.barrier.anchor import RolledBack
from stratumiops.vault.barrier.paths import KEYRING
from stratumiops.vault.errors import BadRequest, Corrupt, StorageFailed, VaultError
from stratumiops.vault.seal import recipients
from stratumiops.vault.storage.memory import MemoryStorage


async def test_before_init() -> None:
    vault = SealVault()
    status = await vault.read("seal-status")
    assert status == {
        "type": "shamir", "initialized": False, "sealed": True, "t": 0, "n": 0, "progress": 0, "nonce": "",
        "version": "1.0", "commit_date": "", "migration": False, "recovery_seal": False, "storage_type": "memory",
    }  # fmt: skip
    assert await vault.read("init") == {"initialized": False}
    with pytest.raises(BadRequest, match="Vault is not initialized"):
        await vault.write("unseal", key="aa" * 33)


async def test_from_init_to_open_to_sealed() -> None:
    vault = SealVault()
    made = await vault.write("init", secret_shares=5, secret_threshold=3, pgp_keys=None, stored_shares=0)
    assert made["root_token"] == vault.tokens[0]
    assert len(made["keys"]) == len(set(made["keys"])) == 5
    assert [base64.b64decode(key).hex() for key in made["keys_base64"]] == made["keys"]
    assert all(len(bytes.fromhex(key)) == 33 for key in made["keys"])
    assert await vault.read("init") == {"initialized": True}
    first = await vault.write("unseal", key=made["keys"][0])
    assert (first["sealed"], first["t"], first["n"], first["progress"]) == (True, 3, 5, 1)
    again = await vault.write("unseal", key=made["keys_base64"][0])
    assert (again["progress"], again["nonce"]) == (1, first["nonce"])
    await vault.write("unseal", key=made["keys_base64"][4])
    status = await vault.write("unseal", key=made["keys"][2].upper())
    assert (status["sealed"], status["progress"], status["nonce"]) == (False, 0, "")
    assert (status["cluster_name"], status["cluster_id"]) == ("c", "id")
    assert await vault.barrier.get("tokens/1") == b"1"
    await vault.write("seal")
    assert (await vault.read("seal-status"))["sealed"]
    await vault.write("seal")
    assert vault.events == ["unsealed", "sealing"]
    assert not (await vault.unseal(made["keys"][2:]))["sealed"]
    with pytest.raises(BadRequest, match="Vault is already initialized"):
        await vault.write("init", secret_shares=1, secret_threshold=1)


@pytest.mark.parametrize(
    ("shares", "threshold", "text"),
    [
        (0, 0, "shares must be at least one"),
        (3, 0, "threshold must be at least one"),
        (300, 4, "shares must be less than 256"),
        (3, 1, "threshold must be greater than one for multiple shares"),
        (3, 4, "threshold cannot be larger than shares"),
        (-1, 2, "shares must be at least one"),
    ],
)
async def test_what_cannot_be_initialized(shares: int, threshold: int, text: str) -> None:
    vault = SealVault()
    with pytest.raises(BadRequest, match=f"^invalid seal configuration: {text}$"):
        await vault.write("init", secret_shares=shares, secret_threshold=threshold)
    assert await vault.read("init") == {"initialized": False}


async def test_other_fields_that_init_refuses() -> None:
    vault = SealVault()
    for fields in (
        {"recovery_shares": 3}, {"secret_shares": "x"}, {"pgp_keys": ["a"]}, {"pgp_keys": ["a", "b", "c", "d"]},
        {"root_token_pgp_key": "a"}, {"root_token_pgp_key": base64.b64encode(b"no key").decode()},
        {"kem_public_keys": ["YQ=="] * 4}, {"pgp_keys": 5}, {"secret_shares": [1]},
    ):  # fmt: skip
        with pytest.raises(BadRequest):
            await vault.write("init", **fields)
    made = await vault.write("init")
    assert (len(made["keys"]), (await vault.read("seal-status"))["t"]) == (4, 2)


async def test_a_single_share_is_the_key() -> None:
    vault = SealVault()
    made = await vault.write("init", secret_shares=1, secret_threshold=1)
    assert len(bytes.fromhex(made["keys"][0])) == 32
    with pytest.raises(BadRequest, match="invalid key"):
        await vault.write("unseal", key="aa" * 32)
    assert not (await vault.unseal(made["keys"]))["sealed"]


async def test_wrong_shares_are_told_apart_and_never_counted() -> None:
    vault = SealVault()
    made = await vault.write("init", secret_shares=3, secret_threshold=2)
    one, two, _ = made["keys"]
    foreign = (await SealVault().write("init", secret_shares=3, secret_threshold=2))["keys"][0]
    await vault.write("unseal", key=one)
    for key, text in (
        ("zz!", "'key' must be a valid hex or base64 string"),
        ("", "'key' must be specified"),
        ("aabb", "key is shorter than minimum 16 bytes"),
        ("00" + two, "key is longer than maximum 33 bytes"),
        (two[2:], "a share of this vault has 33 bytes, this one has 32"),
        ("ключ" * 20, "'key' must be a valid hex or base64 string"),
    ):
        with pytest.raises(BadRequest, match=text):
            await vault.write("unseal", key=key)
        assert (await vault.read("seal-status"))["progress"] == 1
    with pytest.raises(BadRequest, match="expected a string"):
        await vault.write("unseal", key=["a"])
    same_x = two[:-2] + one[-2:]
    other_x = two[:-2] + ("ee" if two[-2:] != "ee" and one[-2:] != "ee" else "dd")
    for key, text in (
        (same_x, "failed to compute combined key: duplicate part detected"),
        (other_x, "1 of the 2 shares given is not of this vault"),
        (foreign[:-2] + ("01" if one[-2:] != "01" else "02"), "message authentication failed; 1 of the 2"),
        (two[:-2] + "00", "1 of the 2 shares given is not of this vault"),
    ):
        await vault.write("unseal", key=one)
        with pytest.raises(BadRequest, match=text):
            await vault.write("unseal", key=key)
        status = await vault.read("seal-status")
        assert (status["progress"], status["nonce"], status["sealed"]) == (0, "", True)
    assert not (await vault.unseal([one, two]))["sealed"]
    assert not (await vault.write("unseal", key=one))["sealed"]
    with pytest.raises(BadRequest, match="vault is unsealed"):
        await vault.write("unseal", reset=True)


async def test_reset_begins_anew() -> None:
    vault = SealVault()
    made = await vault.write("init", secret_shares=3, secret_threshold=2)
    first = await vault.write("unseal", key=made["keys"][0])
    status = await vault.write("unseal", key=made["keys"][1], reset="true")
    assert (status["progress"], status["nonce"], status["sealed"]) == (0, "", True)
    second = await vault.write("unseal", key=made["keys"][0])
    assert second["nonce"] not in ("", first["nonce"])
    with pytest.raises(BadRequest, match="no migration seal found"):
        await vault.write("unseal", key=made["keys"][1], migrate=True)


async def test_a_changed_keyring_is_not_taken_for_wrong_shares() -> None:
    storage = MemoryStorage()
    vault = SealVault(storage)
    made = await vault.write("init", secret_shares=3, secret_threshold=2)
    stored = storage._values[KEYRING]
    await storage.apply({KEYRING: stored[:-1] + bytes([stored[-1] ^ 1])})
    with pytest.raises(Corrupt, match="the stored keyring has been changed"):
        await vault.unseal(made["keys"][:2])


async def test_a_core_that_cannot_start_leaves_it_sealed() -> None:
    vault = SealVault()
    made = await vault.write("init", secret_shares=3, secret_threshold=2)

    async def broken() -> None:
        raise StorageFailed("no space left")

    object.__setattr__(vault.seal.settings, "after_unseal", broken)
    with pytest.raises(StorageFailed):
        await vault.unseal(made["keys"][:2])
    assert vault.barrier.sealed
    assert (await vault.read("seal-status"))["sealed"]


async def test_an_interrupted_init_can_be_done_again() -> None:
    storage = MemoryStorage()
    vault = SealVault(storage)

    async def broken() -> str:
        await vault.barrier.apply({"left": b"1"})
        raise StorageFailed("no space left")

    object.__setattr__(vault.seal.settings, "make_root_token", broken)
    with pytest.raises(StorageFailed):
        await vault.write("init")
    assert vault.barrier.sealed
    assert await vault.read("init") == {"initialized": False}
    again = SealVault(storage)
    await again.opened()
    assert await again.barrier.get("left") is None


async def test_rollback_is_refused_until_it_is_accepted(tmp_path: Path) -> None:
    storage = MemoryStorage()
    vault = SealVault(storage, tmp_path / "a")
    keys = await vault.opened()
    old = dict(storage._values)
    await vault.barrier.apply({"a": b"1"})
    await vault.routes.close()
    back = MemoryStorage()
    await back.apply(old)
    restored = SealVault(back, tmp_path / "a")
    with pytest.raises(RolledBack, match="accept_rollback"):
        await restored.unseal(keys[:2])
    status = await restored.read("seal-status")
    assert (status["sealed"], status["progress"]) == (True, 0)
    status = await restored.unseal(keys[:2], accept_rollback=True)
    assert not status["sealed"]
    assert "accepted" in status["warnings"][0]


async def test_shares_and_token_for_owners_of_pgp_keys(tmp_path: Path) -> None:
    vault = SealVault()
    owners = [pysequoia.Tsk.generate(f"owner {number} <o{number}@example.com>") for number in range(2)]
    binary, armoured = (owner.extract_certificate() for owner in owners)
    keys = [base64.b64encode(bytes(binary)).decode(), base64.b64encode(str(armoured).encode()).decode()]
    made = await vault.write("init", secret_shares=2, secret_threshold=2, pgp_keys=keys, root_token_pgp_key=keys[0])

    def decrypted(owner: pysequoia.Tsk, data: bytes) -> str:
        return bytes(pysequoia.decrypt(data, decryptor=owner.decryptor()).bytes or b"").decode()

    shares = [decrypted(owner, bytes.fromhex(key)) for owner, key in zip(owners, made["keys"], strict=True)]
    assert decrypted(owners[0], base64.b64decode(made["root_token"])) == vault.tokens[0]
    assert decrypted(owners[1], base64.b64decode(made["keys_base64"][1])) == shares[1]
    assert not (await vault.unseal(shares))["sealed"]


@pytest.mark.skipif(shutil.which("gpg") is None, reason="gpg is not installed")
async def test_a_share_for_gnupg(tmp_path: Path) -> None:
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""]
    subprocess.run([*gpg, "--quick-gen-key", "a@example.com", "default", "default", "never"], check=True, timeout=60)
    key = subprocess.run([*gpg, "--export", "a@example.com"], check=True, capture_output=True, timeout=60).stdout
    vault = SealVault()
    made = await vault.write(
        "init", secret_shares=1, secret_threshold=1, pgp_keys=base64.b64encode(key).decode()
    )  # fmt: skip
    share = subprocess.run(
        [*gpg, "--decrypt"], input=bytes.fromhex(made["keys"][0]), check=True, capture_output=True, timeout=60
    ).stdout
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=True, timeout=60)
    assert not (await vault.unseal([share.decode()]))["sealed"]


async def test_shares_and_token_for_owners_of_ml_kem_keys() -> None:
    vault = SealVault()
    owners = [MLKEM768PrivateKey.generate() for _ in range(3)]
    keys = [base64.b64encode(owner.public_key().public_bytes_raw()).decode() for owner in owners]
    made = await vault.write(
        "init", secret_shares=3, secret_threshold=2, kem_public_keys=keys, root_token_kem_public_key=keys[2]
    )
    wrapped = [base64.b64decode(key) for key in made["keys_base64"]]
    assert {len(one) for one in wrapped} == {1088 + 12 + 33 + 16}
    shares = [recipients.opened(owner, one).hex() for owner, one in zip(owners, wrapped, strict=True)]
    assert recipients.opened(owners[2], base64.b64decode(made["root_token"])).decode() == vault.tokens[0]
    for bad in (wrapped[1], wrapped[0][:-1], wrapped[0][:100], secrets.token_bytes(1149)):
        with pytest.raises(VaultError):
            recipients.opened(owners[0], bad)
    assert not (await vault.unseal(shares[:2]))["sealed"]


async def test_a_key_that_does_not_fit_leaves_it_uninitialized() -> None:
    vault = SealVault()
    with pytest.raises(BadRequest, match="count mismatch between number of provided PGP keys and number of shares"):
        await vault.write("init", secret_shares=3, secret_threshold=2, pgp_keys=["a"])
    assert await vault.read("init") == {"initialized": False}
