"""Passwords, kept as Argon2id hashes (RFC 9106)."""

import asyncio
import secrets
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_AT_ONCE: Final = 2
"""Hashes made at the same time: each takes a processor, and the memory below."""
_MEMORY_KIB: Final = 19_456
_PASSES: Final = 2
LONGEST: Final = 4096


class Passwords:
    """Makes and checks hashes, away from the event loop. An unknown user's check takes as long as a known one's."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._nobody = ""

    async def hashed(self, password: str) -> str:
        """The hash of a password."""
        async with self._slots:
            return await asyncio.to_thread(_hasher().hash, password)

    async def good(self, password: str, kept: str | None) -> bool:
        """Whether a password fits a hash; None: there is no such user."""
        if not self._nobody:
            self._nobody = await self.hashed(secrets.token_hex(16))
        async with self._slots:
            fits = await asyncio.to_thread(_fits, kept or self._nobody, password)
        return fits and kept is not None


def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=1)


def _fits(kept: str, password: str) -> bool:
    from argon2.exceptions import VerifyMismatchError

    try:
        return _hasher().verify(kept, password)
    except VerifyMismatchError:
        return False
