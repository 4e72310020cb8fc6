"""Statements with places for values: what stands in quotes is escaped as these quotes need it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields, wrong

_PLACE: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_BARE: Final = re.compile(r"[A-Za-z0-9_]+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_DOLLARS: Final = re.compile(r"\$\w*\$")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a language quotes. In `doubled` quotes a quote is escaped by another, in `escaped` ones by a backslash."""

    comment: re.Pattern[str]
    doubled: str
    escaped: str
    one_at_once: bool


SQL: Final = Dialect(re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL), doubled="'\"", escaped="", one_at_once=False)
CYPHER: Final = Dialect(re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL), doubled="`", escaped="'\"", one_at_once=True)


def given(fields: Fields, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """Statements of a request: a list, or one text, which may be a list written as JSON."""
    value = fields.raw(name)
    if value is None:
        return default
    if isinstance(value, str):
        value = _listed(value) if value.lstrip().startswith("[") else [value]
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise wrong(name, "a list of statements")
    return tuple(one for one in value if one.strip())


def _listed(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return [text]


def filled(template: str, values: Mapping[str, str], dialect: Dialect) -> list[str]:
    """The statements of a template, with values in their places.

    Raises:
        BadRequest: a place has no value, or a value cannot stand there.
    """
    _check(template, values, dialect)
    statements, quote, at = [""], "", 0
    while at < len(template):
        text = template[at]
        if place := _PLACE.match(template, at):
            at = place.end()
            statements[-1] += _fitted(place[1], quote, values, dialect)
            continue
        if not quote and (comment := dialect.comment.match(template, at)):
            text = comment[0]
        elif quote and quote in dialect.escaped and text == "\\":
            text = template[at : at + 2]
        elif text in dialect.doubled + dialect.escaped:
            quote = "" if quote == text else quote or text
        elif text == ";" and not quote and dialect.one_at_once:
            statements.append("")
        at += len(text)
        statements[-1] += text if text != ";" or quote or not dialect.one_at_once else ""
    return [statement.strip() for statement in statements if statement.strip()]


def _check(template: str, values: Mapping[str, str], dialect: Dialect) -> None:
    for name, value in values.items():
        if _CONTROL.search(value) or (dialect is SQL and "\\" in value):
            raise BadRequest(f"the {name} has characters that cannot be quoted")
        if dialect is SQL and any(tag in value for tag in _DOLLARS.findall(template)):
            raise BadRequest(f"the {name} cannot stand between the dollar quotes of a statement")


def _fitted(name: str, quote: str, values: Mapping[str, str], dialect: Dialect) -> str:
    value = values.get("name" if name == "username" else name)
    if value is None:
        raise BadRequest(f"a statement has the place {{{{{name}}}}}, for which there is no value")
    if not quote:
        if _BARE.fullmatch(value) is None:
            raise BadRequest(f"the place {{{{{name}}}}} of a statement has to stand in quotes")
        return value
    if quote in dialect.doubled:
        return value.replace(quote, quote * 2)
    return value.replace("\\", "\\\\").replace(quote, "\\" + quote)
