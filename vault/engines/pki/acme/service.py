"""The ACME server of a mount: who asks, and what goes on in the background."""

import asyncio
from collections.abc import Coroutine
from dataclasses import asdict, dataclass
from typing import Any

from stratumiops.vault.engines.pki.acme import jws
from stratumiops.vault.engines.pki.acme.directory import Directory
from stratumiops.vault.engines.pki.acme.models import Account
from stratumiops.vault.engines.pki.acme.nonces import Nonces
from stratumiops.vault.engines.pki.acme.problems import Problem
from stratumiops.vault.engines.pki.acme.settings import AcmeSettings
from stratumiops.vault.engines.pki.acme.store import AcmeStore
from stratumiops.vault.engines.pki.acme.validation import Validator
from stratumiops.vault.engines.pki.kept import Setting
from stratumiops.vault.engines.pki.parts import Pki


@dataclass(slots=True)
class Call:
    """A request whose signature and nonce are good. `account` is None when it came with a key instead."""

    directory: Directory
    message: jws.Message
    key: jws.PublicKey
    account: Account | None

    @property
    def known(self) -> Account:
        """The account.

        Raises:
            Problem: the request came with a key.
        """
        if self.account is None:
            raise Problem("malformed", "the request has to be signed for an account, with its kid")
        return self.account


class Acme:
    """What the routes of ACME share."""

    def __init__(self, pki: Pki, validator: Validator) -> None:
        self.pki = pki
        self.store = AcmeStore(pki.view)
        self.settings = Setting(pki.view, "config/acme", AcmeSettings.read, asdict, AcmeSettings())
        self.nonces = Nonces()
        self.validator = validator
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def now(self) -> float:
        """Seconds since 1970."""
        return self.pki.system.now()

    async def call(self, directory: Directory, data: dict[str, Any], path: str) -> Call:
        """Who asks.

        Args:
            directory: the directory that is asked.
            data: the body.
            path: the request's path below the mount; the signed URL has to be its own.

        Raises:
            Problem: the signature, the nonce, the URL or the account is not good.
        """
        message = jws.read(data)
        nonce, url = message.text("nonce"), message.text("url")
        if ("jwk" in message.header) == ("kid" in message.header):
            raise Problem("malformed", "the protected header has to hold either a jwk or a kid")
        account = await self._account(directory, message) if "kid" in message.header else None
        key = jws.key(message.header["jwk"] if account is None else account.jwk)
        jws.verify(message, key)
        if url != f"{directory.base}/{path}":
            raise Problem("unauthorized", "the signed url is not that of the request")
        if not self.nonces.use(nonce, self.now):
            raise Problem("badNonce", "the nonce was not given out, was used, or is too old")
        return Call(directory, message, key, account)

    async def _account(self, directory: Directory, message: jws.Message) -> Account:
        kid = message.text("kid")
        base = directory.url("account/")
        account = await self.store.account(kid.removeprefix(base)) if _is_below(kid, base) else None
        if account is None or account.directory != directory.path:
            raise Problem("accountDoesNotExist", "there is no such account in this directory")
        if account.status != "valid":
            raise Problem("unauthorized", f"the account is {account.status}")
        if directory.settings.eab_policy == "always-required" and not account.eab:
            raise Problem("externalAccountRequired", "the account has to be bound to an external one")
        return account

    def go_on(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Do something in the background, once at a time for each name."""
        if name in self._tasks:
            work.close()
            return
        task = asyncio.create_task(work)
        self._tasks[name] = task
        task.add_done_callback(lambda _: self._tasks.pop(name, None))

    async def stop(self) -> None:
        """End what goes on, and leave nothing in memory."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.settings.forget()
        self.nonces.forget()


def _is_below(url: str, base: str) -> bool:
    return url.startswith(base) and url.removeprefix(base).replace("-", "").isalnum()
