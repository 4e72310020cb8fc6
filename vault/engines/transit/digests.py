"""Hash functions by Vault's names."""

import hashlib
from typing import Final

from cryptography.hazmat.primitives import hashes

NAMES: Final = {
    "sha1": "sha1",
    "sha2-224": "sha224",
    "sha2-256": "sha256",
    "sha2-384": "sha384",
    "sha2-512": "sha512",
    "sha3-224": "sha3_224",
    "sha3-256": "sha3_256",
    "sha3-384": "sha3_384",
    "sha3-512": "sha3_512",
}
"""As hashlib calls them."""

ALGORITHMS: Final[dict[str, hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - clients may ask for it
    "sha2-224": hashes.SHA224(),
    "sha2-256": hashes.SHA256(),
    "sha2-384": hashes.SHA384(),
    "sha2-512": hashes.SHA512(),
    "sha3-224": hashes.SHA3_224(),
    "sha3-256": hashes.SHA3_256(),
    "sha3-384": hashes.SHA3_384(),
    "sha3-512": hashes.SHA3_512(),
}

DEFAULT: Final = "sha2-256"
NONE: Final = "none"


def digest(name: str, data: bytes) -> bytes:
    """The hash of some bytes."""
    return hashlib.new(NAMES[name], data).digest()
