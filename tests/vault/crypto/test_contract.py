"""The contract of the crypto port, run over every backend, with the official vectors."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratumiops.vault.crypto.backends import BACKENDS, NAMES, crypto
from stratumiops.vault.crypto.offers import OFFERS
from stratumiops.vault.crypto.port import AEAD_KEYS, ECDSA, ED25519, ML_DSA, ML_KEM, Crypto
from stratumiops.vault.errors import BadRequest, ConfigError

from .backends import installed
from .vectors import ROOT, records

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("liboqs")]
"""The first test that needs liboqs builds it."""

SIGNATURES = ("rsa-2048", *ECDSA, ED25519, *ML_DSA)
"""RSA of more bits differs in nothing but the time that a key takes."""


@pytest.fixture(params=BACKENDS, scope="module")
def backend(request: pytest.FixtureRequest) -> Crypto:
    return installed(request.param)


def offered(algorithms: tuple[str, ...] | dict[str, int], backend: Crypto) -> list[str]:
    return [algorithm for algorithm in algorithms if algorithm in backend.algorithms()]


def test_what_is_offered_is_what_the_tables_say(backend: Crypto) -> None:
    assert backend.algorithms() == OFFERS[backend.name]


def test_signatures(backend: Crypto) -> None:
    for algorithm in offered(SIGNATURES, backend):
        pair = backend.generate(algorithm)
        assert backend.public(algorithm, pair.private) == pair.public
        assert pair.private.hex() not in repr(pair)
        for message in (b"", b"a message", bytes(5000)):
            signature = backend.sign(algorithm, pair.private, message)
            assert backend.verify(algorithm, pair.public, message, signature)
            assert not backend.verify(algorithm, pair.public, message + b"!", signature)
            assert not backend.verify(algorithm, pair.public, message, signature[:-1] + bytes([signature[-1] ^ 1]))
            assert not backend.verify(algorithm, pair.public, message, b"")
        other = backend.generate(algorithm)
        assert not backend.verify(algorithm, other.public, b"x", backend.signer(algorithm, pair.private)(b"x"))


def test_contexts_of_ml_dsa(backend: Crypto) -> None:
    for algorithm in offered(ML_DSA, backend):
        pair = backend.generate(algorithm)
        signature = backend.sign(algorithm, pair.private, b"m", b"context")
        assert backend.verify(algorithm, pair.public, b"m", signature, b"context")
        assert not backend.verify(algorithm, pair.public, b"m", signature)
        with pytest.raises(BadRequest, match="255"):
            backend.sign(algorithm, pair.private, b"m", bytes(256))


def test_no_context_but_with_ml_dsa() -> None:
    backend = crypto("openssl")
    pair = backend.generate(ED25519)
    with pytest.raises(BadRequest, match="no context"):
        backend.sign(ED25519, pair.private, b"m", b"context")
    with pytest.raises(BadRequest, match="no context"):
        backend.verify(ED25519, pair.public, b"m", bytes(64), b"context")


def test_encapsulation(backend: Crypto) -> None:
    for algorithm in offered(ML_KEM, backend):
        pair = backend.generate(algorithm)
        assert backend.public(algorithm, pair.private) == pair.public
        made = backend.encapsulate(algorithm, pair.public)
        assert backend.decapsulate(algorithm, pair.private, made.ciphertext) == made.shared_secret
        assert made.shared_secret.hex() not in repr(made)
        broken = bytes([made.ciphertext[0] ^ 1]) + made.ciphertext[1:]
        assert backend.decapsulator(algorithm, pair.private)(broken) != made.shared_secret


def test_malformed_keys_and_ciphertexts(backend: Crypto) -> None:
    for algorithm in offered(ML_KEM, backend):
        pair = backend.generate(algorithm)
        for public in (b"", pair.public[:-1], pair.public + b"x", b"\xff" * len(pair.public)):
            with pytest.raises(BadRequest):
                backend.encapsulate(algorithm, public)
        for ciphertext in (b"", bytes(10), bytes(5000)):
            with pytest.raises(BadRequest):
                backend.decapsulate(algorithm, pair.private, ciphertext)
        with pytest.raises(BadRequest):
            backend.decapsulate(algorithm, bytes(63), bytes(10))
    for algorithm in offered(SIGNATURES, backend):
        with pytest.raises(BadRequest):
            backend.verify(algorithm, b"nothing", b"m", bytes(64))
        with pytest.raises(BadRequest):
            backend.sign(algorithm, b"nothing", b"m")


@settings(max_examples=30, deadline=None)
@given(plaintext=st.binary(max_size=200), associated=st.binary(max_size=40), data=st.data())
def test_authenticated_encryption(backend: Crypto, plaintext: bytes, associated: bytes, data: st.DataObject) -> None:
    for algorithm in offered(AEAD_KEYS, backend):
        key = data.draw(st.binary(min_size=AEAD_KEYS[algorithm], max_size=AEAD_KEYS[algorithm]))
        sealed = backend.encrypt(algorithm, key, plaintext, associated)
        assert len(sealed) == 12 + len(plaintext) + 16
        assert backend.decrypt(algorithm, key, sealed, associated) == plaintext
        at = data.draw(st.integers(0, len(sealed) - 1))
        broken = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        wrongs = ((broken, associated), (sealed, associated + b"x"), (sealed[:-1], associated), (b"", b""))
        for wrong, more in wrongs:
            with pytest.raises(BadRequest):
                backend.decrypt(algorithm, key, wrong, more)
        with pytest.raises(BadRequest, match="bytes"):
            backend.encrypt(algorithm, key + b"x", plaintext)


def test_what_is_lacking_names_who_has_it(backend: Crypto) -> None:
    uses: tuple[Callable[[str], object], ...] = (
        backend.generate,
        lambda algorithm: backend.public(algorithm, b""),
        lambda algorithm: backend.sign(algorithm, b"", b""),
        lambda algorithm: backend.verify(algorithm, b"", b"", b""),
        lambda algorithm: backend.encrypt(algorithm, b"", b""),
        lambda algorithm: backend.decrypt(algorithm, b"", b""),
        lambda algorithm: backend.encapsulate(algorithm, b""),
        lambda algorithm: backend.decapsulate(algorithm, b"", b""),
    )
    for algorithm in frozenset().union(*OFFERS.values()) - backend.algorithms():
        for use in uses:
            with pytest.raises(BadRequest, match=f"no {algorithm}; .* has it") as raised:
                use(algorithm)
            assert algorithm in OFFERS[str(raised.value).split('"')[3]]
    with pytest.raises(BadRequest, match="no crypto backend"):
        backend.generate("rot13")


def test_names_of_the_configuration() -> None:
    with pytest.raises(ConfigError, match=r"aws-lc.*unavailable"):
        crypto("aws-lc")
    with pytest.raises(ConfigError, match=r"one of openssl, oqs, aws-lc, rustcrypto"):
        crypto("opensl")
    assert set(BACKENDS) | {"aws-lc"} == set(NAMES)


@pytest.mark.parametrize(("algorithm", "number"), [("ml-kem-512", 512), ("ml-kem-768", 768), ("ml-kem-1024", 1024)])
def test_vectors_of_ml_kem(backend: Crypto, algorithm: str, number: int) -> None:
    if algorithm not in backend.algorithms():
        return
    for vector in list(records(f"asymmetric/MLKEM/kat_MLKEM_{number}.rsp"))[:40]:
        seed = bytes.fromhex(vector["d"] + vector["z"])
        assert backend.public(algorithm, seed).hex() == vector["pk"]
        decapsulate = backend.decapsulator(algorithm, seed)
        assert decapsulate(bytes.fromhex(vector["ct"])).hex() == vector["ss"]
        assert decapsulate(bytes.fromhex(vector["ct_n"])).hex() == vector["ss_n"]


@pytest.mark.parametrize(("algorithm", "number"), [("ml-dsa-44", 44), ("ml-dsa-65", 65), ("ml-dsa-87", 87)])
def test_vectors_of_ml_dsa(backend: Crypto, algorithm: str, number: int) -> None:
    if algorithm not in backend.algorithms():
        return
    for vector in list(records(f"asymmetric/MLDSA/kat_MLDSA_{number}_det_pure.rsp"))[:20]:
        public, message, context = (bytes.fromhex(vector[name]) for name in ("pk", "msg", "ctx"))
        signature = bytes.fromhex(vector["sm"])[: -len(message)]
        assert backend.public(algorithm, bytes.fromhex(vector["xi"])) == public
        assert backend.verify(algorithm, public, message, signature, context)
        assert not backend.verify(algorithm, public, message + b"x", signature, context)


def test_vectors_of_ed25519() -> None:
    backend = crypto("openssl")
    for line in (ROOT / "asymmetric/Ed25519/sign.input").read_text(encoding="ascii").splitlines()[::20]:
        secret, public, message, signed = (bytes.fromhex(part) for part in line.split(":")[:4])
        assert backend.public(ED25519, secret[:32]) == public
        assert backend.sign(ED25519, secret[:32], message) == signed[:64]


@pytest.mark.parametrize("first", ["openssl", "oqs", "rustcrypto"])
@pytest.mark.parametrize("second", ["openssl", "oqs", "rustcrypto"])
def test_implementations_understand_each_other(first: str, second: str) -> None:
    one, other = installed(first), installed(second)
    both = one.algorithms() & other.algorithms()
    for algorithm in both & set(ML_KEM):
        pair = one.generate(algorithm)
        assert other.public(algorithm, pair.private) == pair.public
        made = other.encapsulate(algorithm, pair.public)
        assert one.decapsulate(algorithm, pair.private, made.ciphertext) == made.shared_secret
    for algorithm in both & set(ML_DSA):
        pair = one.generate(algorithm)
        assert other.public(algorithm, pair.private) == pair.public
        assert other.verify(algorithm, pair.public, b"m", one.sign(algorithm, pair.private, b"m"))
        assert one.verify(algorithm, pair.public, b"m", other.sign(algorithm, pair.private, b"m", b"c"), b"c")
    for algorithm in both & set(AEAD_KEYS):
        key = bytes(range(AEAD_KEYS[algorithm]))
        assert other.decrypt(algorithm, key, one.encrypt(algorithm, key, b"text", b"more"), b"more") == b"text"


def test_without_liboqs_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OQS_INSTALL_PATH", str(tmp_path))
    monkeypatch.setattr("ctypes.util.find_library", lambda name: None)
    with pytest.raises(ConfigError, match=r"liboqs was not found.*OQS_INSTALL_PATH"):
        crypto("oqs")
