"""The profile of one node."""

import re
from collections.abc import Mapping
from typing import Any

import orjson

from stratumiops.ingest.markdown import mask
from stratumiops.ingest.profiles.signature import signature

PROFILE_VERSION = 1
"""Raised when profiles hold more or other things: stored ones are then made anew."""

_CONFLICT = re.compile(
    r"^<{7}(?: [^\n]*)?\n(?:(?!<{7}|>{7})[^\n]*\n)*?={7}\n(?:(?!<{7}|>{7})[^\n]*\n)*?>{7}(?: [^\n]*)?$", re.MULTILINE
)
_WORD = re.compile(r"\w+")
_MAX_NAMES = 50


def profile(node: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a node's profile, None where it has none.

    Args:
        node: `title`, `content`, and `metadata` as JSON text, or None when it names no alias.
    """
    signed = signature(node["content"])
    return {
        "version": PROFILE_VERSION,
        "title": folded(node["title"]),
        "names": names(node["title"], node.get("aliases") or _aliases(node.get("metadata"))),
        "hashes": None if signed is None else list(signed.hashes),
        "markers": markers(node["content"]) or None,
        "bands": None if signed is None else list(signed.bands),
    }


def folded(title: str) -> str:
    """A title as titles are compared: without case, blanks collapsed."""
    return " ".join(title.casefold().split())


def names(title: str, aliases: list[str]) -> list[str]:
    """What a text may call a node: its title and its aliases, as written, words parted by single blanks."""
    written = (" ".join(_WORD.findall(name)) for name in (title, *aliases[:_MAX_NAMES]))
    return list(dict.fromkeys(name for name in written if name))


def markers(content: str) -> list[int]:
    """The lines, from 1, on which a conflict of a merge begins: both sides are there, and it is not in code."""
    if "<<<<<<<" not in content:
        return []
    masked = mask(content)
    return [masked.count("\n", 0, found.start()) + 1 for found in _CONFLICT.finditer(masked)]


def _aliases(metadata: str | None) -> list[str]:
    found = orjson.loads(metadata) if metadata else {}
    values: list[Any] = []
    for key in ("aliases", "alias"):
        value = found.get(key) if isinstance(found, dict) else None
        values += value if isinstance(value, list) else str(value).split(",") if isinstance(value, str) else []
    return [value for value in values if isinstance(value, str)]
