"""Keys from elsewhere: wrapped private keys, public keys alone, and what is refused."""

import os

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from stratumiops.vault.errors import BadRequest

from ..mounted import Mounted  # noqa: TID252 - the harness of all engines
from .conftest import b64, imported, unb64, wrapped

HELLO = b64(b"hello")
RSA = rsa.generate_private_key(65537, 2048)
DER = RSA.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
PEM = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


async def test_imported_keys_rotate_only_when_allowed(lasting: Mounted) -> None:
    await imported(lasting, "fixed", "aes256-gcm96", os.urandom(32))
    shown = await lasting.read("keys/fixed")
    assert (shown["imported_key"], shown["imported_key_allow_rotation"]) == (True, False)
    with pytest.raises(BadRequest, match="imported key fixed does not allow rotation within Vault"):
        await lasting.write("keys/fixed/rotate")
    await lasting.write("keys/fixed/import_version", ciphertext=await wrapped(lasting, os.urandom(32)))
    assert (await lasting.read("keys/fixed"))["latest_version"] == 2
    await imported(lasting, "free", "aes256-gcm96", os.urandom(32), allow_rotation=True, auto_rotate_period="1h")
    assert (await lasting.write("keys/free/rotate"))["imported_key"] is False


@pytest.mark.parametrize("name", ["SHA1", "SHA224", "sha256", "SHA384", "SHA512"])
async def test_hash_functions_of_the_wrapping(lasting: Mounted, name: str) -> None:
    used = getattr(hashes, name.upper())()
    ciphertext = await wrapped(lasting, bytes(32), used)
    await lasting.write(f"keys/wrapped-{name}/import", ciphertext=ciphertext, hash_function=name, exportable=True)
    assert (await lasting.read(f"export/encryption-key/wrapped-{name}"))["keys"] == {"1": b64(bytes(32))}
    other = "SHA512" if name != "SHA512" else "SHA256"
    with pytest.raises(BadRequest, match="cannot be unwrapped"):
        await lasting.write("keys/wrong/import", ciphertext=ciphertext, hash_function=other)


@pytest.mark.parametrize(
    ("kind", "key"),
    [("aes256-gcm96", bytes(31)), ("rsa-2048", bytes(32)), ("rsa-3072", DER), ("ecdsa-p256", DER), ("ed25519", DER),
     ("hmac", bytes(16)), ("ml-dsa-65", bytes(31)), ("ml-kem-768", bytes(32)), ("hybrid", bytes(64)),
     ("rsa-2048", DER[:-9])],
    ids=["aes-short", "rsa-none", "rsa-smaller", "ecdsa-rsa", "ed25519-rsa", "hmac-short", "ml-dsa-short",
         "ml-kem-short", "hybrid-short", "rsa-cut-off"],
)  # fmt: skip
async def test_keys_that_are_none(lasting: Mounted, kind: str, key: bytes) -> None:
    with pytest.raises(BadRequest, match="error importing key"):
        await imported(lasting, "none", kind, key)


async def test_a_hybrid_key_is_imported_with_its_public_part(lasting: Mounted) -> None:
    await lasting.write("keys/made", type="hybrid", exportable=True)
    private = (await lasting.read("export/encryption-key/made"))["keys"]["1"]
    sealed = await lasting.write("encrypt/made", plaintext=HELLO)
    await imported(lasting, "taken", "hybrid", unb64(private))
    assert await lasting.write("decrypt/taken", ciphertext=sealed["ciphertext"]) == {"plaintext": HELLO}


async def test_a_public_key_alone_verifies_and_encrypts(lasting: Mounted) -> None:
    await lasting.write("keys/public/import", type="rsa-2048", public_key=PEM, exportable=True)
    sealed = await lasting.write("encrypt/public", plaintext=HELLO)
    with pytest.raises(BadRequest, match="does not have a private counterpart"):
        await lasting.write("decrypt/public", ciphertext=sealed["ciphertext"])
    with pytest.raises(BadRequest, match="does not contain a private part"):
        await lasting.write("sign/public", input=HELLO)
    with pytest.raises(BadRequest, match="not exportable"):
        await lasting.read("export/signing-key/public")
    other = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(BadRequest, match="does not match"):
        await lasting.write("keys/public/import_version", version=1, ciphertext=await wrapped(lasting, other))
    await lasting.write("keys/public/import_version", version=1, ciphertext=await wrapped(lasting, DER))
    assert await lasting.write("decrypt/public", ciphertext=sealed["ciphertext"]) == {"plaintext": HELLO}
    with pytest.raises(BadRequest, match="cannot be updated"):
        await lasting.write("keys/public/import_version", version=1, ciphertext=await wrapped(lasting, DER))
    assert (await lasting.read("keys/public"))["latest_version"] == 1


async def test_the_wrapping_key_stays(lasting: Mounted) -> None:
    first = await lasting.read("wrapping_key")
    await lasting.backend.stop()
    assert await lasting.read("wrapping_key") == first
