"""Fields of a body, read with the leniency that clients rely on and no more: a wrong type is 400, never 500."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final, TypeVar, overload

from stratumiops.vault import durations
from stratumiops.vault.errors import BadRequest

T = TypeVar("T")
_TRUE: Final = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_FALSE: Final = frozenset({"0", "f", "F", "FALSE", "false", "False", ""})


class Fields:
    """The fields of a request by name; null is the same as absent."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data

    def has(self, name: str) -> bool:
        """Whether it was given."""
        return self._data.get(name) is not None

    def raw(self, name: str) -> Any:
        """As it was given."""
        return self._data.get(name)

    @overload
    def text(self, name: str) -> str: ...
    @overload
    def text(self, name: str, default: T) -> str | T: ...
    def text(self, name: str, default: Any = "") -> Any:
        """A string; numbers are taken as they are written."""
        value = self._data.get(name)
        if value is None:
            return default
        if isinstance(value, str):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        raise wrong(name, "a string")

    def required(self, name: str) -> str:
        """A string that is not empty."""
        value = self.text(name)
        if not value:
            raise BadRequest(f"missing {name}")
        return value

    @overload
    def integer(self, name: str) -> int: ...
    @overload
    def integer(self, name: str, default: T) -> int | T: ...
    def integer(self, name: str, default: Any = 0) -> Any:
        """A whole number, also as a string."""
        value = self._data.get(name)
        if value is None or value == "":
            return default
        if isinstance(value, int) and not isinstance(value, bool):
            return _small(name, value)
        if isinstance(value, float) and value.is_integer():
            return _small(name, int(value))
        if isinstance(value, str) and value.lstrip("+-").isdecimal() and len(value) <= 20:
            return _small(name, int(value))
        raise wrong(name, "a whole number")

    @overload
    def boolean(self, name: str) -> bool: ...
    @overload
    def boolean(self, name: str, default: T) -> bool | T: ...
    def boolean(self, name: str, default: Any = False) -> Any:
        """A truth value, also as a string or number."""
        value = self._data.get(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        if isinstance(value, int) and value in (0, 1):
            return bool(value)
        if isinstance(value, str) and value in _TRUE | _FALSE:
            return value in _TRUE
        raise wrong(name, "true or false")

    @overload
    def duration(self, name: str) -> int: ...
    @overload
    def duration(self, name: str, default: T) -> int | T: ...
    def duration(self, name: str, default: Any = 0) -> Any:
        """Whole seconds."""
        value = self._data.get(name)
        return default if value is None else durations.parse(value, name)

    @overload
    def strings(self, name: str) -> list[str]: ...
    @overload
    def strings(self, name: str, default: T) -> list[str] | T: ...
    def strings(self, name: str, default: Any = ()) -> Any:
        """A list of strings, or one string with commas."""
        value = self._data.get(name)
        if value is None:
            return list(default) if isinstance(default, tuple) else default
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, list) and all(isinstance(one, str | int) and not isinstance(one, bool) for one in value):
            return [str(one) for one in value]
        raise wrong(name, "a list of strings")

    @overload
    def mapping(self, name: str) -> dict[str, Any]: ...
    @overload
    def mapping(self, name: str, default: T) -> dict[str, Any] | T: ...
    def mapping(self, name: str, default: Any = None) -> Any:
        """An object."""
        value = self._data.get(name)
        if value is None:
            return {} if default is None else default
        if isinstance(value, dict):
            return value
        raise wrong(name, "an object")

    def bytes(self, name: str) -> bytes:
        """Base64; absent is empty."""
        value = self.text(name)
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise BadRequest(f"failed to base64-decode {name}") from None


def wrong(name: str, expected: str) -> BadRequest:
    """The error of a field of a wrong type."""
    return BadRequest(f"Field validation failed: error converting input for field {name!r}: expected {expected}")


def _small(name: str, value: int) -> int:
    if abs(value) >= 1 << 63:
        raise wrong(name, "a number of 64 bits")
    return value
