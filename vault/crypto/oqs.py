"""The backend `oqs`: ML-KEM and ML-DSA by liboqs."""

import ctypes
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from stratumiops.vault.crypto import liboqs
from stratumiops.vault.crypto.port import ML_DSA, ML_KEM, Decapsulate, Encapsulated, KeyPair, Sign
from stratumiops.vault.crypto.primitives import Primitives, of_length, short_context
from stratumiops.vault.errors import BadRequest

_SEED: Final = {**dict.fromkeys(ML_KEM, 64), **dict.fromkeys(ML_DSA, 32)}
_RANDOM: Final = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_size_t)
_TURN: Final = threading.RLock()
"""liboqs has one source of randomness for the whole process; whoever replaces it for a moment is alone with it."""


class Oqs(Primitives):
    """ML-KEM-512, -768 and -1024, ML-DSA-44, -65 and -87."""

    name = "oqs"

    def __init__(self) -> None:
        self._oqs = liboqs.load()
        has = {*self._oqs.get_enabled_kem_mechanisms(), *self._oqs.get_enabled_sig_mechanisms()}
        self._has = frozenset(algorithm for algorithm in _SEED if algorithm.upper() in has)

    def algorithms(self) -> frozenset[str]:
        """What this build of liboqs has."""
        return self._has

    def generate(self, algorithm: str) -> KeyPair:
        """A new pair of keys."""
        if algorithm not in self._has:
            return super().generate(algorithm)
        seed = os.urandom(_SEED[algorithm])
        return KeyPair(algorithm, self.public(algorithm, seed), seed)

    def public(self, algorithm: str, private: bytes) -> bytes:
        """The public key of a private one."""
        if algorithm not in self._has:
            return super().public(algorithm, private)
        return self._expanded(algorithm, private)[0]

    def signer(self, algorithm: str, private: bytes) -> Sign:
        """`sign` by one key, expanded once."""
        if algorithm not in self._has or algorithm not in ML_DSA:
            return super().signer(algorithm, private)
        _, secret = self._expanded(algorithm, private)

        def sign(message: bytes, context: bytes = b"") -> bytes:
            short_context(algorithm, context)
            with _TURN, self._oqs.Signature(algorithm.upper(), secret) as key:
                return bytes(key.sign_with_ctx_str(message, context))

        return sign

    def verify(self, algorithm: str, public: bytes, message: bytes, signature: bytes, context: bytes = b"") -> bool:
        """Whether a signature is good."""
        if algorithm not in self._has or algorithm not in ML_DSA:
            return super().verify(algorithm, public, message, signature, context)
        short_context(algorithm, context)
        with self._oqs.Signature(algorithm.upper()) as scheme:
            of_length(f"a public key of {algorithm}", public, scheme.length_public_key)
            return bool(scheme.verify_with_ctx_str(message, signature, context, public))

    def encapsulate(self, algorithm: str, public: bytes) -> Encapsulated:
        """A shared secret for the owner of a key."""
        if algorithm not in self._has or algorithm not in ML_KEM:
            return super().encapsulate(algorithm, public)
        with _TURN, self._oqs.KeyEncapsulation(algorithm.upper()) as scheme:
            of_length(f"a public key of {algorithm}", public, scheme.length_public_key)
            return Encapsulated(*_encapsulated(algorithm, scheme, public))

    def decapsulator(self, algorithm: str, private: bytes) -> Decapsulate:
        """`decapsulate` by one key, expanded once."""
        if algorithm not in self._has or algorithm not in ML_KEM:
            return super().decapsulator(algorithm, private)
        _, secret = self._expanded(algorithm, private)

        def decapsulate(ciphertext: bytes) -> bytes:
            with self._oqs.KeyEncapsulation(algorithm.upper(), secret) as key:
                of_length(f"a ciphertext of {algorithm}", ciphertext, key.length_ciphertext)
                return bytes(key.decap_secret(ciphertext))

        return decapsulate

    def _expanded(self, algorithm: str, seed: bytes) -> tuple[bytes, bytes]:
        """The public key, and the private one as liboqs takes it."""
        of_length(f"a private key of {algorithm}", seed, _SEED[algorithm])
        if algorithm in ML_KEM:
            with self._oqs.KeyEncapsulation(algorithm.upper()) as kem:
                return bytes(kem.generate_keypair_seed(seed)), bytes(kem.export_secret_key())
        with _TURN, _random_is(self._oqs.native(), seed), self._oqs.Signature(algorithm.upper()) as scheme:
            return bytes(scheme.generate_keypair()), bytes(scheme.export_secret_key())


@contextmanager
def _random_is(native: Any, seed: bytes) -> Iterator[None]:
    """Within the block liboqs draws this seed: its ML-DSA has no key generation from a seed of its own.

    FIPS 204, algorithm 1, draws 32 random bytes and nothing else.
    """

    def draw(target: int, length: int) -> None:
        ctypes.memmove(target, (seed * (length // len(seed) + 1))[:length], length)

    callback = _RANDOM(draw)
    native.OQS_randombytes_custom_algorithm(callback)
    try:
        yield
    finally:
        native.OQS_randombytes_switch_algorithm(b"system")


def _encapsulated(algorithm: str, scheme: Any, public: bytes) -> tuple[bytes, bytes]:
    try:
        ciphertext, secret = scheme.encap_secret(public)
    except RuntimeError:
        raise BadRequest(f"malformed public key of {algorithm}") from None
    return ciphertext, secret
