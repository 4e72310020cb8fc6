"""The tokens that were used last, in memory: a request need not read the storage for its token."""

from collections import OrderedDict
from typing import Final

from stratumiops.vault.tokens.models import Token

MOST: Final = 20_000


class TokenCache:
    """At most so many tokens; those not used for the longest time go first.

    `changes` counts what was put in place of an older state: who reads a token from the storage may keep it only if
    nothing was changed meanwhile.
    """

    def __init__(self, most: int = MOST) -> None:
        self.changes = 0
        self._most = most
        self._tokens: OrderedDict[str, Token] = OrderedDict()
        self._ids: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._tokens)

    def get(self, token_id: str) -> Token | None:
        """A token."""
        token = self._tokens.get(token_id)
        if token is not None:
            self._tokens.move_to_end(token_id)
        return token

    def id_of(self, accessor: str) -> str | None:
        """The id of a token that is here."""
        return self._ids.get(accessor)

    def put(self, token_id: str, token: Token) -> None:
        """Keep a token."""
        self._tokens[token_id] = token
        self._tokens.move_to_end(token_id)
        if token.accessor:
            self._ids[token.accessor] = token_id
        if len(self._tokens) > self._most:
            _, gone = self._tokens.popitem(last=False)
            self._ids.pop(gone.accessor, None)

    def forget(self, token_id: str) -> None:
        """A token is not what it was."""
        self.changes += 1
        gone = self._tokens.pop(token_id, None)
        if gone is not None:
            self._ids.pop(gone.accessor, None)

    def clear(self) -> None:
        """Nothing is left here."""
        self.changes += 1
        self._tokens.clear()
        self._ids.clear()
