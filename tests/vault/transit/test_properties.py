"""What holds for all inputs: round trips, tampering, batches, derivation, convergence, ill-typed requests."""

# ruff: noqa: E501 - lists of names
import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stratumiops.vault.crypto.backends import crypto
from stratumiops.vault.engines.transit.backend import TransitBackend
from stratumiops.vault.errors import BadRequest, VaultError
from stratumiops.vault.request import Operation

from ..mounted import Mounted, mounted  # noqa: TID252 - the harness of all engines
from .conftest import b64

T = TypeVar("T")
AEADS = ["aes128-gcm96", "aes256-gcm96", "chacha20-poly1305", "hybrid"]
RELAXED = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

PLACES = st.floats(0, 1, exclude_max=True)
CHARACTERS = st.sampled_from("ABCabc012+/-=:")


def changed(text: str, place: float, other: str) -> str:
    """A text with another character somewhere."""
    at = int(place * len(text))
    return text[:at] + (other if text[at] != other else "x") + text[at + 1 :]


def run(what: Awaitable[T]) -> T:
    """hypothesis calls plain functions."""

    async def whole() -> T:
        return await what

    return asyncio.run(whole())


@pytest.fixture(scope="module")
def keys() -> Mounted:
    """A key of each type with three versions, made once."""
    engine = mounted(TransitBackend, "transit/", crypto=crypto("openssl"))

    async def make() -> None:
        for name in (*AEADS, "rsa-2048", "ecdsa-p256", "ecdsa-p521", "ed25519", "ml-dsa-44"):
            await engine.write(f"keys/{name}", type=name)
        await engine.write("keys/derived", derived=True)
        await engine.write("keys/convergent", derived=True, convergent_encryption=True)
        for name in (*await engine.names("keys"),) * 2:
            await engine.write(f"keys/{name}/rotate")

    asyncio.run(make())
    return engine


@RELAXED
@given(st.sampled_from(AEADS), st.binary(max_size=300), st.binary(max_size=40), st.integers(1, 3))
def test_encrypt_decrypt_rewrap(keys: Mounted, name: str, plaintext: bytes, associated: bytes, version: int) -> None:
    bound = {"associated_data": b64(associated)} if associated else {}
    sealed = run(keys.write(f"encrypt/{name}", plaintext=b64(plaintext), key_version=version, **bound))
    assert sealed["key_version"] == version
    assert sealed["ciphertext"].startswith(f"vault:v{version}:")
    opened = run(keys.write(f"decrypt/{name}", ciphertext=sealed["ciphertext"], **bound))
    assert opened == {"plaintext": b64(plaintext)}
    newer = run(keys.write(f"rewrap/{name}", ciphertext=sealed["ciphertext"], **bound))
    assert newer["key_version"] == 3
    assert run(keys.write(f"decrypt/{name}", ciphertext=newer["ciphertext"], **bound)) == opened
    for wrong in ({"associated_data": b64(associated + b"x")}, {"associated_data": ""} if associated else None):
        if wrong is not None:
            with pytest.raises(BadRequest, match="authentication failed"):
                run(keys.write(f"decrypt/{name}", ciphertext=sealed["ciphertext"], **wrong))


@pytest.mark.parametrize("name", [*AEADS[:3], "rsa-2048", "convergent"])
def test_every_changed_character_is_refused(keys: Mounted, name: str) -> None:
    context = {"context": b64(b"c")} if name == "convergent" else {}
    text = run(keys.write(f"encrypt/{name}", plaintext=b64(b"secret"), **context))["ciphertext"]
    for at, character in enumerate(text):
        for other in {"A", "B", "+", "=", "0", ":", "v", "\n", "é"} - {character}:
            with pytest.raises(BadRequest):
                run(keys.write(f"decrypt/{name}", ciphertext=text[:at] + other + text[at + 1 :], **context))


@RELAXED
@given(PLACES, CHARACTERS)
def test_a_changed_hybrid_ciphertext_is_refused(keys: Mounted, place: float, other: str) -> None:
    text = run(keys.write("encrypt/hybrid", plaintext=b64(b"secret")))["ciphertext"]
    with pytest.raises(BadRequest):
        run(keys.write("decrypt/hybrid", ciphertext=changed(text, place, other)))


