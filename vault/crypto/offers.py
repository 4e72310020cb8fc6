"""Which backend has which algorithm, also of those that are not installed."""

from typing import Final

from stratumiops.vault.crypto.port import AEAD_KEYS, ECDSA, ED25519, ML_DSA, ML_KEM, RSA_BITS
from stratumiops.vault.errors import BadRequest

OFFERS: Final = {
    "openssl": frozenset({*AEAD_KEYS, *RSA_BITS, *ECDSA, ED25519, *ML_DSA, "ml-kem-768", "ml-kem-1024"}),
    "oqs": frozenset({*ML_KEM, *ML_DSA}),
    "rustcrypto": frozenset({"chacha20-poly1305", "ml-kem-768"}),
}


def lacking(backend: str, algorithm: str) -> BadRequest:
    """The error of a backend that lacks an algorithm; it names one that has it."""
    other = next((name for name, has in OFFERS.items() if algorithm in has), None)
    if other is None:
        return BadRequest(f'no crypto backend has the algorithm "{algorithm}"')
    return BadRequest(
        f'the crypto backend "{backend}" has no {algorithm}; "{other}" has it (crypto_backend in the configuration)'
    )
