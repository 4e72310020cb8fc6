"""The keys of tokens: under what they are kept, and what batch tokens are sealed with."""

import base64
import hmac
import secrets
from typing import Final

from stratumiops.vault.errors import PermissionDenied, Sealed
from stratumiops.vault.tokens import entries
from stratumiops.vault.tokens.batch import BatchTokens
from stratumiops.vault.tokens.models import Token
from stratumiops.vault.view import View

_KEY: Final = 32


class Keys:
    """In memory only while the vault is open."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._salt = b""
        self._batch: BatchTokens | None = None

    async def start(self) -> None:
        """Load them; those that are not there are made."""
        self._salt = await self._secret(entries.SALT)
        self._batch = BatchTokens(await self._secret(entries.BATCH_KEY))

    def stop(self) -> None:
        """Nothing stays in memory."""
        self._salt, self._batch = b"", None

    def id_of(self, client_token: str) -> str:
        """Under what a token is kept: HMAC-SHA256 of it, in hex.

        Raises:
            Sealed: there is no key for it any more.
        """
        if not self._salt:
            raise Sealed
        return hmac.digest(self._salt, client_token.encode(errors="surrogatepass"), "sha256").hex()

    def sealed(self, token: Token) -> str:
        """What a client gets of a batch token."""
        if self._batch is None:
            raise PermissionDenied
        return self._batch.seal(token)

    def opened(self, client_token: str) -> Token | None:
        """The batch token that a client holds; None: it is none."""
        return None if self._batch is None else self._batch.open(client_token)

    async def _secret(self, key: str) -> bytes:
        kept = await self._view.get(key)
        if kept is None:
            kept = base64.b64encode(secrets.token_bytes(_KEY))
            await self._view.apply({key: kept})
        return base64.b64decode(kept)
