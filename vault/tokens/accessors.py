"""Accessors: names of tokens that open nothing, listed page by page."""

import asyncio
from collections.abc import Callable
from typing import Final

from stratumiops.vault.tokens import entries, ids
from stratumiops.vault.tokens.models import Token
from stratumiops.vault.view import View

_PAGE: Final = 256


def is_accessor(text: str) -> bool:
    """Whether it looks like one: only then may it be a part of a key."""
    return len(text) == ids.LENGTH and text.isascii() and text.isalnum()


async def of_tokens(view: View, wanted: Callable[[Token], bool]) -> list[str]:
    """The accessors of the tokens that are wanted: every one is read."""
    found: list[str] = []
    after = ""
    while names := await view.names(entries.ACCESSORS, after, _PAGE):
        tokens = await asyncio.gather(*(_token(view, accessor) for accessor in names))
        found += [
            accessor for accessor, token in zip(names, tokens, strict=True) if token is not None and wanted(token)
        ]
        after = names[-1]
    return found


async def _token(view: View, accessor: str) -> Token | None:
    token_id = await view.get(entries.of_accessor(accessor))
    data = await view.get(entries.entry(token_id.decode())) if token_id else None
    return None if data is None else entries.token_of(data)
