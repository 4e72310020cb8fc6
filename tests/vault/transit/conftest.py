"""A transit engine of its own for each test."""

import base64
import os
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.keywrap import aes_key_wrap_with_padding
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from stratumiops.vault.crypto.backends import crypto
from stratumiops.vault.engines.transit.backend import TransitBackend

from ..mounted import Mounted, mounted  # noqa: TID252 - the harness of all engines


@pytest.fixture
def engine() -> Mounted:
    return mounted(TransitBackend, "transit/", crypto=crypto("openssl"))


@pytest.fixture(scope="module")
def lasting() -> Mounted:
    """One engine for the tests of a module that make keys of different names."""
    return mounted(TransitBackend, "transit/", crypto=crypto("openssl"))


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def unb64(text: str) -> bytes:
    return base64.b64decode(text)


async def wrapped(engine: Mounted, key: bytes, hash_function: hashes.HashAlgorithm | None = None) -> str:
    """A key, wrapped for import."""
    public = load_pem_public_key((await engine.read("wrapping_key"))["public_key"].encode())
    assert isinstance(public, rsa.RSAPublicKey)
    assert public.key_size == 4096
    aes, used = os.urandom(32), hash_function or hashes.SHA256()
    return b64(public.encrypt(aes, padding.OAEP(padding.MGF1(used), used, None)) + aes_key_wrap_with_padding(aes, key))


async def imported(engine: Mounted, name: str, kind: str, key: bytes, **more: Any) -> None:
    await engine.write(f"keys/{name}/import", type=kind, ciphertext=await wrapped(engine, key), **more)
