"""What a rule says about the fields of a request."""

from collections.abc import Iterable, Mapping
from typing import Any

from stratumiops.vault.policies.acl_policy import Parameters, Rule


class ParameterRules:
    """The parameter rules of one path, from all policies: values that several name add up, no values is every value."""

    __slots__ = ("_allowed", "_denied", "_required")

    def __init__(self, rules: Iterable[Rule]) -> None:
        rules = list(rules)
        self._allowed = _merged(rule.allowed for rule in rules)
        self._denied = _merged(rule.denied for rule in rules)
        self._required = frozenset().union(*(rule.required for rule in rules))

    def __bool__(self) -> bool:
        return bool(self._allowed or self._denied or self._required)

    def refusal(self, data: Mapping[str, Any]) -> str:
        """Why the fields are refused, without their values; "": they are not."""
        for name in sorted(self._required):
            if name not in data:
                return f"the parameter {name} is required"
        if not data:
            return ""
        return self._denial(data) or self._not_allowed(data)

    def _denial(self, data: Mapping[str, Any]) -> str:
        if "*" in self._denied:
            return "all parameters are denied"
        for name, value in data.items():
            values = self._denied.get(name.lower()) if self._denied else None
            if values is not None and (not values or _among(value, values)):
                return f"the parameter {name} is denied" + (" with this value" if values else "")
        return ""

    def _not_allowed(self, data: Mapping[str, Any]) -> str:
        if not self._allowed:
            return ""
        others = "*" in self._allowed
        for name, value in data.items():
            values = self._allowed.get(name.lower()) if name != "*" else None
            if values is None:
                if not others:
                    return f"the parameter {name} is not among those allowed"
            elif values and not _among(value, values):
                return f"the parameter {name} is not allowed with this value"
        return ""


def _merged(parts: Iterable[Parameters]) -> Parameters:
    found: Parameters = {}
    for part in parts:
        for name, values in part.items():
            known = found.get(name)
            found[name] = values if known is None else known + values if known and values else ()
    return found


def _among(value: Any, values: tuple[Any, ...]) -> bool:
    return any(_fits(one, value) for one in values)


def _fits(pattern: Any, value: Any) -> bool:
    if isinstance(pattern, str):
        return isinstance(value, str) and glob(pattern, value)
    return same(pattern, value)


def same(one: Any, other: Any) -> bool:
    """Whether two values of JSON are equal; a truth value is no number."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return bool(one == other)


def glob(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern in which each `*` stands for anything; the time is linear in the text."""
    first, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    *middle, last = rest
    if not text.startswith(first):
        return False
    at = len(first)
    for part in middle:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return len(text) - len(last) >= at and text.endswith(last)
