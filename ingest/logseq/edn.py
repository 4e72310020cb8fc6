"""A reader of EDN, as far as `logseq/config.edn` needs it: bounded, iterative, without tags and namespaced maps.

Source: https://github.com/edn-format/edn
"""

import re
from typing import Any, Final

MAX_TEXT: Final = 500_000
"""Characters that are read; a real configuration has some thousands."""
_MAX_DEPTH: Final = 100
_TOKEN = re.compile(
    r'[\s,]+|;[^\n]*|(?P<string>"(?:\\.|[^"\\])*")|(?P<open>#?[({]|\[)|(?P<close>[)}\]])|(?P<discard>#_)'
    r'|(?P<char>\\(?:\w+|.))|(?P<atom>[^\s,"()\[\]{};\\]+)',
    re.DOTALL,
)
_CLOSING: Final = {"(": ")", "[": "]", "{": "}", "#{": "}", "#(": ")"}
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r"}
_WORDS: Final = {"true": True, "false": False, "nil": None}


class Keyword(str):
    """`:name`, without the colon."""

    __slots__ = ()


class _Mark:
    """Stands for `#_` or a tag until the form after it is there."""


_DISCARD: Final = _Mark()
_TAG: Final = _Mark()


def read(text: str) -> Any:
    """The first form: maps as dicts, everything else with brackets as lists.

    Raises:
        ValueError: no EDN, or larger or deeper than it may be.
    """
    if len(text) > MAX_TEXT:
        message = f"{len(text):,} characters; up to {MAX_TEXT:,} are read"
        raise ValueError(message)
    forms: list[list[Any]] = [[]]
    opened: list[str] = []
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise _problem(text, position, "no EDN")
        position = found.end()
        kind, token = found.lastgroup, found[0]
        if kind == "open":
            opened.append(token)
            forms.append([])
            if len(opened) > _MAX_DEPTH:
                raise _problem(text, position, f"nested deeper than {_MAX_DEPTH} levels")
        elif kind == "close":
            if not opened or _CLOSING[opened[-1]] != token:
                raise _problem(text, position, f"`{token}` closes nothing")
            _add(forms, _closed(opened.pop(), forms.pop()))
        elif kind == "discard":
            forms[-1].append(_DISCARD)
        elif kind is not None:
            _add(forms, _atom(kind, token))
        if not opened and len(forms[0]) == 1 and not isinstance(forms[0][0], _Mark):
            return forms[0][0]
    message = "it ends in the middle" if opened else "it is empty"
    raise ValueError(message)


def _problem(text: str, position: int, what: str) -> ValueError:
    return ValueError(f"line {text.count(chr(10), 0, position) + 1}: {what}")


def _add(forms: list[list[Any]], value: Any) -> None:
    """Append a finished form, unless `#_` drops it; a tag is replaced by what it tags."""
    into = forms[-1]
    if value is not _TAG and into and into[-1] is _DISCARD:
        into.pop()
    elif value is not _TAG and into and into[-1] is _TAG:
        into[-1] = value
    else:
        into.append(value)


def _closed(opening: str, values: list[Any]) -> Any:
    values = [value for value in values if not isinstance(value, _Mark)]
    if opening != "{":
        return values
    keys = [value if isinstance(value, str) else str(value) for value in values[::2]]
    return dict(zip(keys, values[1::2], strict=False))


def _atom(kind: str, token: str) -> Any:  # noqa: PLR0911 - a table
    if kind == "string":
        return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), token[1:-1], flags=re.DOTALL)
    if kind == "char":
        return token[1:]
    if token.startswith(":"):
        return Keyword(token[1:])
    if token.startswith("#"):
        return _TAG
    if token in _WORDS:
        return _WORDS[token]
    try:
        return int(token) if len(token) < 20 else token
    except ValueError:
        return token
