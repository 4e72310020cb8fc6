"""What the engine needs of a database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol


@dataclass(frozen=True, slots=True)
class Target:
    """Where a database is, and who the engine is there. `{{username}}` and `{{password}}` in the URL are filled in."""

    url: str
    username: str
    password: str = field(repr=False)
    most_connections: int


class DatabaseFailed(Exception):
    """The database cannot be reached, or refuses. The text has no part of a statement, nor what the database said."""

    def __init__(self, what: str, *, refused_login: bool = False) -> None:
        super().__init__(what)
        self.refused_login = refused_login


class Driver(Protocol):
    """A database. Statements are templates; `values` are `name`, `password` and `expiration` as far as they apply."""

    creation: ClassVar[Sequence[str]]
    """What is done where a role says nothing; empty: it has to say something."""
    renewal: ClassVar[Sequence[str]]
    rotation: ClassVar[Sequence[str]]

    async def check(self) -> None:
        """Log in, and do nothing.

        Raises:
            DatabaseFailed: it cannot be.
        """

    async def run(self, statements: Sequence[str], values: Mapping[str, str]) -> None:
        """Run statements: all or none, where the database has transactions for them.

        Raises:
            DatabaseFailed: it cannot be.
            BadRequest: a value does not fit where a template has it.
        """

    async def drop(self, name: str) -> None:
        """Drop a user with all rights and sessions; again, when it was dropped already.

        Raises:
            DatabaseFailed: it cannot be.
        """

    async def close(self) -> None:
        """Let the database go."""


DriverFactory = Callable[[Target], Driver]
"""Makes a driver; nothing is connected yet."""
