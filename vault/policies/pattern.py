"""Paths of rules: what they fit, and which of two is the more specific."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pattern:
    """The path of a rule.

    Args:
        text: the path without the `*` at its end.
        is_prefix: there was one.
        segments: those of `text`, when one of them is `+`; else none.
    """

    text: str
    is_prefix: bool
    segments: tuple[str, ...]

    @classmethod
    def of(cls, path: str) -> "Pattern":
        """The pattern of a rule's path."""
        is_prefix = path.endswith("*")
        text = path[:-1] if is_prefix else path
        parts = tuple(text.split("/"))
        return cls(text, is_prefix, parts if "+" in parts else ())

    @property
    def is_exact(self) -> bool:
        """Whether it fits one path only."""
        return not self.is_prefix and not self.segments

    @property
    def rank(self) -> tuple[bool, int, bool, int, int, str]:
        """The higher is the more specific.

        An exact path; then the one whose first wildcard comes later; without `*`; with fewer `+`; longer; later in the
        alphabet.
        """
        plus = self.segments.count("+")
        return (self.is_exact, self._first_wildcard(), not self.is_prefix, -plus, len(self.text), self.text)

    def fits(self, path: str, parts: list[str] | None = None) -> bool:
        """Whether it fits a path, whose segments may be given."""
        if not self.segments:
            return path.startswith(self.text) if self.is_prefix else path == self.text
        parts = path.split("/") if parts is None else parts
        count = len(self.segments)
        if len(parts) < count or (len(parts) > count and not self.is_prefix):
            return False
        if not self.is_prefix:
            return all(mine in ("+", theirs) for mine, theirs in zip(self.segments, parts, strict=True))
        head = zip(self.segments[:-1], parts, strict=False)
        return all(mine in ("+", theirs) for mine, theirs in head) and parts[count - 1].startswith(self.segments[-1])

    def may_fit_below(self, mount: str) -> bool:
        """Whether it fits a path that begins with a mount's."""
        if not self.segments:
            return self.text.startswith(mount) or (self.is_prefix and mount.startswith(self.text))
        wanted = mount.split("/")[:-1]
        for at, (mine, theirs) in enumerate(zip(self.segments, wanted, strict=False), 1):
            is_open = self.is_prefix and at == len(self.segments)
            if mine not in ("+", theirs) and not (is_open and theirs.startswith(mine)):
                return False
        return self.is_prefix or len(self.segments) > len(wanted)

    def _first_wildcard(self) -> int:
        if not self.segments:
            return len(self.text)
        at = self.segments.index("+")
        return sum(len(part) + 1 for part in self.segments[:at])
