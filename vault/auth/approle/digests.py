"""Ids as they are kept: as HMACs, so that no entry gives one away."""

import asyncio
import hashlib
import hmac
import secrets

from stratumiops.vault.view import View


class Digests:
    """HMAC-SHA256 with a key of the mount, which is made when it is first needed."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._key = b""
        self._making = asyncio.Lock()

    async def of(self, text: str) -> str:
        """The digest of an id, in hex."""
        key = self._key or await self._read()
        return hmac.new(key, text.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()

    async def _read(self) -> bytes:
        async with self._making:
            if not self._key:
                kept = await self._view.read("digest-key")
                if kept is None:
                    kept = secrets.token_hex(32)
                    await self._view.write("digest-key", kept)
                self._key = bytes.fromhex(kept)
            return self._key

    def forget(self) -> None:
        """Drop the key from memory."""
        self._key = b""
