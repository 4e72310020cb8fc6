"""What the files' side needs of others."""

from collections.abc import Mapping
from typing import Any, Protocol


class Executes(Protocol):
    """Sends GraphQL operations."""

    def execute(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send one operation and return its data.

        Raises:
            StratumError: what the first error says.
        """
