"""Texts of Cedar: their statements with names and lines, bounded before Cedar's own parser sees them."""

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, NoReturn

from stratumiops.vault.errors import BadRequest
from stratumiops.vault.policies.cedar_schema import SCHEMA

if TYPE_CHECKING:
    import cedarpy

LARGEST: Final = 64 * 1024
"""Characters of a policy."""
_DEEPEST: Final = 32
_MOST_IFS: Final = 100  # Cedar's parser recurses into brackets and ifs and ends the process when its stack is used up
_TOKEN: Final = re.compile(r'\s+|//[^\n]*|"(?:[^"\\]|\\.)*"|[^\W\d]\w*|[^\w\s"/\[(){}\];]+|.', re.DOTALL)
_ID: Final = re.compile(r'@id\s*\(\s*"((?:[^"\\]|\\.)*)"\s*\)')
_EFFECTS: Final = frozenset({"permit", "forbid"})


@dataclass(frozen=True, slots=True)
class Statement:
    """A `permit` or `forbid`.

    Args:
        name: its `@id`, else its number (`#1`).
        line: where it begins, from 1.
    """

    effect: str
    name: str
    line: int
    text: str

    @property
    def forbids(self) -> bool:
        """Whether it refuses."""
        return self.effect == "forbid"


@dataclass(frozen=True, slots=True)
class CedarPolicy:
    """The statements of one text."""

    text: str
    statements: tuple[Statement, ...]


def parse(text: str) -> CedarPolicy:
    """The policy of a text of Cedar, checked against the schema.

    Raises:
        BadRequest: it is no policy, or speaks of what there is not; the text says where and why.
    """
    if len(text) > LARGEST:
        _fail(1, f"it has more than {LARGEST} characters")
    policy = load(text)
    if not policy.statements:
        _fail(1, "there is no permit or forbid")
    whole = _problem(text, len(policy.statements))
    if whole:
        for statement in policy.statements:
            problem = _problem(statement.text, 1)
            if problem:
                _fail(statement.line, problem)
        _fail(1, whole)
    return policy


def load(text: str) -> CedarPolicy:
    """The policy of a text that was checked when it was written."""
    return CedarPolicy(text, _statements(text))


def _problem(text: str, count: int) -> str:
    """What is wrong with a text of so many statements; ""."""
    import cedarpy

    try:
        found = cedarpy.PolicySet.from_str(text)
    except ValueError as error:
        return str(error)
    if found.templates() or len(found) != count:
        return "expected one permit or forbid without ?principal or ?resource"
    problems = cedarpy.validate_policies(text, _schema()).errors
    return problems[0].error.removeprefix("for policy `policy0`, ") if problems else ""


@cache
def _schema() -> "cedarpy.Schema":
    import cedarpy

    return cedarpy.Schema.from_str(SCHEMA)


def _statements(text: str) -> tuple[Statement, ...]:
    found: list[Statement] = []
    begin, effect, depth, ifs = -1, "", 0, 0
    for token in _TOKEN.finditer(text):
        part, at = token[0], token.start()
        if part.startswith("//") or part.isspace():
            continue
        begin = at if begin < 0 else begin
        depth += (part in "[({") - (part in "])}") if len(part) == 1 else 0
        ifs += part == "if"
        if depth > _DEEPEST or ifs > _MOST_IFS:
            _fail(_line(text, at), "nested too deeply")
        if part in _EFFECTS and not effect and depth == 0:
            effect = part
        elif part == ";":
            found.append(_statement(text, begin, token.end(), effect, len(found) + 1))
            begin, effect, depth, ifs = -1, "", 0, 0
    if begin >= 0:
        _fail(_line(text, begin), "the statement does not end with ;")
    return tuple(found)


def _statement(text: str, begin: int, end: int, effect: str, number: int) -> Statement:
    part = text[begin:end]
    if not effect:
        _fail(_line(text, begin), "expected permit or forbid")
    named = _ID.match(part) or _ID.search(part.partition(effect)[0])
    return Statement(effect, named[1] if named else f"#{number}", _line(text, begin), part)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _fail(line: int, why: str) -> NoReturn:
    raise BadRequest(f"failed to parse policy: line {line}: {why}")
