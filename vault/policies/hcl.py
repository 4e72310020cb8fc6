"""The part of HCL 1, and of JSON, that policies are written in, with the place of everything.

One grammar reads both: a document is a list of items, an item is keys followed by a value (`=` or `:` between) or by
a body in braces; commas between items may be left out; JSON is a body in braces.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from stratumiops.vault.errors import BadRequest

LARGEST: Final = 256 * 1024
"""Characters of a policy."""
_DEEPEST: Final = 16
_TOKEN: Final = re.compile(
    r"""(?P<space>[ \t\r\n\ufeff]+|\#[^\n]*|//[^\n]*|/\*.*?\*/)
      | (?P<string>"(?:[^"\\\n]|\\.)*")
      | (?P<heredoc><<-?(?P<mark>[A-Za-z_]\w*)[ \t]*\r?\n)
      | (?P<number>-?(?:0[xX][0-9a-fA-F]{1,15}|\d{1,18}(?:\.\d{1,18})?(?:[eE][+-]?\d{1,2})?)(?![\w.]))
      | (?P<word>[^\W\d][\w.-]*)
      | (?P<sign>[{}\[\],=:])""",
    re.VERBOSE | re.DOTALL,
)
_WORDS: Final[dict[str, Any]] = {"true": True, "false": False, "null": None}
_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "a": "\a", "v": "\v"}


@dataclass(frozen=True, slots=True)
class Item:
    """Keys, and what they stand for: a string, number, truth value, None, list or body."""

    keys: tuple[str, ...]
    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class Body:
    """Items in braces."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    value: Any
    at: int


class Reader:
    """A document being read."""

    def __init__(self, text: str) -> None:
        if len(text) > LARGEST:
            raise BadRequest(f"failed to parse policy: it has more than {LARGEST} characters")
        self._text = text
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._tokens = self._split()
        self._next = 0

    def document(self) -> tuple[Item, ...]:
        """Its items.

        Raises:
            BadRequest: it is no such document; the text says the line and column.
        """
        if self._peek().value == "{" and self._peek().kind == "sign":
            self._next += 1
            items = self._items("}", 1)
        else:
            items = self._items("", 0)
        if self._peek().kind != "end":
            self._fail(self._peek().at, "expected the end of the policy")
        return items

    def _items(self, end: str, depth: int) -> tuple[Item, ...]:
        if depth > _DEEPEST:
            self._fail(self._peek().at, "nested too deeply")
        items: list[Item] = []
        while True:
            token = self._take()
            if token.kind == "sign" and token.value == ",":
                continue
            if token.kind == ("sign" if end else "end") and token.value == end:
                return tuple(items)
            items.append(self._item(token, depth))

    def _item(self, token: _Token, depth: int) -> Item:
        keys = []
        begin = token.at
        while token.kind in {"string", "word"}:
            keys.append(str(token.value))
            token = self._take()
        if not keys:
            self._fail(token.at, "expected a key")
        if token.kind == "sign" and token.value in {"=", ":"}:
            return Item(tuple(keys), self._value(self._take(), depth), self._line(begin))
        if token.kind == "sign" and token.value == "{":
            return Item(tuple(keys), Body(self._items("}", depth + 1)), self._line(begin))
        return self._fail(token.at, f"key '{keys[-1][:64]}' expected start of object ('{{') or assignment ('=')")

    def _value(self, token: _Token, depth: int) -> Any:
        if token.kind in {"string", "number"}:
            return token.value
        if token.kind == "word" and token.value in _WORDS:
            return _WORDS[token.value]
        if token.kind == "sign" and token.value == "{":
            return Body(self._items("}", depth + 1))
        if token.kind == "sign" and token.value == "[":
            return self._list(depth + 1)
        return self._fail(token.at, "expected a value")

    def _list(self, depth: int) -> list[Any]:
        if depth > _DEEPEST:
            self._fail(self._peek().at, "nested too deeply")
        values: list[Any] = []
        while True:
            token = self._take()
            if token.kind == "sign" and token.value == "]":
                return values
            values.append(self._value(token, depth))
            token = self._take()
            if token.kind == "sign" and token.value == "]":
                return values
            if token.kind != "sign" or token.value != ",":
                self._fail(token.at, "error parsing list, expected comma or list end")

    def _split(self) -> list[_Token]:
        tokens: list[_Token] = []
        at = 0
        while at < len(self._text):
            found = _TOKEN.match(self._text, at)
            if found is None:
                self._fail(at, self._illegal(at))
            kind, begin, at = str(found.lastgroup), at, found.end()
            if kind == "heredoc":
                value, at = self._heredoc(found["mark"], begin, at)
                tokens.append(_Token("string", value, begin))
            elif kind != "space":
                tokens.append(_Token(kind, self._meaning(kind, found[0], begin), begin))
        tokens.append(_Token("end", "", len(self._text)))
        return tokens

    def _illegal(self, at: int) -> str:
        if self._text.startswith("/*", at):
            return "comment not terminated"
        if self._text[at] == '"':
            return "literal not terminated"
        return "heredoc not terminated" if self._text.startswith("<<", at) else "illegal char"

    def _heredoc(self, mark: str, begin: int, at: int) -> tuple[str, int]:
        end = re.compile(rf"^[ \t]*{re.escape(mark)}[ \t]*\r?$", re.MULTILINE).search(self._text, at)
        if end is None:
            self._fail(begin, "heredoc not terminated")
        return self._text[at : end.start()], end.end()

    def _meaning(self, kind: str, text: str, at: int) -> Any:
        if kind == "string":
            return _ESCAPE.sub(lambda found: self._escaped(found[1], at), text[1:-1])
        if kind == "number":
            if text.lstrip("-")[:2].lower() == "0x":
                return int(text, 16)
            return float(text) if set(text) & set(".eE") else int(text)
        return text

    def _escaped(self, escape: str, at: int) -> str:
        if len(escape) == 1:
            return _ESCAPES.get(escape, escape)
        code = int(escape[1:], 16)
        if code > 0x10FFFF or 0xD800 <= code < 0xE000:
            self._fail(at, "illegal char escape")
        return chr(code)

    def _line(self, at: int) -> int:
        return bisect_right(self._lines, at)

    def _fail(self, at: int, why: str) -> NoReturn:
        line = self._line(at)
        raise BadRequest(f"failed to parse policy: At {line}:{at - self._lines[line - 1] + 1}: {why}")

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        if token.kind != "end":
            self._next += 1
        return token


def parse(text: str) -> tuple[Item, ...]:
    """The items of a document of HCL or JSON."""
    return Reader(text).document()
