"""What the engine needs beside the store."""

from collections.abc import Mapping
from typing import Any, Protocol

from stratumiops.graph.layout.models import Picture, Placed


class Positions(Protocol):
    """Knows where the nodes of pictures are."""

    async def placed(self, described: Mapping[str, Any], picture: Picture) -> Placed:
        """Positions of the nodes of a slice that is described so."""