@RELAXED
@given(st.lists(st.tuples(st.binary(max_size=40), st.booleans()), min_size=1, max_size=6))
def test_a_batch_equals_its_parts(keys: Mounted, parts: list[tuple[bytes, bool]]) -> None:
    items = [{"plaintext": b64(one) if good else "!", "reference": str(at)} for at, (one, good) in enumerate(parts)]
    answer = run(keys.ask(Operation.UPDATE, "encrypt/aes256-gcm96", {"batch_input": items}))
    assert answer is not None
    assert (answer.status or 200) == (200 if all(good for _, good in parts) else 400)
    results = (answer.data or {})["batch_results"]
    assert [one["reference"] for one in results] == [item["reference"] for item in items]
    for (plaintext, good), result in zip(parts, results, strict=True):
        assert ("ciphertext" in result, "error" in result) == (good, not good)
        if good:
            opened = run(keys.write("decrypt/aes256-gcm96", ciphertext=result["ciphertext"]))
            assert opened == {"plaintext": b64(plaintext)}
    sealed = [{"ciphertext": one.get("ciphertext") or "x"} for one in results]
    opened = run(keys.write("decrypt/aes256-gcm96", batch_input=sealed, partial_failure_response_code=200))
    texts = [one["plaintext"] for one in opened["batch_results"]]
    assert texts == [b64(plaintext) if good else "" for plaintext, good in parts]


@RELAXED
@given(st.binary(max_size=60), st.binary(min_size=1, max_size=30), st.binary(min_size=1, max_size=30))
def test_contexts_and_convergence(keys: Mounted, plaintext: bytes, context: bytes, other: bytes) -> None:
    asked = {"plaintext": b64(plaintext), "context": b64(context)}
    for name, same in (("derived", False), ("convergent", True)):
        one, two = (run(keys.write(f"encrypt/{name}", **asked))["ciphertext"] for _ in range(2))
        assert (one == two) is same
        opened = run(keys.write(f"decrypt/{name}", ciphertext=one, context=b64(context)))
        assert opened == {"plaintext": b64(plaintext)}
        if other != context:
            with pytest.raises(BadRequest, match="authentication failed"):
                run(keys.write(f"decrypt/{name}", ciphertext=one, context=b64(other)))


@RELAXED
@given(
    st.sampled_from(["rsa-2048", "ecdsa-p256", "ecdsa-p521", "ed25519", "ml-dsa-44"]),
    st.binary(max_size=200), st.integers(1, 3), st.sampled_from(["asn1", "jws"]), PLACES, CHARACTERS,
)  # fmt: skip
def test_signatures(
    keys: Mounted, name: str, message: bytes, version: int, form: str, place: float, other: str
) -> None:
    how = {"marshaling_algorithm": form}
    signed = run(keys.write(f"sign/{name}", input=b64(message), key_version=version, **how))["signature"]
    good = run(keys.write(f"verify/{name}", input=b64(message), signature=signed, **how))
    bad = run(keys.write(f"verify/{name}", input=b64(message + b"x"), signature=signed, **how))
    assert (good, bad) == ({"valid": True}, {"valid": False})
    broken = changed(signed, place, other)
    try:
        found = run(keys.write(f"verify/{name}", input=b64(message), signature=broken, **how))
    except BadRequest:
        return
    assert found == {"valid": False}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from(["aGVsbG8=", "vault:v1:AAAA", "vault:v3:aGVsbG8=", "none", "pkcs1v15", "jws", "sha2-256"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3), max_leaves=5,
)  # fmt: skip
FIELDS = [
    "plaintext", "ciphertext", "context", "associated_data", "key_version", "nonce", "type", "input", "signature", "hmac",
    "algorithm", "hash_algorithm", "signature_algorithm", "prehashed", "salt_length", "marshaling_algorithm", "bits",
    "bytes", "format", "min_decryption_version", "min_encryption_version", "min_available_version", "auto_rotate_period",
    "backup", "force", "hash_function", "public_key", "exportable", "derived", "key_size", "size", "batch_input",
    "partial_failure_response_code",
]  # fmt: skip
PATHS = [
    "encrypt/{}", "decrypt/{}", "rewrap/{}", "datakey/plaintext/{}", "sign/{}", "verify/{}", "hmac/{}", "keys/{}/config",
    "keys/{}/trim", "keys/new", "hash", "random", "random/{}", "restore", "restore/{}", "keys/new/import", "cache-config",
    "encapsulate/{}", "decapsulate/{}", "keys/{}/import_version", "config/keys", "sign/{}/sha2-256",
]  # fmt: skip


@settings(RELAXED, max_examples=400)
@given(
    st.sampled_from(PATHS), st.sampled_from(["aes256-gcm96", "rsa-2048", "ecdsa-p256", "ml-dsa-44", "hybrid", "zz", "é"]),
    st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=5), st.booleans(),
)  # fmt: skip
def test_ill_typed_requests_are_never_server_errors(
    keys: Mounted, path: str, name: str, data: dict[str, Any], batched: bool
) -> None:
    given = {"batch_input": [data]} if batched else data
    if given.get("min_decryption_version") or given.get("min_encryption_version"):
        given = {**given, "min_decryption_version": -1}  # the other tests need the old versions
    assert status_of(keys, path.format(name), given) in (200, 400, 404, 405)


def status_of(keys: Mounted, path: str, data: dict[str, Any]) -> int:
    try:
        run(keys.write(path, **data))
    except VaultError as error:
        return error.status
    return 200
