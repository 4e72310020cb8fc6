"""Password policies: how long a password is, and which characters it has to have; written in HCL as in Vault.

length = 20
rule "charset" {
  charset   = "abcdefghij0123456789"
  min-chars = 1
}
"""

import secrets
from dataclasses import dataclass
from typing import Any, Final

from stratumiops.vault.errors import BadRequest
from stratumiops.vault.policies import hcl
from stratumiops.vault.policies.hcl import Body, Item

_SHORTEST: Final = 4
_LONGEST: Final = 100
_MOST_RULES: Final = 32
_MOST_CHARACTERS: Final = 256
_RANDOM: Final = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class Rule:
    """At least `least` characters of a password are among these."""

    characters: str
    least: int


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """The characters of all rules together are those that passwords are made of."""

    length: int
    rules: tuple[Rule, ...]

    def password(self) -> str:
        """A password: what each rule wants at least, the rest of all characters, in any order."""
        characters = "".join(sorted({one for rule in self.rules for one in rule.characters}))
        drawn = [secrets.choice(rule.characters) for rule in self.rules for _ in range(rule.least)]
        drawn += [secrets.choice(characters) for _ in range(self.length - len(drawn))]
        _RANDOM.shuffle(drawn)
        return "".join(drawn)


def parse(text: str) -> PasswordPolicy:
    """The policy of a text of HCL or JSON.

    Raises:
        BadRequest: it is none; the text says why.
    """
    length = 0
    rules: list[Rule] = []
    for item in hcl.parse(text):
        if item.keys == ("length",):
            length = _number(item)
        elif item.keys[0] == "rule":
            rules.extend(_rules(item))
        else:
            raise _wrong(item, f"there is no key {item.keys[0][:64]!r}; there are length and rule")
    if not _SHORTEST <= length <= _LONGEST:
        raise BadRequest(one_error(f"passwords must be between {_SHORTEST} and {_LONGEST} characters"))
    if len(rules) > _MOST_RULES:
        raise _invalid(f"there are more than {_MOST_RULES} rules")
    if not any(rule.characters for rule in rules):
        raise _invalid("no charset specified")
    least = sum(rule.least for rule in rules)
    if least > length:
        raise _invalid(f"specified rules require at least {least} characters but {length} is specified")
    return PasswordPolicy(length, tuple(rules))


def _rules(item: Item) -> list[Rule]:
    """Those of `rule "charset" {…}`, and of `rule { charset {…} }`, as JSON writes it."""
    if item.keys == ("rule", "charset"):
        return [_charset(item)]
    given = item.value if isinstance(item.value, list) else [item.value]
    if item.keys != ("rule",) or not all(isinstance(one, Body) for one in given):
        raise _wrong(item, 'the only kind of rule is "charset"')
    return [_charset(one) for body in given for one in body.items]


def _charset(item: Item) -> Rule:
    if item.keys[-1] != "charset" or not isinstance(item.value, Body):
        raise _wrong(item, 'the only kind of rule is "charset"')
    characters: Any = ""
    least = 0
    for one in item.value.items:
        if one.keys == ("charset",):
            characters = one.value
        elif one.keys == ("min-chars",):
            least = _number(one)
        else:
            raise _wrong(one, f"there is no key {one.keys[0][:64]!r}; there are charset and min-chars")
    if not isinstance(characters, str) or not characters.isprintable() or len(characters) > _MOST_CHARACTERS:
        raise _wrong(item, f"charset is a string of at most {_MOST_CHARACTERS} printable characters")
    if least and not characters:
        raise _wrong(item, "a charset without characters cannot have min-chars")
    return Rule("".join(sorted(set(characters))), least)


def _number(item: Item) -> int:
    if isinstance(item.value, bool) or not isinstance(item.value, int) or not 0 <= item.value <= _LONGEST:
        raise _wrong(item, f"{item.keys[-1]} is a number up to {_LONGEST}")
    return item.value


def _wrong(item: Item, why: str) -> BadRequest:
    return BadRequest(one_error(f"invalid password policy: {why} (line {item.line})"))


def _invalid(why: str) -> BadRequest:
    return BadRequest(one_error(f"invalid password policy: {one_error(why)}"))


def one_error(why: str) -> str:
    """How Vault's servers list what is wrong, when it is one thing."""
    return f"1 error occurred:\n\t* {why}\n\n"
