"""What a check finds."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from stratumiops.graph.errors import StratumError
from stratumiops.graph.server.home import Home


class Verdict(StrEnum):
    """How a part is."""

    FINE = "fine"
    NOTE = "note"
    """Works, or does not have to: worth knowing."""
    WRONG = "wrong"

    @property
    def sign(self) -> str:
        """In a table."""
        return {Verdict.FINE: "ok", Verdict.NOTE: "--", Verdict.WRONG: "!!"}[self]


@dataclass(frozen=True, slots=True)
class Check:
    """One part: what was found, and what to do about it."""

    name: str
    verdict: Verdict
    found: str
    mend: str | None = None


def fine(found: str) -> Check:
    """All right."""
    return Check("", Verdict.FINE, found)


def note(found: str, mend: str | None = None) -> Check:
    """No fault, but worth knowing."""
    return Check("", Verdict.NOTE, found, mend)


def wrong(found: str, mend: str) -> Check:
    """A fault, and how to mend it."""
    return Check("", Verdict.WRONG, found, mend)


def guarded(name: str, check: Callable[[Home], Check], home: Home) -> Check:
    """Run a check; an error of ours is its finding, so that the others are still made."""
    try:
        found = check(home)
    except StratumError as error:
        found = wrong(error.message, error.hint or "see `stratumiops logs supervisor`")
    except OSError as error:
        found = wrong(f"{error.strerror}: {error.filename}", "make it readable and writable for this user")
    return Check(name, found.verdict, found.found, found.mend)
