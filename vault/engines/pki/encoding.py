"""Serial numbers, PEM and the little of DER that the library does not write."""

import base64
import re
import secrets
from typing import Final

from cryptography import x509
from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from stratumiops.vault.errors import BadRequest

_BLOCK: Final = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----\s.*?-----END \1-----", re.DOTALL)
FORMATS: Final = ("pem", "der", "pem_bundle")
UNREADABLE: Final = (
    ValueError, TypeError, NotImplementedError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType, InternalError,
)  # fmt: skip
"""What the library raises for certificates, requests and lists that are none, or odd."""
SHORTEST: Final = 75
"""A text that is shorter is no PEM of anything."""


def new_serial() -> int:
    """20 random bytes, positive (RFC 5280, 4.1.2.2)."""
    return int.from_bytes(secrets.token_bytes(20)) >> 1 or 1


def serial_key(serial: int) -> str:
    """A serial number as it is kept: hex without separators."""
    return serial.to_bytes(max(1, (serial.bit_length() + 7) // 8)).hex()


def with_colons(key: str) -> str:
    """A kept serial number as clients see it: `0a:1b`."""
    return ":".join(key[at : at + 2] for at in range(0, len(key), 2))


def serial_text(serial: int) -> str:
    """A serial number as clients see it."""
    return with_colons(serial_key(serial))


def parse_serial(text: str) -> str | None:
    """The kept form of `0a:1B`, `0a-1b` or `0a1b`; None: it is no serial number."""
    digits = re.sub(r"[:-]|%3[aA]", "", text.strip())
    if not re.fullmatch(r"[0-9a-fA-F]{1,80}", digits):
        return None
    return serial_key(int(digits, 16))


def pem(certificate: x509.Certificate) -> str:
    """PEM without the line end."""
    return certificate.public_bytes(Encoding.PEM).decode().rstrip("\n")


def armored(der: bytes, label: str) -> str:
    """PEM of any DER, without the line end."""
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----"


def in_format(der: bytes, label: str, form: str) -> str:
    """PEM, or base64 of the DER."""
    return base64.b64encode(der).decode() if form == "der" else armored(der, label)


def bundle(text: str, chain: tuple[str, ...], private: str = "") -> str:
    """A key, a certificate and its chain in one text."""
    return "\n".join(one for one in (private, text, *chain) if one)


def checked_format(form: str) -> str:
    """`pem`, `der` or `pem_bundle`.

    Raises:
        BadRequest: it is another.
    """
    if form not in FORMATS:
        raise BadRequest('the "format" path parameter must be "pem", "der", or "pem_bundle"')
    return form


def blocks(text: str) -> list[tuple[str, bytes]]:
    """The labels and texts of the PEM blocks in a bundle.

    Raises:
        BadRequest: there is none.
    """
    if len(text) < SHORTEST:
        raise BadRequest(
            "provided data for import was too short; perhaps a path was passed to the API rather than the contents of a"
            " PEM file"
        )
    found = [(match[1].decode(), match[0]) for match in _BLOCK.finditer(text.encode(errors="replace"))]
    if not found:
        raise BadRequest("error when parsing block 1: invalid PEM data")
    return found


def certificate(text: str, error: str) -> x509.Certificate:
    """A certificate from PEM whose every part can be read.

    Raises:
        BadRequest: it is none; with this text.
    """
    try:
        found = x509.load_pem_x509_certificate(text.encode())
        _ = found.extensions, found.subject, found.issuer, found.public_key()
        good = found.serial_number > 0 and found.not_valid_before_utc < found.not_valid_after_utc
    except UNREADABLE:
        good = False
    if not good:
        raise BadRequest(error)
    return found


def tlv(tag: int, inside: bytes) -> bytes:
    """One value in DER."""
    length = len(inside)
    if length < 0x80:
        return bytes((tag, length)) + inside
    size = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(size))) + size + inside


def content(der: bytes) -> bytes:
    """What is inside one value in DER."""
    return der[2 + (der[1] & 0x7F if der[1] & 0x80 else 0) :]


def values(side_by_side: bytes) -> list[tuple[int, bytes]]:
    """The values side by side in DER that was written by the library: tags, and encodings with their headers."""
    found, at = [], 0
    while at < len(side_by_side):
        length, header = side_by_side[at + 1], 2
        if length & 0x80:
            header += length & 0x7F
            length = int.from_bytes(side_by_side[at + 2 : at + header])
        found.append((side_by_side[at], side_by_side[at : at + header + length]))
        at += header + length
    return found
