"""Paths of secrets: which ones there can be. The core has decoded them; here nothing is cleaned, only refused."""

import re
from typing import Final

from stratumiops.vault.errors import BadRequest

LONGEST: Final = 700
"""Bytes of UTF-8: with the prefixes of the barrier it stays below the 1,024 of a storage's keys."""
_ODD: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]|(?:^|/)\.{0,2}(?:/|$)")
_RELATIVE: Final = re.compile(r"(?:^|/)\.{1,2}(?:/|$)")


def checked(path: str) -> str:
    """The path, when a secret may have it.

    Raises:
        BadRequest: it has empty or relative segments or control characters, or is too long.
    """
    if _ODD.search(path) is not None:
        raise BadRequest("relative paths not supported" if _RELATIVE.search(path) else "invalid path")
    if len(path) > LONGEST // 4 and len(path.encode()) > LONGEST:
        raise BadRequest(f"the path is longer than {LONGEST} bytes")
    return path


def writable(path: str) -> str:
    """The path of something that is written.

    Raises:
        BadRequest: it names a folder, or `checked` refuses it.
    """
    if path.endswith("/") or not path:
        raise BadRequest("cannot write to a path ending in '/'")
    return checked(path)


def folder(path: str) -> str:
    """A folder as the prefix of what is in it: "" or with a slash at its end."""
    path = path.removesuffix("/")
    return checked(path) + "/" if path else ""
