"""Names of users that are made: the part of Go's templates that such names use.

`{{.DisplayName}}`, `{{.RoleName}}`, `{{random 20}}`, `{{unix_time}}` and `{{uuid}}`, each with `| truncate 8`,
`| uppercase`, `| lowercase` and `| replace "a" "b"` behind it, and `{{printf "v-%s" …}}` with the same in parentheses.
"""

import re
import secrets
import string
import uuid
from collections.abc import Callable, Mapping
from typing import Final

from stratumiops.vault.errors import BadRequest

USUAL: Final = (
    '{{ printf "v-%s-%s-%s-%s" (.DisplayName | truncate 8) (.RoleName | truncate 8) (random 20) (unix_time)'
    " | truncate 63 }}"
)
_BLOCK: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_TOKEN: Final = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[()|]|[.\w]+)\s*')
_LETTERS: Final = string.ascii_letters + string.digits
_LONGEST: Final = 200

Values = Mapping[str, str]


def username(template: str, values: Values) -> str:
    """A name; `values` are `DisplayName`, `RoleName` and `unix_time`.

    Raises:
        BadRequest: the template cannot be read.
    """
    made = _BLOCK.sub(lambda block: _Reader(block[1], values).whole(), template or USUAL)
    if not made or len(made) > _LONGEST:
        raise _unreadable(f"it makes a name that is empty or longer than {_LONGEST} characters")
    return made


class _Reader:
    """Evaluates one block, token by token."""

    def __init__(self, text: str, values: Values) -> None:
        self._tokens: list[str] = []
        self._values = values
        at = 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if found is None:
                raise _unreadable(f"there is something odd at character {at + 1} of a block")
            self._tokens.append(found[1])
            at = found.end()

    def whole(self) -> str:
        """The value of the block."""
        value = self._pipeline()
        if self._tokens:
            raise _unreadable(f"there is more than expected: {self._tokens[0]}")
        return value

    def _pipeline(self) -> str:
        value = self._call()
        while self._tokens and self._tokens[0] == "|":
            self._next()
            value = self._call(value)
        return value

    def _call(self, *piped: str) -> str:
        name = self._next()
        if name == "(":
            value = self._pipeline()
            if self._next() != ")":
                raise _unreadable("a parenthesis is not closed")
            return value
        arguments: list[str] = []
        while self._tokens and self._tokens[0] not in ("|", ")"):
            arguments.append(self._argument())
        return self._value(name, [*arguments, *piped])

    def _argument(self) -> str:
        if self._tokens[0] == "(":
            return self._call()
        token = self._next()
        if token.startswith('"'):
            return _unquoted(token)
        return token if token.isdecimal() else self._value(token, [])

    def _value(self, name: str, arguments: list[str]) -> str:
        if name.startswith('"') and not arguments:
            return _unquoted(name)
        if name.startswith("."):
            found = self._values.get(name[1:])
            if found is None or arguments:
                raise _unreadable(f"there is no {name}")
            return found
        if name == "unix_time" and not arguments:
            return self._values["unix_time"]
        function, number = _FUNCTIONS.get(name, (None, 0))
        if name == "printf" and arguments:
            return _printf(*arguments)
        if function is None or len(arguments) != number:
            raise _unreadable(f"there is no {name} with {len(arguments)} arguments")
        return function(*arguments)

    def _next(self) -> str:
        if not self._tokens:
            raise _unreadable("it ends too early")
        return self._tokens.pop(0)


def _unquoted(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1])


def _printf(text: str, *values: str) -> str:
    if text.replace("%%", "").count("%") != text.count("%s") or text.count("%s") != len(values):
        raise _unreadable("a printf has another number of %s than values")
    left = list(values)
    return re.sub("%[s%]", lambda found: left.pop(0) if found[0] == "%s" else "%", text)


def _random(number: str) -> str:
    if not number.isdecimal() or not 0 < int(number) <= 100:
        raise _unreadable("random takes a number up to 100")
    return "".join(secrets.choice(_LETTERS) for _ in range(int(number)))


def _truncate(number: str, text: str) -> str:
    if not number.isdecimal():
        raise _unreadable("truncate takes a number")
    return text[: int(number)]


_FUNCTIONS: Final[dict[str, tuple[Callable[..., str], int]]] = {
    "random": (_random, 1),
    "truncate": (_truncate, 2),
    "uuid": (lambda: str(uuid.uuid4()), 0),
    "uppercase": (str.upper, 1),
    "lowercase": (str.lower, 1),
    "replace": (lambda old, new, text: text.replace(old, new), 3),
}


def _unreadable(why: str) -> BadRequest:
    return BadRequest(f"the username_template cannot be used: {why}")
