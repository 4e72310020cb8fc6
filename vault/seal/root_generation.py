"""A new root token for whoever has enough shares."""

import base64
import secrets
import string
import uuid
from typing import Any, Final

from stratumiops.vault.barrier.keyring import wipe
from stratumiops.vault.errors import BadRequest, Internal
from stratumiops.vault.fields import Fields
from stratumiops.vault.seal import wrapping
from stratumiops.vault.seal.config import SealConfig
from stratumiops.vault.seal.recipients import Recipient
from stratumiops.vault.seal.rekey import check_nonce, share_of
from stratumiops.vault.seal.seal import Seal
from stratumiops.vault.seal.shares import Collected

OTP_LENGTH: Final = 28
"""As long as a root token: `hvs.` and 24 characters."""

_ALPHABET: Final = string.ascii_letters + string.digits


class RootGeneration:
    """One at a time. The token leaves XORed with a one-time pad that only who has begun knows, or encrypted."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal
        self._collected = Collected()
        self._nonce = ""
        self._otp = bytearray()
        self._recipient: Recipient | None = None

    async def status(self) -> dict[str, Any]:
        """What GET `sys/generate-root/attempt` says; the one-time pad is not told again."""
        return self._status(await self._seal.config_while_open())

    async def start(self, fields: Fields) -> dict[str, Any]:
        """Begin; without a pad or a key to encrypt for, a pad is made and told.

        Raises:
            BadRequest: one runs already, or the pad or the key cannot be.
        """
        async with self._seal.lock:
            config = await self._seal.config_while_open()
            otp = fields.text("otp")
            if otp and len(otp.encode()) != OTP_LENGTH:
                raise BadRequest("OTP string has incorrect length")
            pgp_key, kem_key = fields.text("pgp_key"), fields.text("kem_public_key")
            if otp and (pgp_key or kem_key):
                raise BadRequest("otp and a key to encrypt for cannot both be given")
            try:
                recipient = wrapping.for_token(pgp_key, kem_key)
            except BadRequest as error:
                raise BadRequest(f"error parsing PGP key: {error}" if pgp_key else str(error)) from None
            if self._nonce:
                raise BadRequest("root generation already in progress")
            made = "" if otp or recipient else "".join(secrets.choice(_ALPHABET) for _ in range(OTP_LENGTH))
            self._otp, self._recipient, self._nonce = bytearray((otp or made).encode()), recipient, str(uuid.uuid4())
            return self._status(config) | {"otp": made}

    async def cancel(self) -> None:
        """Stop."""
        async with self._seal.lock:
            await self._seal.config_while_open()
            self.forget()

    async def update(self, fields: Fields) -> dict[str, Any]:
        """Take a share; with the last one needed, make the token.

        Raises:
            BadRequest: none runs, the nonce is another's, or the shares do not give the root key.
        """
        async with self._seal.lock:
            config = await self._seal.config_while_open()
            share = share_of(fields, config.share_length)
            if not self._nonce:
                raise BadRequest("no root generation in progress")
            check_nonce(fields, self._nonce, "root generation")
            if not self._collected.add(share):
                raise BadRequest("given key has already been provided during this generation operation")
            if len(self._collected) < config.threshold:
                return self._status(config) | {"otp_length": 0}
            wipe(self._seal.root_key(self._collected, config, "failed to compute root key"))
            encoded = self._encoded(await self._seal.settings.make_root_token())
            answer = self._status(config) | {
                "progress": config.threshold, "complete": True, "encoded_token": encoded,
                "encoded_root_token": encoded, "otp_length": 0,
            }  # fmt: skip
            self.forget()
            return answer

    def _encoded(self, token: str) -> str:
        if self._recipient is not None:
            return wrapping.token_text(token, self._recipient)
        if len(token) != OTP_LENGTH:
            raise Internal("the root token is not as long as the one-time pad")
        padded = bytes(one ^ other for one, other in zip(token.encode(), self._otp, strict=True))
        return base64.b64encode(padded).decode().rstrip("=")

    def _status(self, config: SealConfig) -> dict[str, Any]:
        return {
            "nonce": self._nonce, "started": bool(self._nonce), "progress": len(self._collected),
            "required": config.threshold, "complete": False, "encoded_token": "", "encoded_root_token": "",
            "pgp_fingerprint": self._recipient.fingerprint if self._recipient else "", "otp": "",
            "otp_length": OTP_LENGTH,
        }  # fmt: skip

    def forget(self) -> None:
        """Stop, and forget the pad."""
        self._nonce = ""
        wipe(self._otp)
        self._recipient = None
        self._collected.clear()
