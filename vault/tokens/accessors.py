"""Accessors: names of tokens that open nothing, listed page by page."""

import asyncio
from typing import Final

from stratumiops.vault.tokens import entries, ids
from stratumiops.vault.view import View

_PAGE: Final = 256


def is_accessor(text: str) -> bool:
    """Whether it looks like one: only then may it be a part of a key."""
    return len(text) == ids.LENGTH and text.isascii() and text.isalnum()


async def of_namespace(view: View, namespace: str) -> list[str]:
    """The accessors of all tokens of a namespace and those below it."""
    if not namespace:
        return await view.names(entries.ACCESSORS)
    found: list[str] = []
    after = ""
    while names := await view.names(entries.ACCESSORS, after, _PAGE):
        within = await asyncio.gather(*(_is_within(view, accessor, namespace) for accessor in names))
        found += [accessor for accessor, is_within in zip(names, within, strict=True) if is_within]
        after = names[-1]
    return found


async def _is_within(view: View, accessor: str, namespace: str) -> bool:
    token_id = await view.get(entries.of_accessor(accessor))
    data = await view.get(entries.entry(token_id.decode())) if token_id else None
    return data is not None and entries.token_of(data).namespace.startswith(namespace)
