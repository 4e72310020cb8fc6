"""Random texts: tokens, accessors, the ends of lease ids."""

import hmac
import secrets
import string
from typing import Final

SERVICE: Final = "hvs."
BATCH: Final = "hvb."
LENGTH: Final = 24
_ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_FAIR: Final = 256 - 256 % len(_ALPHABET)
_LETTERS: Final = bytes(ord(_ALPHABET[byte % len(_ALPHABET)]) for byte in range(256))
_UNFAIR: Final = bytes(range(_FAIR, 256))


def base62(length: int = LENGTH) -> str:
    """So many letters and digits, each as likely as any other: about 6 bits a character."""
    found = b""
    while len(found) < length:
        found += secrets.token_bytes(length + 8).translate(_LETTERS, _UNFAIR)
    return found[:length].decode()


def same(one: str, other: str) -> bool:
    """Whether two tokens are the same; how long it takes does not tell where they differ."""
    return hmac.compare_digest(one.encode(errors="surrogatepass"), other.encode(errors="surrogatepass"))
