"""What the rules of one path, from all policies of a token, come to together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from stratumiops.vault.policies.acl_policy import Rule
from stratumiops.vault.policies.parameters import ParameterRules
from stratumiops.vault.policies.pattern import Pattern
from stratumiops.vault.policies.verdict import ACL, DENIED, Reason, Verdict
from stratumiops.vault.request import Operation

_WITH_FIELDS: Final = frozenset({Operation.READ, Operation.CREATE, Operation.UPDATE, Operation.PATCH})


@dataclass(frozen=True, slots=True)
class Source:
    """A rule, and the policy that it is in."""

    policy: str
    rule: Rule

    def reason(self, why: str) -> Reason:
        """This rule as what decided."""
        return Reason(self.policy, ACL, self.rule.path, self.rule.line, why)


class Grant:
    """The rules of one path. `deny` wins; else capabilities add up, and the limits of every rule count."""

    __slots__ = ("_max_ttl", "_min_ttl", "_parameters", "_plain", "_verdicts", "capabilities", "pattern", "sources")

    def __init__(self, pattern: Pattern, sources: Sequence[Source]) -> None:
        self.pattern = pattern
        self.sources = tuple(sources)
        rules = [source.rule for source in sources]
        denied = any(rule.denies for rule in rules)
        found = frozenset().union(*(rule.capabilities for rule in rules))
        self.capabilities: tuple[str, ...] = DENIED if denied or not found else tuple(sorted(found))
        self._parameters = ParameterRules(rules)
        self._min_ttl = min((rule.min_wrapping_ttl for rule in rules if rule.min_wrapping_ttl), default=0)
        self._max_ttl = max((rule.max_wrapping_ttl for rule in rules), default=0)
        self._plain = not (self._parameters or self._min_ttl or self._max_ttl)
        self._verdicts = {operation: self._verdict(operation) for operation in Operation}

    def check(self, operation: Operation, data: Mapping[str, Any], wrap_ttl: int | None) -> Verdict:
        """Whether an operation is allowed with these fields."""
        verdict = self._verdicts[operation]
        if self._plain or not verdict.allowed:
            return verdict
        why = self._limit(wrap_ttl or 0) or (self._parameters.refusal(data) if operation in _WITH_FIELDS else "")
        return self._refused(why) if why else verdict

    @property
    def denies(self) -> bool:
        """Whether a rule of it refuses everything."""
        return any(source.rule.denies for source in self.sources)

    def _verdict(self, operation: Operation) -> Verdict:
        for source in self.sources:
            if source.rule.denies:
                return Verdict(False, DENIED, source.reason("this rule denies everything on the path"), explicit=True)
        giving = [source for source in self.sources if operation.value in source.rule.capabilities]
        if giving:
            reason = giving[0].reason(f"this rule gives the capability {operation.value}")
            return Verdict(True, self.capabilities, reason, granting=tuple((one.policy, ACL) for one in giving))
        given = " and ".join(self.capabilities) if self.capabilities != DENIED else "nothing"
        why = f"the most specific rule for the path gives {given}, and not {operation.value}"
        return Verdict(False, self.capabilities, self.sources[0].reason(why))

    def _limit(self, ttl: int) -> str:
        """Why the answer may not be wrapped, or not be left unwrapped, for this time."""
        if self._max_ttl and self._min_ttl > self._max_ttl:
            return "its policies' min_wrapping_ttl is above their max_wrapping_ttl"
        if self._max_ttl and not 0 < ttl <= self._max_ttl:
            return f"the answer must be wrapped for at most {self._max_ttl} seconds"
        if self._min_ttl and ttl < self._min_ttl:
            return f"the answer must be wrapped for at least {self._min_ttl} seconds"
        return ""

    def _refused(self, why: str) -> Verdict:
        return Verdict(False, self.capabilities, self.sources[0].reason(why), explicit=True)
