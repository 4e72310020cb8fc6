"""Drops what no token needs any more: left by a crash, or by a storage that was mended by hand."""

import asyncio
from typing import Final

import structlog

from stratumiops.vault.errors import StorageFailed
from stratumiops.vault.tokens import entries
from stratumiops.vault.tokens.store import TokenStore

log = structlog.get_logger("svault.tokens")
STARTED: Final = "Tidy operation successfully started. What comes of it is written to the server's log."
_PAGE: Final = 64


async def tokens(store: TokenStore) -> None:
    """Work off revocations that were cut off, end tokens whose time is up, drop accessors without a token."""
    try:
        await store.resume()
        looked_at = await _accessors(store)
    except StorageFailed as failure:
        log.warning("tokens are not tidied", reason=str(failure))
    else:
        log.info("tokens are tidied", accessors=looked_at)


async def _accessors(store: TokenStore) -> int:
    after, looked_at = "", 0
    while names := await store.view.names(entries.ACCESSORS, after, _PAGE):
        await asyncio.gather(*(_accessor(store, accessor) for accessor in names))
        after, looked_at = names[-1], looked_at + len(names)
    return looked_at


async def _accessor(store: TokenStore, accessor: str) -> None:
    token_id = await store.id_of_accessor(accessor)
    if token_id and await store.end(token_id, if_over=True):
        return
    if await store.view.get(entries.ending(accessor)) is None:
        await store.view.delete(entries.of_accessor(accessor))
