"""How long to wait before a crashed process is started again."""

import time
from collections.abc import Callable

FIRST_S = 0.5
MOST_S = 30.0
STEADY_S = 60.0


class BackOff:
    """Nothing at first, then half a second, doubled at each crash to 30 s; a steady minute forgives all."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._crashes = 0
        self._last = clock()

    def after_crash(self) -> float:
        """Seconds to wait now."""
        now = self._clock()
        self._crashes = 0 if now - self._last > STEADY_S else self._crashes
        wait = 0.0 if self._crashes == 0 else min(MOST_S, FIRST_S * 2 ** (self._crashes - 1))
        self._crashes += 1
        self._last = now + wait
        return wait
