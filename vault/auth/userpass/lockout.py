"""Users who guess: after some failures a name is locked for a time, which doubles with each further failure."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

FAILURES: Final = 5
"""How many before a name is locked."""
_FIRST_S: Final = 60
_LONGEST_S: Final = 900
_NAMES: Final = 100_000
"""Names that are remembered; the one that failed longest ago is forgotten first."""


@dataclass(slots=True)
class _Failures:
    number: int = 0
    last: float = 0.0
    locked_until: float = 0.0


class Lockout:
    """Failures by name, known and unknown ones alike, in memory: a restart forgets them."""

    def __init__(self) -> None:
        self._names: OrderedDict[str, _Failures] = OrderedDict()

    def locked(self, name: str, now: float) -> bool:
        """Whether a name may not log in now."""
        found = self._names.get(name)
        return found is not None and now < found.locked_until

    def failed(self, name: str, now: float) -> None:
        """Count a failure. Those of long ago count no more."""
        found = self._names.pop(name, None)
        if found is None or now - max(found.last, found.locked_until) > _LONGEST_S:
            found = _Failures()
        found.number += 1
        found.last = now
        if found.number >= FAILURES:
            found.locked_until = now + min(_FIRST_S * 2 ** min(found.number - FAILURES, 10), _LONGEST_S)
        self._names[name] = found
        if len(self._names) > _NAMES:
            self._names.popitem(last=False)

    def succeeded(self, name: str) -> None:
        """Forget the failures of a name."""
        self._names.pop(name, None)
