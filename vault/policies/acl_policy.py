"""Path policies, as operators write them."""

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from stratumiops.vault import durations
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.policies import hcl
from stratumiops.vault.policies.hcl import Body, Item

CAPABILITIES: Final = frozenset({"create", "read", "update", "patch", "delete", "list", "scan", "sudo", "deny"})
_SHORT: Final = {
    "deny": ("deny",),
    "read": ("read", "list"),
    "write": ("create", "read", "update", "delete", "list"),
    "sudo": ("create", "read", "update", "delete", "list", "sudo"),
}
_KEYS: Final = frozenset({
    "policy", "capabilities", "allowed_parameters", "denied_parameters", "required_parameters",
    "min_wrapping_ttl", "max_wrapping_ttl", "comment",
})  # fmt: skip
_NOT_HERE: Final = frozenset({"control_group", "mfa_methods", "expiration", "pagination_limit"})
_TEMPLATE: Final = re.compile(r"\{\{[^{}]*\}\}")

Parameters = dict[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be done on the paths that a pattern fits.

    `*` at the end of `path` stands for anything, a segment `+` for one segment. Names of parameters are lower-case; no
    values means every value. TTLs are seconds, 0: none. A rule with a template (`{{…}}`) fits nothing, for there are no
    identities to fill it with.
    """

    path: str
    capabilities: frozenset[str]
    line: int
    allowed: Parameters = field(default_factory=dict)
    denied: Parameters = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    min_wrapping_ttl: int = 0
    max_wrapping_ttl: int = 0

    @property
    def is_template(self) -> bool:
        """Whether identities would have to be filled in."""
        return "{{" in self.path

    @property
    def denies(self) -> bool:
        """Whether it refuses everything."""
        return "deny" in self.capabilities


@dataclass(frozen=True, slots=True)
class AclPolicy:
    """The rules of one text."""

    rules: tuple[Rule, ...]


def decoded(text: str) -> str:
    """A policy's text, which may come as base64."""
    try:
        return base64.b64decode(text.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return text


def parse(text: str) -> AclPolicy:
    """The policy of a text of HCL or JSON.

    Raises:
        BadRequest: it is no policy; the text says where and why.
    """
    rules: list[Rule] = []
    for item in hcl.parse(text):
        if item.keys[0] == "path":
            rules += _rules(item)
        elif item.keys != ("name",):
            _fail(f'invalid key "{item.keys[0][:64]}" on line {item.line}')
    return AclPolicy(tuple(rules))


def _rules(item: Item) -> list[Rule]:
    if len(item.keys) == 2 and isinstance(item.value, Body):
        return [_Rule(item.keys[1], item).read(item.value)]
    bodies = item.value if isinstance(item.value, list) else [item.value]
    if len(item.keys) != 1 or not all(isinstance(body, Body) for body in bodies):
        _fail(f"path on line {item.line}: expected one path and a body in braces")
    found = []
    for body in bodies:
        for inner in body.items:
            if len(inner.keys) != 1 or not isinstance(inner.value, Body):
                _fail(f"path on line {inner.line}: expected one path and a body in braces")
            found.append(_Rule(inner.keys[0], inner).read(inner.value))
    return found


class _Rule:
    """A rule being read."""

    def __init__(self, path: str, item: Item) -> None:
        self._path = path
        self._line = item.line
        self._shown = f'path "{path[:200]}"'

    def read(self, body: Body) -> Rule:
        self._check_path()
        capabilities: set[str] = set()
        values: dict[str, Any] = {}
        for item in body.items:
            name = item.keys[0]
            if name in _NOT_HERE:
                self._fail(f'"{name}" on line {item.line} is not supported')
            if name not in _KEYS or len(item.keys) != 1:
                self._fail(f'invalid key "{name[:64]}" on line {item.line}')
            if name == "policy":
                capabilities.update(self._short(item))
            elif name == "capabilities":
                capabilities.update(self._capabilities(item))
            elif name in values:
                self._fail(f'"{name}" is there twice, again on line {item.line}')
            else:
                values[name] = self._value(name, item)
        return self._rule(frozenset(capabilities), values)

    def _rule(self, capabilities: frozenset[str], values: dict[str, Any]) -> Rule:
        least, most = values.get("min_wrapping_ttl", 0), values.get("max_wrapping_ttl", 0)
        if least and most and most < least:
            _fail(f"{self._shown}: max_wrapping_ttl cannot be less than min_wrapping_ttl")
        return Rule(
            path=self._path.removeprefix("/"),
            capabilities=frozenset({"deny"}) if "deny" in capabilities else capabilities,
            line=self._line,
            allowed=values.get("allowed_parameters", {}),
            denied=values.get("denied_parameters", {}),
            required=values.get("required_parameters", frozenset()),
            min_wrapping_ttl=least,
            max_wrapping_ttl=most,
        )

    def _check_path(self) -> None:
        if "+*" in self._path:
            self._fail("invalid use of wildcards ('+*' is forbidden)")
        rest = _TEMPLATE.sub("", self._path)
        if "{{" in rest or "}}" in rest:
            _fail(f"{self._shown}: failed to validate policy templating: unbalanced templating characters")

    def _short(self, item: Item) -> tuple[str, ...]:
        if item.value == "":
            return ()
        found = _SHORT.get(item.value) if isinstance(item.value, str) else None
        if found is None:
            self._fail(f'invalid policy "{str(item.value)[:64]}" (line {item.line})')
        return found

    def _capabilities(self, item: Item) -> list[str]:
        for one in self._list(item):
            if not isinstance(one, str) or one not in CAPABILITIES:
                self._fail(f'invalid capability "{str(one)[:64]}" (line {item.line})')
        return list(item.value)

    def _value(self, name: str, item: Item) -> Any:
        if name == "comment":
            return item.value
        if name.endswith("_ttl"):
            try:
                return durations.parse(item.value, name)
            except BadRequest:
                _fail(f"{self._shown}: error parsing {name} (line {item.line})")
        if name == "required_parameters":
            return frozenset(str(one).lower() for one in self._list(item))
        if not isinstance(item.value, Body):
            self._fail(f"{name} on line {item.line}: expected names with lists of values in braces")
        found: Parameters = {}
        for inner in item.value.items:
            if len(inner.keys) != 1:
                self._fail(f"{name} on line {inner.line}: expected one name")
            found[inner.keys[0].lower()] = tuple(_plain(one) for one in self._list(inner))
        return found

    def _list(self, item: Item) -> list[Any]:
        if not isinstance(item.value, list):
            self._fail(f"{item.keys[0][:64]} on line {item.line}: expected a list")
        return item.value

    def _fail(self, why: str) -> NoReturn:
        _fail(f"{self._shown}: {self._shown}: {why}")


def _plain(value: Any) -> Any:
    """A value as a request's JSON would hold it."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, Body):
        return {item.keys[0]: _plain(item.value) for item in value.items}
    return value


def _fail(why: str) -> NoReturn:
    raise BadRequest(f"failed to parse policy: {why}")
