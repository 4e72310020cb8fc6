"""What all services that are child processes have in common."""

from collections.abc import Callable

from stratumiops.graph.server.child import Child
from stratumiops.graph.server.home import Home

_STOP_S = 10.0


class ChildService:
    """A process of one home that may be started again after it has ended.

    Args:
        record: the name of the file that says that it runs.
    """

    def __init__(self, home: Home, record: str) -> None:
        self._home = home
        self._record = record
        self._child: Child | None = None
        self._log_start = 0

    def poll(self) -> int | None:
        """The exit status (negative: the signal), or None while it runs."""
        return None if self._child is None else self._child.poll()

    def stop(self, hurry: Callable[[], bool] = lambda: False) -> int | None:
        """Stop in order, by force after 10 s or when `hurry()`; the exit status, or None: it never ran."""
        if self._child is None:
            return None
        status = self._child.stop(_STOP_S, hurry)
        self._home.record(self._record).unlink(missing_ok=True)
        return status
