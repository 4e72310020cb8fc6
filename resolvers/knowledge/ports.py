"""What the resolvers of knowledge need of others."""

from typing import Any, Protocol


class ReadsOneValue(Protocol):
    """Runs one reading statement."""

    async def read_one(
        self, text: str, params: dict[str, Any] | None = None, *, timeout_s: float | None = None
    ) -> Any | None:
        """The first value of the only record, or None."""
