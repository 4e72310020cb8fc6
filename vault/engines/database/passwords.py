"""Passwords that are made."""

import secrets
import string
from collections.abc import Awaitable, Callable
from typing import Final

from stratumiops.vault.backend import System
from stratumiops.vault.errors import BadRequest

Policy = Callable[[str], Awaitable[str]]
"""A password as the password policy of this name wants it; what a System offers as `password`."""
_LENGTH: Final = 20
_CLASSES: Final = (string.ascii_uppercase, string.ascii_lowercase, string.digits, "-")
_ALL: Final = "".join(_CLASSES)


async def password(system: System, policy: str) -> str:
    """A new password; without a policy it has 20 characters of four kinds.

    Raises:
        BadRequest: there is no such policy.
    """
    if policy:
        made: Policy | None = getattr(system, "password", None)
        if made is None:
            raise BadRequest(f"there is no password policy {policy!r}")
        return await made(policy)
    while True:
        text = secrets.choice(string.ascii_letters) + "".join(secrets.choice(_ALL) for _ in range(_LENGTH - 1))
        if all(set(text) & set(one) for one in _CLASSES):
            return text
