"""The path policies of a token, compiled to one matcher."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from stratumiops.vault.policies.acl_policy import AclPolicy
from stratumiops.vault.policies.grant import Grant, Source
from stratumiops.vault.policies.pattern import Pattern
from stratumiops.vault.policies.verdict import DENIED, ROOT, ROOT_CAPABILITIES, Reason, Verdict
from stratumiops.vault.request import Operation

_REMEMBERED: Final = 4_096
_LONGEST: Final = 512
"""Longer paths are not remembered."""
_UNKNOWN: Final = object()


class Acl:
    """Rules by path.

    The most specific rule decides: an exact one, else the pattern of the highest rank. A list is asked for with a slash
    at the end: a rule without it counts as well, an exact one before any pattern.
    """

    def __init__(self, policies: Sequence[tuple[str, AclPolicy]], *, is_root: bool = False) -> None:
        self.is_root = is_root
        self.names = tuple(name for name, _ in policies)
        self.sources = [
            (Pattern.of(rule.path), Source(name, rule))
            for name, policy in policies
            for rule in policy.rules
            if not rule.is_template
        ]
        self._exact: dict[str, Grant] = {}
        self._prefixes: dict[str, Grant] = {}
        self._segments: list[Grant] = []
        for grant in _grants(self.sources):
            if grant.pattern.segments:
                self._segments.append(grant)
            elif grant.pattern.is_prefix:
                self._prefixes[grant.pattern.text] = grant
            else:
                self._exact[grant.pattern.text] = grant
        self._segments.sort(key=lambda grant: grant.pattern.rank, reverse=True)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes}, reverse=True)
        self._found: dict[str, Grant | None] = {}
        self._listed: dict[str, Grant | None] = {}
        self._nothing = _nothing(self.names)

    def check(
        self, operation: Operation, path: str, data: Mapping[str, Any], wrap_ttl: int | None = None
    ) -> Verdict:  # fmt: skip
        """Whether an operation is allowed on a path.

        Args:
            path: with the mount, without a leading slash.
            data: the fields of the body or the query.
            wrap_ttl: for how many seconds the answer shall be wrapped.
        """
        if self.is_root:
            return ROOT
        if operation is Operation.LIST:
            grant = self.listed(path if path.endswith("/") else path + "/")
        else:
            grant = self.found(path)
        return self._nothing if grant is None else grant.check(operation, data, wrap_ttl)

    def capabilities(self, path: str) -> tuple[str, ...]:
        """What may be done on a path, sorted; `("deny",)`: nothing."""
        if self.is_root:
            return ROOT_CAPABILITIES
        grant = self.listed(path.removeprefix("/"))
        return DENIED if grant is None else grant.capabilities

    def found(self, path: str) -> Grant | None:
        """What counts for a path."""
        known = self._found.get(path, _UNKNOWN)
        if known is not _UNKNOWN:
            return known  # type: ignore[return-value]
        return self._remembered(self._found, path, self._search(path))

    def listed(self, path: str) -> Grant | None:
        """What counts for a path as lists and capabilities see it: the slash at the end does not matter."""
        known = self._listed.get(path, _UNKNOWN)
        if known is not _UNKNOWN:
            return known  # type: ignore[return-value]
        return self._remembered(self._listed, path, self._search_list(path))

    def reaches(self, mount: str) -> bool:
        """Whether anything may be done below a mount's path, which ends with a slash."""
        return self.is_root or any(
            source.rule.capabilities and not source.rule.denies and pattern.may_fit_below(mount)
            for pattern, source in self.sources
        )

    def grants(self) -> Iterable[Grant]:
        """All of it: exact paths first."""
        return (*self._exact.values(), *self._prefixes.values(), *self._segments)

    def _search_list(self, path: str) -> Grant | None:
        bare = path[:-1] if path.endswith("/") else path
        return self._exact.get(path) or self._exact.get(bare) or self._best(path) or (
            self._best(bare) if bare != path else None
        )  # fmt: skip

    def _search(self, path: str) -> Grant | None:
        return self._exact.get(path) or self._best(path)

    def _best(self, path: str) -> Grant | None:
        """The pattern of the highest rank that fits."""
        prefix = None
        for length in self._lengths:
            if length <= len(path) and (prefix := self._prefixes.get(path[:length])) is not None:
                break
        if not self._segments:
            return prefix
        parts = path.split("/")
        for grant in self._segments:
            if prefix is not None and prefix.pattern.rank > grant.pattern.rank:
                return prefix
            if grant.pattern.fits(path, parts):
                return grant
        return prefix

    def _remembered(self, known: dict[str, Grant | None], path: str, grant: Grant | None) -> Grant | None:
        if len(path) <= _LONGEST:
            if len(known) >= _REMEMBERED:
                known.clear()
            known[path] = grant
        return grant


def _grants(sources: Iterable[tuple[Pattern, Source]]) -> list[Grant]:
    by_pattern: dict[Pattern, list[Source]] = {}
    for pattern, source in sources:
        by_pattern.setdefault(pattern, []).append(source)
    return [Grant(pattern, found) for pattern, found in by_pattern.items()]


def _nothing(names: tuple[str, ...]) -> Verdict:
    whose = f"no rule of the policies {', '.join(names)} fits the path" if names else "the token has no path policy"
    return Verdict(allowed=False, capabilities=DENIED, reason=Reason(why=whose))
