"""Mounts and paths as people write them, made safe for an address."""

import re
from typing import Final

from stratumiops.graph.errors import BadInput

MAX_PATH: Final = 2_048
_ODD: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def clean_path(path: str, field: str, *, empty: bool = False) -> str:
    """A path without slashes around it; one at its end, which means a folder, stays.

    Raises:
        BadInput: it is too long, or has control characters, empty parts, `.` or `..`.
    """
    found = path.lstrip("/")
    if not found and empty:
        return ""
    parts = found.removesuffix("/").split("/")
    if len(found) > MAX_PATH or _ODD.search(found) or any(part in ("", ".", "..") for part in parts):
        message = f"{field} is no path in a vault."
        hint = f"Write names with slashes between them, without `.` and `..`: up to {MAX_PATH:,} characters."
        raise BadInput(message, hint=hint, field=field)
    return found


def clean_mount(mount: str, field: str = "mount") -> str:
    """The path of a mount, with a slash at its end.

    Raises:
        BadInput: see `clean_path`.
    """
    return clean_path(mount, field).removesuffix("/") + "/"
