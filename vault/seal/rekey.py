"""Another root key, with shares of its own, in place of the one there is."""

import asyncio
import hmac
import secrets
import uuid
from contextlib import suppress
from typing import Any, Final

import orjson

from stratumiops.vault.barrier.keyring import KEY_LENGTH, wipe
from stratumiops.vault.errors import BadRequest, Sealed, StorageFailed
from stratumiops.vault.fields import Fields
from stratumiops.vault.seal import wrapping
from stratumiops.vault.seal.config import RECORD, SealConfig
from stratumiops.vault.seal.seal import Seal
from stratumiops.vault.seal.shamir import DuplicatePart
from stratumiops.vault.seal.shares import NOT_A_KEY, Collected, parsed

BACKUP: Final = "backup"
_SETTLE_S: Final = 2.0
_NONE: Final = "no rekey configuration found"


class Rekey:
    """One replacement at a time: begun, fed with old shares, and, if so asked for, verified with the new ones.

    Until it is complete the old shares count; the new root key is in memory only.
    """

    def __init__(self, seal: Seal) -> None:
        self._seal = seal
        self._old = Collected()
        self._new = Collected()
        self._root_key = bytearray()
        self._nonce = self._verify_nonce = ""
        self._wanted = SealConfig(0, 0)
        self._wrapping = wrapping.Wrapping()
        self._backup = self._verify = False
        self._backup_record: bytes | None = None
        self._settling: asyncio.Task[None] | None = None

    async def status(self) -> dict[str, Any]:
        """What GET `sys/rekey/init` says."""
        required = (await self._seal.config_while_open()).threshold
        found: dict[str, Any] = {
            "nonce": self._nonce, "started": bool(self._nonce), "t": self._wanted.threshold, "n": self._wanted.shares,
            "progress": len(self._old), "required": required, "pgp_fingerprints": self._wrapping.fingerprints,
            "backup": self._backup, "verification_required": self._verify,
        }  # fmt: skip
        if self._verify_nonce:
            found["verification_nonce"] = self._verify_nonce
        return found

    async def start(self, fields: Fields) -> dict[str, Any]:
        """Begin.

        Raises:
            BadRequest: one runs already, or the fields cannot be.
        """
        async with self._seal.lock:
            await self._seal.config_while_open()
            if self._nonce:
                raise BadRequest("rekey already in progress")
            settings = self._seal.settings
            wanted = SealConfig(
                fields.integer("secret_shares", settings.shares), fields.integer("secret_threshold", settings.threshold)
            )
            wrapped = wrapping.for_shares(fields, wanted.shares, "incorrect number of PGP keys for rekey")
            backup = fields.boolean("backup")
            if backup and not wrapped.fingerprints:
                raise BadRequest("cannot request a backup of the new keys without providing PGP keys for encryption")
            try:
                wanted.check()
            except BadRequest as error:
                raise BadRequest(f"invalid rekey seal configuration: {error}") from None
            self._wanted, self._wrapping, self._backup = wanted, wrapped, backup
            self._verify = fields.boolean("require_verification")
            self._nonce = str(uuid.uuid4())
            return await self.status()

    async def cancel(self) -> None:
        """Stop, and forget the new key."""
        async with self._seal.lock:
            await self._seal.config_while_open()
            self.forget()

    async def update(self, fields: Fields) -> dict[str, Any]:
        """Take an old share; with the last one needed, make the new ones.

        Raises:
            BadRequest: none runs, the nonce is another's, or the shares do not give the root key.
        """
        async with self._seal.lock:
            config = await self._seal.config_while_open()
            share = share_of(fields, config.share_length)
            if not self._nonce:
                raise BadRequest("no barrier rekey in progress")
            check_nonce(fields, self._nonce, "rekey")
            if self._verify_nonce:
                raise BadRequest(
                    "rekey operation already finished; verification must be performed; "
                    f'nonce for the verification operation is "{self._verify_nonce}"'
                )
            if not self._old.add(share):
                raise BadRequest("given key has already been provided during this generation operation")
            if len(self._old) < config.threshold:
                return await self.status()
            wipe(self._seal.root_key(self._old, config, "failed to read root key"))
            return await self._made()

    async def verification(self) -> dict[str, Any]:
        """What GET `sys/rekey/verify` says."""
        await self._seal.config_while_open()
        if not self._verify_nonce:
            raise BadRequest(_NONE)
        return {
            "nonce": self._verify_nonce, "started": True, "t": self._wanted.threshold, "n": self._wanted.shares,
            "progress": len(self._new),
        }  # fmt: skip

    async def restart_verification(self) -> dict[str, Any]:
        """Forget the new shares given so far."""
        async with self._seal.lock:
            await self.verification()
            self._restart_verification()
            return await self.verification()

    async def verify(self, fields: Fields) -> dict[str, Any]:
        """Take a new share; with the last one needed, let the new ones count.

        Raises:
            BadRequest: none is to be verified, the nonce is another's, or the shares do not give the new key.
        """
        async with self._seal.lock:
            await self._seal.config_while_open()
            share = share_of(fields, self._wanted.share_length if self._verify_nonce else KEY_LENGTH + 1)
            if not self._verify_nonce:
                raise BadRequest(_NONE)
            check_nonce(fields, self._verify_nonce, "verify")
            if not self._new.add(share):
                raise BadRequest("given key has already been provided during this verify operation")
            if len(self._new) < self._wanted.threshold:
                return await self.verification()
            nonce = self._verify_nonce
            if not self._proves():
                self._restart_verification()
                raise BadRequest("rekey verification failed; incorrect key shares supplied")
            await self._replace()
            return {"nonce": nonce, "complete": True}

    async def backup(self) -> dict[str, Any]:
        """The new shares as they were encrypted, if that was asked for.

        Raises:
            BadRequest: there are none.
        """
        found = await self._seal.barrier.record(BACKUP)
        if found is None:
            raise BadRequest("no backed-up keys found")
        return dict(orjson.loads(found))

    async def drop_backup(self) -> None:
        """Forget them."""
        async with self._seal.lock:
            await self._seal.barrier.finish({BACKUP: None})

    async def _made(self) -> dict[str, Any]:
        self._root_key = bytearray(secrets.token_bytes(KEY_LENGTH))
        shares, self._wanted = self._wanted.split(self._root_key)
        answer = {"nonce": self._nonce, "complete": True} | self._wrapping.keys(shares)
        answer |= {
            "pgp_fingerprints": self._wrapping.fingerprints, "backup": self._backup,
            "verification_required": self._verify,
        }  # fmt: skip
        for share in shares:
            wipe(share)
        if self._backup:
            self._backup_record = _backup(self._nonce, self._wrapping, answer)
        if self._verify:
            self._verify_nonce = answer["verification_nonce"] = str(uuid.uuid4())
        else:
            await self._replace()
        return answer

    async def _replace(self) -> None:
        if self._settling is not None:
            self._settling.cancel()
        records: dict[str, bytes | None] = {RECORD: self._wanted.encoded(), BACKUP: self._backup_record}
        await self._seal.barrier.rekey(self._root_key, records, keep=not self._verify)
        self._seal.replaced(self._wanted)
        if not self._verify:
            self._settling = asyncio.create_task(self._settle())
        self.forget()

    async def _settle(self) -> None:
        """Drop the old root key once the new shares have surely been told; till then a crash may lose them."""
        await asyncio.sleep(_SETTLE_S)
        with suppress(StorageFailed, Sealed):  # then it is dropped when the vault is sealed or unsealed
            await self._seal.barrier.settle()

    def _proves(self) -> bool:
        try:
            return hmac.compare_digest(self._new.combined(self._wanted), self._root_key)
        except DuplicatePart:
            return False

    def _restart_verification(self) -> None:
        self._new.clear()
        self._verify_nonce = str(uuid.uuid4())

    def close(self) -> None:
        """Stop because the vault is sealed."""
        self.forget()
        if self._settling is not None:
            self._settling.cancel()
            self._settling = None

    def forget(self) -> None:
        """Stop, and forget the new key."""
        self._nonce = self._verify_nonce = ""
        self._wanted = SealConfig(0, 0)
        self._wrapping = wrapping.Wrapping()
        self._backup = self._verify = False
        self._backup_record = None
        self._old.clear()
        self._new.clear()
        wipe(self._root_key)


def share_of(fields: Fields, length: int) -> bytearray:
    """The share that a request gives.

    Raises:
        BadRequest: there is none, or it is no share.
    """
    key = fields.text("key")
    if not key:
        raise BadRequest("'key' must be specified in request body as JSON")
    if len(key) < 16:
        raise BadRequest(NOT_A_KEY)
    return parsed(key, length)


def check_nonce(fields: Fields, nonce: str, what: str) -> None:
    """Check that a request is meant for this operation.

    Raises:
        BadRequest: its nonce is another's.
    """
    if not hmac.compare_digest(fields.text("nonce").encode(), nonce.encode()):
        raise BadRequest(f'incorrect nonce supplied; nonce for this {what} operation is "{nonce}"')


def _backup(nonce: str, wrapped: wrapping.Wrapping, answer: dict[str, Any]) -> bytes:
    """Encrypted shares by the fingerprint of whom they are for."""
    found: dict[str, Any] = {"nonce": nonce, "keys": {}, "keys_base64": {}}
    for kind in ("keys", "keys_base64"):
        for fingerprint, key in zip(wrapped.fingerprints or (), answer[kind], strict=True):
            found[kind].setdefault(fingerprint, []).append(key)
    return orjson.dumps(found)
