"""Base64 as Vault reads it, and the form `vault:v<n>:<base64>` of all that is given out."""

import binascii
import re
from typing import Final

from stratumiops.vault.errors import BadRequest

PREFIX: Final = "vault:v"
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,9}", re.ASCII)
_LEGAL: Final = re.compile(r"[A-Za-z0-9+/]*", re.ASCII)


def encoded(data: bytes) -> str:
    """Base64 in one line."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def decoded(text: str, before: str = "") -> bytes:
    """The bytes of base64, with line breaks or without.

    Raises:
        BadRequest: it is none; the text begins with `before`.
    """
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        return _with_breaks(text, before)


def _with_breaks(text: str, before: str) -> bytes:
    joined = text.replace("\n", "").replace("\r", "")
    try:
        return binascii.a2b_base64(joined, strict_mode=True)
    except ValueError:
        legal = _LEGAL.match(joined)
        at = legal.end() if legal else 0
        if at == len(joined):  # nothing illegal, but cut short: Go names the beginning of the last four
            at -= at % 4
        raise BadRequest(f"{before}illegal base64 data at input byte {at}") from None


def url_encoded(data: bytes) -> str:
    """Base64 for URLs without padding, as JWS has it."""
    return encoded(data).rstrip("=").replace("+", "-").replace("/", "_")


def url_decoded(text: str, otherwise: str) -> bytes:
    """The inverse of `url_encoded`; the error is `otherwise`."""
    if re.search(r"[+/=]", text):
        raise BadRequest(otherwise)
    standard = text.replace("-", "+").replace("_", "/")
    return strict(standard + "=" * (-len(standard) % 4), otherwise)


def strict(text: str, otherwise: str) -> bytes:
    """The bytes of base64 that is written as `encoded` writes it; the error is `otherwise`.

    Any other spelling of the same bytes is refused, so that a changed character is always noticed.
    """
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        raise BadRequest(otherwise) from None
    rest = len(data) % 3
    if rest and encoded(data[-rest:]) != text[-4:]:
        raise BadRequest(otherwise)
    return data


def rendered(version: int, data: bytes) -> str:
    """`vault:v<n>:<base64>`."""
    return f"{PREFIX}{version}:{binascii.b2a_base64(data, newline=False).decode('ascii')}"


def parted(text: str, noun: str, no_prefix: str = "") -> tuple[int, str]:
    """The version and the base64 of `vault:v<n>:<base64>`.

    Raises:
        BadRequest: it has another form.
    """
    if not text.startswith(PREFIX):
        raise BadRequest(f"{no_prefix or f'invalid {noun}'}: no prefix")
    number, colon, body = text[len(PREFIX) :].partition(":")
    if not colon:
        raise BadRequest(f"invalid {noun}: wrong number of fields")
    if not _NUMBER.fullmatch(number):
        raise BadRequest(f"invalid {noun}: version number could not be decoded")
    return int(number), body
