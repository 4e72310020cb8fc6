"""The seal of a barrier: making the root key, and putting it together from its shares."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from stratumiops.vault.barrier.barrier import Barrier
from stratumiops.vault.barrier.keyring import KEY_LENGTH, wipe
from stratumiops.vault.errors import BadRequest, Corrupt, Sealed, VaultError
from stratumiops.vault.fields import Fields
from stratumiops.vault.seal import wrapping
from stratumiops.vault.seal.config import RECORD, RECORD_BEFORE, SealConfig
from stratumiops.vault.seal.shamir import DuplicatePart
from stratumiops.vault.seal.shares import Collected, explained, parsed

Callback = Callable[[], Awaitable[None]]


async def nothing() -> None:
    """A callback that has nothing to do."""


@dataclass(frozen=True, slots=True)
class SealSettings:
    """What the configuration and the core say.

    Args:
        shares, threshold: of an initialization that names none.
        make_root_token: makes a root token, in an open barrier, and returns it.
        after_unseal: makes the open barrier serve; when it fails, the barrier is sealed again.
        before_seal: ends what needs the open barrier.
        cluster: name and id, asked while it is open.
    """

    make_root_token: Callable[[], Awaitable[str]]
    after_unseal: Callback = nothing
    before_seal: Callback = nothing
    cluster: Callable[[], tuple[str, str]] = lambda: ("", "")
    shares: int = 5
    threshold: int = 3
    version: str = ""
    build_date: str = ""


class Seal:
    """Seals and unseals a barrier. All that it does is done one after the other.

    While an initialization runs the barrier is open, but nothing serves: `open` says whether requests may come.
    """

    def __init__(self, barrier: Barrier, settings: SealSettings) -> None:
        self.barrier = barrier
        self.settings = settings
        self.open = False
        self.lock = asyncio.Lock()
        self._config: SealConfig | None = None
        self._before: SealConfig | None = None
        self._collected = Collected()
        self._accept_rollback = False

    async def config(self) -> SealConfig:
        """How many shares there are.

        Raises:
            BadRequest: nothing is initialized.
        """
        if self._config is None:
            if not await self.barrier.initialized():
                raise BadRequest("Vault is not initialized")
            record = await self.barrier.record(RECORD)
            if record is None:
                raise Corrupt("the seal's record is missing")
            before = await self.barrier.record(RECORD_BEFORE)
            self._before = None if before is None else SealConfig.decoded(before)
            self._config = SealConfig.decoded(record)
        return self._config

    async def config_while_open(self) -> SealConfig:
        """The same, for what is done only while the vault is open.

        Raises:
            Sealed: it is not.
        """
        if not self.open:
            raise Sealed
        return await self.config()

    async def initialized(self) -> bool:
        """Whether there is a root key."""
        return self._config is not None or await self.barrier.initialized()

    async def status(self) -> dict[str, Any]:
        """What `sys/seal-status` says. `warnings` is there when there are some."""
        initialized = await self.initialized()
        config = await self.config() if initialized else SealConfig(0, 0)
        found: dict[str, Any] = {
            "type": "shamir", "initialized": initialized, "sealed": not self.open, "t": config.threshold,
            "n": config.shares, "progress": len(self._collected), "nonce": self._collected.nonce,
            "version": self.settings.version, "commit_date": self.settings.build_date, "migration": False,
            "recovery_seal": False, "storage_type": self.barrier.storage_kind,
        }  # fmt: skip
        if self.open:
            found["cluster_name"], found["cluster_id"] = self.settings.cluster()
        if self.barrier.warning:
            found["warnings"] = [self.barrier.warning]
        return found

    async def init(self, fields: Fields) -> dict[str, Any]:
        """Make a root key, its shares and a root token; the barrier stays sealed.

        A crash before the answer leaves a storage that can be initialized again.

        Raises:
            BadRequest: it is initialized, or the fields cannot be.
        """
        async with self.lock:
            if await self.initialized():
                raise BadRequest("Vault is already initialized")
            config, wrapped = self._wanted(fields)
            recipient = wrapping.for_token(fields.text("root_token_pgp_key"), fields.text("root_token_kem_public_key"))
            root_key = bytearray(secrets.token_bytes(KEY_LENGTH))
            await self.barrier.initialize(root_key, pending=True)
            await self.barrier.unseal(root_key)
            try:
                token = wrapping.token_text(await self.settings.make_root_token(), recipient)
                shares, made = config.split(root_key)
                answer = wrapped.keys(shares) | {"root_token": token}
                await self.barrier.finish({RECORD: made.encoded()})
            finally:
                await self.barrier.seal()
                wipe(root_key)
            self._config = made
            for share in shares:
                wipe(share)
            return answer

    async def unseal(self, fields: Fields) -> dict[str, Any]:
        """Take one share; with the last one needed, open the barrier.

        Raises:
            BadRequest: it is no share, or the shares do not give the root key: all have to be given again.
            RolledBack: see `Barrier.unseal`.
        """
        async with self.lock:
            config = await self.config()
            if fields.boolean("reset"):
                if self.open:
                    raise BadRequest("vault is unsealed")
                self._forget()
                return await self.status()
            key = fields.text("key")
            if not key:
                raise BadRequest("'key' must be specified in request body as JSON, or 'reset' set to true")
            if fields.boolean("migrate"):
                raise BadRequest("can't perform a seal migration, no migration seal found")
            before = self._before
            share = parsed(key, config.share_length, before.share_length if before else config.share_length)
            if not self.open:
                self._collected.add(share)
                self._accept_rollback |= fields.boolean("accept_rollback")
                if before is not None and self._collected.quorum(before):
                    await self._unseal(before)
                elif len(self._collected) >= config.threshold and not self._waits_for(before):
                    await self._unseal(config)
            return await self.status()

    async def seal(self) -> None:
        """Close the barrier; again, when it is closed already."""
        async with self.lock:
            self._forget()
            if not self.open:
                return
            self.open = False
            try:
                await self.settings.before_seal()
            finally:
                await self.barrier.seal()

    def root_key(self, collected: Collected, config: SealConfig, what: str) -> bytearray:
        """The root key of collected shares, which are forgotten then; compared with that of the open barrier.

        Raises:
            BadRequest: they do not give it; the text begins with `what`.
        """
        if self.barrier.sealed:
            raise Sealed
        try:
            root_key = collected.combined(config)
            self.barrier.check(root_key)
        except (BadRequest, DuplicatePart) as error:
            raise BadRequest(f"{what}: {explained(collected, config, error)}") from None
        finally:
            collected.clear()
        return root_key

    def replaced(self, config: SealConfig) -> None:
        """Say that the root key has other shares now."""
        self._config = config

    async def _unseal(self, config: SealConfig) -> None:
        root_key = bytearray()
        try:
            root_key = self._collected.combined(config)
            await self.barrier.unseal(root_key, accept_rollback=self._accept_rollback)
            await self.settings.after_unseal()
            self._config, self._before, self.open = config, None, True
        except DuplicatePart as error:
            raise BadRequest(f"invalid key: failed to compute combined key: {error}") from None
        except BadRequest as error:
            if not self._collected.strangers(config):
                raise Corrupt("the stored keyring has been changed: all shares given are this vault's") from None
            raise BadRequest(explained(self._collected, config, error)) from None
        finally:
            wipe(root_key)
            self._forget()
            if not self.open:
                await self.barrier.seal()

    def _waits_for(self, before: SealConfig | None) -> bool:
        """Whether all shares given are old ones, which a rekey that was interrupted has left valid, but too few."""
        return before is not None and self._collected.strangers(before) == 0

    def _wanted(self, fields: Fields) -> tuple[SealConfig, wrapping.Wrapping]:
        """What an initialization asks for."""
        for name in ("recovery_shares", "recovery_threshold"):
            if fields.integer(name):
                raise BadRequest(f"parameters {name} not applicable to seal type shamir")
        if fields.strings("recovery_pgp_keys"):
            raise BadRequest("parameters recovery_pgp_keys not applicable to seal type shamir")
        config = SealConfig(
            fields.integer("secret_shares", self.settings.shares),
            fields.integer("secret_threshold", self.settings.threshold),
        )
        try:
            config.check()
            mismatch = "count mismatch between number of provided PGP keys and number of shares"
            return config, wrapping.for_shares(fields, config.shares, mismatch)
        except VaultError as error:
            raise BadRequest(f"invalid seal configuration: {error}") from None

    def _forget(self) -> None:
        self._collected.clear()
        self._accept_rollback = False
