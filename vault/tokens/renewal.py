"""Tokens are renewed: from now on, by the terms of who gave them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from stratumiops.vault.errors import BadRequest
from stratumiops.vault.leases import entries as lease_entries
from stratumiops.vault.tokens import entries, lifetime
from stratumiops.vault.tokens.lifetime import Terms
from stratumiops.vault.tokens.models import Token
from stratumiops.vault.tokens.store import TokenStore

TermsOf = Callable[[Token], Awaitable[Terms | None]]


async def renew(
    tokens: TokenStore, token_id: str, increment: int, terms_of: TermsOf
) -> tuple[Token, list[str]] | None:  # fmt: skip
    """Extend a token from now on; what has to be said about it. None: who gave it does not renew it.

    Raises:
        BadRequest: there is none, it is not renewable, or its maximum is reached.
        NotRenewed: who gave it renews it no more.
    """
    async with tokens.changing(token_id):
        old, now = await tokens.read(token_id), tokens.now()
        if old is None or tokens.is_over(old):
            raise BadRequest("token not found")
        if not old.renewable or not old.expires:
            raise BadRequest("lease is not renewable")
        terms = await terms_of(old)
        if terms is None:
            return None
        found = lifetime.granted(
            increment or terms.ttl, terms.limits, period=terms.period, explicit_max_ttl=terms.explicit_max_ttl,
            age=now - old.created,
        )  # fmt: skip
        new = replace(old, expires=now + found.ttl, last_renewal=now)
        changes = lease_entries.changed(entries.lease_of(old, token_id), entries.lease_of(new, token_id))
        changes[entries.entry(token_id)] = entries.bytes_of(new)
        await tokens.view.apply(changes)
    tokens.leases.note(new.expires)
    return new, list(found.warnings)
