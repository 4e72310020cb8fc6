"""Keys of entries that a storage can hold."""

from typing import Final

from stratumiops.vault.errors import BadRequest

OWN: Final = "barrier/"
"""Where the barrier keeps what it needs itself; nobody else reads or writes there."""

KEYRING: Final = OWN + "keyring"
GENERATION: Final = OWN + "generation"
PENDING: Final = OWN + "pending"
"""That an initialization is not finished."""
BEFORE: Final = OWN + "before/"
"""What a `rekey` has replaced, while it may still be undone."""

_LONGEST: Final = 1024


def checked(key: str) -> None:
    """Check a key.

    Raises:
        BadRequest: it is no path of at most 1,024 bytes of UTF-8, or one of the barrier's own.
    """
    length = len(key) if key.isascii() else _encoded_length(key)
    if not 0 < length <= _LONGEST:
        raise BadRequest(f"the path is empty or longer than {_LONGEST} bytes")
    if key[0] == "/" or key[-1] == "/" or key.startswith(OWN):
        raise BadRequest("the path is not valid")


def _encoded_length(key: str) -> int:
    try:
        return len(key.encode())
    except UnicodeEncodeError:
        raise BadRequest("the path is not valid UTF-8") from None
