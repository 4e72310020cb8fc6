"""The mount `identity/`: clients expect it in lists. This vault keeps no entities; tokens have metadata."""

from collections.abc import Iterator
from typing import ClassVar

from stratumiops.vault.backend import Backend, Route


class IdentityBackend(Backend):
    """Has no routes."""

    kind: ClassVar[str] = "identity"

    def routes(self) -> Iterator[Route]:
        """None."""
        return iter(())
