"""Values on the command line: `key=value`, `key=@file`, `key=-`, `@file.json`, `-`. No secret need be typed there."""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from stratumiops.vault.cli.failures import Failed


def fields(given: Sequence[str]) -> dict[str, Any]:
    """The fields that arguments say.

    Raises:
        Failed: one is none, or a file cannot be read.
    """
    found: dict[str, Any] = {}
    for one in given:
        if one == "-" or (one.startswith("@") and "=" not in one):
            found |= _document(one)
            continue
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise Failed(f"error: {one!r} is no value; write key=value, key=@file, key=- or @file.json", 1)
        text = content(value)
        if name not in found:
            found[name] = text
        elif isinstance(found[name], list):
            found[name].append(text)
        else:
            found[name] = [found[name], text]
    return found


def content(value: str) -> str:
    """A value, or what `@file` or `-` stands for; `\\@` begins a value with `@`.

    Raises:
        Failed: the file cannot be read.
    """
    if value == "-":
        return sys.stdin.read()
    if value.startswith("\\@"):
        return value[1:]
    return read_text(value[1:]) if value.startswith("@") else value


def read_text(path: str) -> str:
    """What a file says.

    Raises:
        Failed: it cannot be read.
    """
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"error: {path} cannot be read: {error}", 1) from None


def _document(one: str) -> dict[str, Any]:
    text = content(one)
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Failed(f"error: {'standard input' if one == '-' else one[1:]} is no JSON: {error}", 1) from None
    if not isinstance(found, dict):
        raise Failed(f"error: {'standard input' if one == '-' else one[1:]} is no JSON object", 1)
    return found


def flag_fields(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Those of options that were given."""
    return {name: value for name, value in pairs if value is not None and value != []}
