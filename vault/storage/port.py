"""What a storage has to do. It sees keys and encrypted bytes, and never a secret."""

from collections.abc import Mapping
from typing import Final, Protocol

ANSWER_S: Final = 10.0
"""How long the server behind a storage may take to answer, in seconds; then the call has failed."""
CLOSE_S: Final = 1.0
"""How long it may take to say good-bye to it."""
LOST: Final = "another server has taken the storage; this one does not write any more"


class Storage(Protocol):
    """Entries by key, for one server at a time.

    Keys are paths with `/`, at most 1,024 bytes of UTF-8, without a leading or trailing slash. Values are up to 1 MiB
    for storages with such a limit (`largest`), and bytes without meaning. What `apply` has acknowledged survives a
    crash of the process and of the machine.
    """

    kind: str
    """Its name in the configuration, shown as `storage_type`."""
    most_changes: int
    """How many changes one `apply` takes."""
    largest: int
    """The largest value, in bytes."""

    async def open(self) -> None:
        """Connect, make what is missing, and take the storage for this process.

        Raises:
            StorageFailed: it cannot be reached, or another server has it; the text says which.
        """

    async def get(self, key: str) -> bytes | None:
        """A value; None: there is none."""

    async def apply(self, changes: Mapping[str, bytes | None]) -> None:
        """Write values, and drop the keys of None: all or none.

        Raises:
            OutcomeUnknown: whether they were made is not known; doing it again does no harm. Once a later `apply` has
                returned they were made, or never will be: they cannot come after it.
            StorageFailed: none was made.
        """

    async def names(self, prefix: str, after: str = "", limit: int = 0) -> list[str]:
        """The names directly below a prefix that ends with `/` or is ""; see `view.Entries.names`."""

    async def close(self) -> None:
        """Let the storage go, whether it answers or not; again, when it was closed already."""
