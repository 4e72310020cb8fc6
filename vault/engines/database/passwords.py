"""Passwords that are made."""

import secrets
import string
from typing import Final

from stratumiops.vault.backend import Mount, System

_LENGTH: Final = 20
_CLASSES: Final = (string.ascii_uppercase, string.ascii_lowercase, string.digits, "-")
_ALL: Final = "".join(_CLASSES)


async def password(system: System, mount: Mount, policy: str) -> str:
    """A new password; without a policy it has 20 characters of four kinds.

    Raises:
        BadRequest: there is no such policy.
    """
    if policy:
        return await system.password(mount, policy)
    while True:
        text = secrets.choice(string.ascii_letters) + "".join(secrets.choice(_ALL) for _ in range(_LENGTH - 1))
        if all(set(text) & set(one) for one in _CLASSES):
            return text
