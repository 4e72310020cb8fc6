"""The engine answers as OpenBao does: the same statuses, shapes and texts."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from stratumiops.vault.crypto.backends import crypto
from stratumiops.vault.engines.transit.backend import TransitBackend

from ..mounted import Mounted, mounted  # noqa: TID252 - the harness of all engines
from . import steps
from .openbao import OpenBao, Seen, openbao, ours
from .steps import DIGEST, HELLO, READ, WRITE

_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_RANDOM = {"public_key", "publickey", "random_bytes", "backup"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenBao]:
    with openbao(tmp_path_factory.mktemp("openbao")) as server:
        yield server


@pytest.fixture(scope="module")
def engine() -> Mounted:
    return mounted(TransitBackend, "transit/", crypto=crypto("openssl"))


@pytest.mark.xdist_group("transit-openbao")  # parts go on with the keys of those before
@pytest.mark.parametrize("part", ["KEYS", "ENCRYPTION", "SIGNATURES", "TOOLS", "TRANSFER"])
async def test_the_same_as_openbao(server: OpenBao, engine: Mounted, part: str) -> None:
    theirs_known: dict[str, Any] = {}
    our_known: dict[str, Any] = {}
    differences = []
    for step in getattr(steps, part):
        theirs = server.ask(step.operation, step.path, _filled(step.data, theirs_known))
        mine = await ours(engine, step.operation, step.path, _filled(step.data, our_known))
        for name, field in step.remember.items():
            theirs_known[name], our_known[name] = theirs.data[field], mine.data[field]
        left, right = _comparable(theirs, step.texts), _comparable(mine, step.texts)
        if left != right:
            differences.append(f"{step.operation} {step.path} {step.data}\n  OpenBao {left}\n  we      {right}")
    assert not differences, "\n".join(differences)


def _filled(value: Any, known: dict[str, Any]) -> Any:
    if isinstance(value, str) and value.startswith("$"):
        return known[value[1:]]
    if isinstance(value, dict):
        return {name: _filled(one, known) for name, one in value.items()}
    return [_filled(one, known) for one in value] if isinstance(value, list) else value


def _comparable(seen: Seen, texts: bool) -> Seen:
    status = seen.status
    if status == 500 and not any(text in error for error in seen.errors for text in steps.KEPT_500):
        status = 400
    errors = seen.errors if texts else ("…",) * bool(seen.errors)
    return Seen(status, _shape(seen.data, texts), errors)


def _shape(value: Any, texts: bool, name: str = "") -> Any:
    """What does not differ from run to run."""
    if isinstance(value, dict):
        return {
            key: "…" if key in _RANDOM or (key == "error" and not texts) else _shape(one, texts, key)
            for key, one in value.items()
            if not (key == "valid" and one is False)  # OpenBao leaves it out of the results of HMACs
        }
    if isinstance(value, list):
        return [_shape(one, texts) for one in value]
    if isinstance(value, str) and value.startswith("vault:v"):
        return value[: value.index(":", 6)]
    if isinstance(value, str):
        if name.isdecimal() or name == "plaintext":
            return value.split("\n")[0] if value.startswith("-----") else len(value)
        return _TIME.sub("<time>", value)
    return "<unix>" if isinstance(value, int) and value > 1_700_000_000 else value


KINDS = {
    "aes256-gcm96": {}, "aes128-gcm96": {}, "chacha20-poly1305": {}, "rsa-2048": {}, "ecdsa-p256": {}, "ecdsa-p384": {},
    "ecdsa-p521": {}, "ed25519": {}, "hmac": {"key_size": 48},
    "aes256-gcm96 derived": {"derived": True}, "ed25519 derived": {"derived": True},
    "aes256-gcm96 convergent": {"derived": True, "convergent_encryption": True},
    "aes128-gcm96 convergent": {"derived": True, "convergent_encryption": True},
    "chacha20-poly1305 convergent": {"derived": True, "convergent_encryption": True},
}  # fmt: skip
"""Keys that are carried to the other side by backup and restore, there and back."""


@pytest.mark.parametrize("ours_first", [True, False])
@pytest.mark.parametrize("name", KINDS)
async def test_keys_move_between_openbao_and_us(server: OpenBao, engine: Mounted, name: str, ours_first: bool) -> None:
    async def we(path: str, **data: Any) -> dict[str, Any]:
        seen = await ours(engine, READ if path.startswith("backup") else WRITE, path, data)
        assert seen.status < 300, seen
        return dict(seen.data or {})

    async def they(path: str, **data: Any) -> dict[str, Any]:
        seen = server.ask(READ if path.startswith("backup") else WRITE, path, data)
        assert seen.status < 300, seen
        return dict(seen.data or {})

    first, second = (we, they) if ours_first else (they, we)
    key = f"moved-{name.replace(' ', '-')}-{ours_first}"
    kind = name.split(maxsplit=1)[0]
    await first(f"keys/{key}", type=kind, exportable=True, allow_plaintext_backup=True, **KINDS[name])
    await first(f"keys/{key}/rotate")
    await second(f"restore/{key}", backup=(await first(f"backup/{key}"))["backup"])
    context = {"context": HELLO} if "derived" in KINDS[name] else {}
    for version in (1, 2):
        more = {"key_version": version, **context}
        for one, other in ((first, second), (second, first)):
            if "aes" in kind or "chacha" in kind or "rsa" in kind:
                bound = {} if "rsa" in kind else {"associated_data": DIGEST}
                sealed = await one(f"encrypt/{key}", plaintext=HELLO, **more, **bound)
                opened = await other(f"decrypt/{key}", ciphertext=sealed["ciphertext"], **context, **bound)
                assert opened == {"plaintext": HELLO}
                if "convergent" in name:
                    assert sealed == await other(f"encrypt/{key}", plaintext=HELLO, **more, **bound)
            for how in HOWS.get(kind.partition("-")[0], ()):
                signed = await one(f"sign/{key}", input=DIGEST, **more, **how)
                checked = await other(f"verify/{key}", input=DIGEST, signature=signed["signature"], **context, **how)
                assert checked == {"valid": True}, how
            mac = await one(f"hmac/{key}", input=HELLO, key_version=version)
            assert (await other(f"verify/{key}", input=HELLO, hmac=mac["hmac"])) == {"valid": True}


HASHES = ("sha1", "sha2-224", "sha2-256", "sha2-384", "sha2-512", "sha3-224", "sha3-256", "sha3-384", "sha3-512")
HOWS: dict[str, list[dict[str, Any]]] = {
    "ed25519": [{}, {"marshaling_algorithm": "jws"}],
    "ecdsa": [
        {}, {"marshaling_algorithm": "jws"}, {"prehashed": True}, *({"hash_algorithm": name} for name in HASHES),
    ],
    "rsa": [
        {}, {"marshaling_algorithm": "jws"}, {"prehashed": True}, {"salt_length": "hash"}, {"salt_length": 11},
        {"signature_algorithm": "pkcs1v15", "prehashed": True},
        {"signature_algorithm": "pkcs1v15", "prehashed": True, "hash_algorithm": "none"},
        *({"hash_algorithm": name} for name in HASHES),
        *({"hash_algorithm": name, "signature_algorithm": "pkcs1v15"} for name in HASHES),
    ],
}  # fmt: skip
"""What each type of key signs with; DIGEST is as long as SHA-256 wants it."""
