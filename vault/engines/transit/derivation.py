"""Keys derived from a key and a context: HKDF with SHA-256 (RFC 5869), no salt, the context as info."""

import hmac
from typing import Final

from stratumiops.vault.errors import BadRequest

NEEDS_CONTEXT: Final = (
    "missing 'context' for key derivation; the key was created using a derived key, which means additional,"
    " per-request information must be included in order to perform operations with the key"
)
_NO_SALT: Final = bytes(32)


def derived(key: bytes, context: bytes, length: int) -> bytes:
    """So many bytes from a key and a context.

    Raises:
        BadRequest: there is no context.
    """
    if not context:
        raise BadRequest(NEEDS_CONTEXT)
    return hkdf(key, context, length)


def hkdf(secret: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 with SHA-256 and no salt."""
    prk = hmac.digest(_NO_SALT, secret, "sha256")
    block, out, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.digest(prk, block + info + bytes([counter]), "sha256")
        out += block
        counter += 1
    return out[:length]
