"""Strings of requests as HMACs, so that a log can be searched for a value by those who have it."""

import hmac
from collections.abc import Collection, Mapping
from typing import Any, Final

_digest = hmac.digest
_DEEPEST: Final = 64
_LARGEST: Final = 1 << 63
_PLAIN: Final = frozenset({bool, float})
_LISTS: Final = (list, tuple)
_BYTES: Final = (bytes, bytearray)
_TOO_DEEP: Final = "nested too deeply to be shown"


class Hasher:
    """HMAC-SHA256 with a device's salt (RFC 2104), as `hmac-sha256:<hex>`.

    Args:
        salt: of the device, 32 bytes.
        raw: values stay readable (`log_raw`).
    """

    __slots__ = ("_raw", "_salt")

    def __init__(self, salt: bytes, *, raw: bool = False) -> None:
        self._salt = salt
        self._raw = raw

    def __repr__(self) -> str:
        return "Hasher()"

    def text(self, value: str) -> str:
        """A string as the log shows it; an empty one stays empty."""
        if not value:
            return ""
        if self._raw:
            return printable(value)
        return "hmac-sha256:" + _digest(self._salt, value.encode("utf-8", "surrogatepass"), "sha256").hex()

    def always(self, value: bytes) -> str:
        """Bytes as HMAC, whatever the device logs."""
        return "hmac-sha256:" + _digest(self._salt, value, "sha256").hex()

    def fields(self, data: Mapping[str, Any], readable: Collection[str] = ()) -> dict[str, Any]:
        """The fields of a body; those named in `readable` are left as they are."""
        if not readable:
            return {printable(name): _value(self, value, _DEEPEST) for name, value in data.items()}
        plain = Hasher(self._salt, raw=True)
        return {
            printable(name): _value(plain if name in readable else self, value, _DEEPEST)
            for name, value in data.items()
        }


def _value(hasher: Hasher, value: Any, depth: int) -> Any:
    kind = type(value)
    if kind is str:
        return hasher.text(value)
    if value is None or kind in _PLAIN:
        return value
    if isinstance(value, int):
        return value if -_LARGEST <= value < _LARGEST else hasher.text(str(value))
    if kind is dict or isinstance(value, Mapping):
        return _object(hasher, value, depth - 1) if depth else _TOO_DEEP
    if isinstance(value, _LISTS):
        return [_value(hasher, inner, depth - 1) for inner in value] if depth else _TOO_DEEP
    return hasher.always(bytes(value)) if isinstance(value, _BYTES) else hasher.text(str(value))


def _object(hasher: Hasher, value: Mapping[str, Any], depth: int) -> dict[str, Any]:
    return {printable(str(name)): _value(hasher, inner, depth) for name, inner in value.items()}


def printable(text: str) -> str:
    """A text without what UTF-8 cannot hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
