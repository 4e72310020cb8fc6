"""Numbers that are used once (RFC 8555, 6.5). They are in memory: after a restart a client asks for a new one."""

import secrets
from collections import OrderedDict
from typing import Final

_MOST: Final = 20_000
_LIFE_S: Final = 900.0


class Nonces:
    """Nonces that were given out and have not come back."""

    def __init__(self) -> None:
        self._given: OrderedDict[str, float] = OrderedDict()

    def new(self, now: float) -> str:
        """A nonce; the oldest one goes when there are too many."""
        nonce = secrets.token_urlsafe(24)
        self._given[nonce] = now + _LIFE_S
        while len(self._given) > _MOST:
            self._given.popitem(last=False)
        return nonce

    def use(self, nonce: str, now: float) -> bool:
        """Whether a nonce was given out, lately, and is used for the first time."""
        return self._given.pop(nonce, 0.0) > now

    def forget(self) -> None:
        """Leave nothing in memory."""
        self._given.clear()
