"""Keeps the store usable: connects in the background, migrates, and says what is wrong meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from stratumiops.graph.errors import StratumError, Unavailable

log = structlog.get_logger("stratumiops.store")

_FIRST_DELAY_S = 0.25
_MOST_DELAY_S = 1.0
_HINT = "the server keeps trying; `stratumiops status` and `stratumiops doctor` say more"


class StoreConnection:
    """The way from "just started" to "the store can be used".

    Args:
        steps: what has to succeed in this order, each named for `/ready` (`neo4j`, `schema` …); all are run
            again after a failure, so they must be safe to repeat.
    """

    def __init__(self, steps: dict[str, Callable[[], Awaitable[object]]]) -> None:
        self._steps = steps
        self._ready = asyncio.Event()
        self.problem: StratumError | None = Unavailable("the server is starting", hint=_HINT)
        self.done: set[str] = set()

    @property
    def steps(self) -> tuple[str, ...]:
        """Names of the steps, in order."""
        return tuple(self._steps)

    @property
    def opened(self) -> bool:
        """Whether every step has succeeded."""
        return self._ready.is_set()

    def suspend(self, problem: StratumError) -> None:
        """Refuse statements from now on, once opened."""
        if self.problem is None:
            log.warning("store suspended", reason=problem.message)
        self.problem = problem

    def resume(self) -> None:
        """Let statements pass again."""
        if self.problem is not None:
            log.info("store resumed")
        self.problem = None

    def check(self) -> None:
        """Let a statement pass.

        Raises:
            Unavailable: the store cannot be used yet.
        """
        if self.problem is not None:
            raise Unavailable(self.problem.message, hint=self.problem.hint)

    async def ready(self) -> None:
        """Wait until the store can be used."""
        await self._ready.wait()

    async def open(self) -> None:
        """Run all steps, again and again until they succeed; the pause grows to a second."""
        delay = _FIRST_DELAY_S
        while not await self._attempt():
            await asyncio.sleep(delay)
            delay = min(delay * 2, _MOST_DELAY_S)
        self.problem = None
        self._ready.set()
        log.info("store ready")

    async def _attempt(self) -> bool:
        self.done.clear()
        for name, step in self._steps.items():
            try:
                await step()
            except StratumError as error:
                self._note(name, error)
                return False
            except Exception as error:
                log.critical("a step failed unexpectedly", step=name, exc_info=error)
                self._note(name, StratumError(f"the step {name} failed unexpectedly; the log says why"))
                return False
            self.done.add(name)
        return True

    def _note(self, step: str, error: StratumError) -> None:
        if self.problem is None or self.problem.message != error.message:
            log.warning("store not ready", step=step, code=error.code.value, reason=error.message)
        self.problem = Unavailable(error.message, hint=error.hint or _HINT)
