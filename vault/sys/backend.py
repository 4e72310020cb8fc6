"""The mount `sys/`: routes of many parts in one."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Protocol

from stratumiops.vault.backend import Backend, Mount, Route, System
from stratumiops.vault.view import View


class Part(Protocol):
    """Something that has routes."""

    def routes(self) -> Iterator[Route]:
        """Relative to `sys/`."""


class SysBackend(Backend):
    """What answers under `sys/`."""

    kind: ClassVar[str] = "system"

    def __init__(self, mount: Mount, view: View, system: System, parts: Sequence[Part]) -> None:
        self._parts = parts
        super().__init__(mount, view, system)

    def routes(self) -> Iterator[Route]:
        """Those of all parts."""
        for part in self._parts:
            yield from part.routes()
