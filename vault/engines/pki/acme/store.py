"""Where ACME keeps accounts, orders, authorizations and external keys."""

from collections.abc import Mapping

from stratumiops.vault.engines.pki.acme.models import Account, Authorization, ExternalKey, Kept, Order
from stratumiops.vault.view import View, encoded


class AcmeStore:
    """The entries below `acme/`."""

    def __init__(self, view: View) -> None:
        self._mount = view
        self._view = view.below("acme/")

    async def account(self, name: str) -> Account | None:
        """An account by its id."""
        kept = await self._view.read(f"account/{name}")
        return None if kept is None else Account.read(kept)

    async def account_of(self, thumbprint: str) -> Account | None:
        """An account by the thumbprint of its key."""
        name = await self._view.read(f"thumbprint/{thumbprint}")
        return None if name is None else await self.account(name)

    async def put_account(self, account: Account, *, before: str = "", eab: str = "") -> None:
        """Write an account; its former thumbprint and the external key that it used up go."""
        changes: dict[str, bytes | None] = {}
        if before and before != account.thumbprint:
            changes[f"thumbprint/{before}"] = None
        if eab:
            changes[f"eab/{eab}"] = None
        changes[f"account/{account.id}"] = encoded(account.written())
        changes[f"thumbprint/{account.thumbprint}"] = encoded(account.id)
        await self._view.apply(changes)

    async def order(self, account: str, name: str) -> Order | None:
        """An order of an account."""
        kept = await self._view.read(f"order/{account}/{name}")
        return None if kept is None else Order.read(kept)

    async def orders(self, account: str) -> list[str]:
        """The ids of an account's orders."""
        return await self._view.names(f"order/{account}/")

    async def authorization(self, account: str, name: str) -> Authorization | None:
        """An authorization of an account."""
        kept = await self._view.read(f"authorization/{account}/{name}")
        return None if kept is None else Authorization.read(kept)

    async def put(self, *values: Order | Authorization) -> None:
        """Write orders and authorizations, all or none."""
        await self._view.apply({_key(one): encoded(one.written()) for one in values})

    async def note_certificate(self, order: Order, certificate: Mapping[str, bytes | None]) -> None:
        """Write an order with its certificate, and whose it is: all or none.

        Args:
            order: the order.
            certificate: the entry of its certificate in the mount's view.
        """
        noted = {f"certificate/{order.serial}": encoded(order.account), _key(order): encoded(order.written())}
        await self._mount.apply({**certificate, **{f"acme/{name}": value for name, value in noted.items()}})

    async def owner(self, serial: str) -> str:
        """The id of the account that a certificate was issued to."""
        return str(await self._view.read(f"certificate/{serial}") or "")

    async def external_key(self, name: str) -> ExternalKey | None:
        """An external key that is not used up."""
        kept = await self._view.read(f"eab/{name}")
        return None if kept is None else ExternalKey.read(kept)

    async def external_keys(self) -> list[str]:
        """The ids of external keys."""
        return await self._view.names("eab/")

    async def put_external_key(self, key: ExternalKey) -> None:
        """Write an external key."""
        await self._view.write(f"eab/{key.id}", key.written())

    async def drop_external_key(self, name: str) -> None:
        """Drop an external key."""
        await self._view.delete(f"eab/{name}")

    async def tidy(self, now: float, buffer: int) -> Mapping[str, int]:
        """Drop orders that have ended, and end and then drop accounts without any."""
        counts = {
            "acme_orders_deleted_count": 0, "acme_account_revoked_count": 0, "acme_account_deleted_count": 0,
            "total_acme_account_count": 0,
        }  # fmt: skip
        for name in await self._view.names("account/"):
            account = await self.account(name)
            if account is None:
                continue
            counts["total_acme_account_count"] += 1
            counts["acme_orders_deleted_count"] += await self._drop_orders(name, now)
            if await self.orders(name):
                continue
            if account.status == "valid" and account.created + buffer < now:
                account.status, account.ended = "revoked", now
                await self.put_account(account)
                counts["acme_account_revoked_count"] += 1
            elif account.status != "valid" and account.ended + buffer < now:
                await self._view.delete(f"account/{name}", f"thumbprint/{account.thumbprint}")
                counts["acme_account_deleted_count"] += 1
        return counts

    async def _drop_orders(self, account: str, now: float) -> int:
        dropped = 0
        for name in await self.orders(account):
            order = await self.order(account, name)
            if order is None or order.expires > now:
                continue
            gone = [f"authorization/{account}/{one}" for one in order.authorizations]
            gone += [f"certificate/{order.serial}"] if order.serial else []
            await self._view.delete(f"order/{account}/{name}", *gone)
            dropped += 1
        return dropped


def _key(value: Kept) -> str:
    if isinstance(value, Order):
        return f"order/{value.account}/{value.id}"
    if isinstance(value, Authorization):
        return f"authorization/{value.account}/{value.id}"
    raise TypeError(type(value).__name__)
