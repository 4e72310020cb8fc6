"""What LlamaIndex's side needs of the API."""

from collections.abc import Mapping
from typing import Any, Protocol


class GraphQLClient(Protocol):
    """Sends one operation."""

    def execute(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Its `data`.

        Raises:
            StratumError: the error that the API answered with.
        """
