"""The names directly below a prefix, for storages that can only give keys of a range in order."""

from collections.abc import Awaitable, Callable
from typing import Final

Scan = Callable[[str, str, int], Awaitable[list[str]]]
"""Keys in byte order: from the first argument on, before the second one ("": no end), and how many at most."""

_CHUNK: Final = 256
_FEW: Final = 16


async def names(scan: Scan, prefix: str, after: str = "", limit: int = 0) -> list[str]:
    """See `view.Entries.names`. What lies deep in a folder is passed over, not read."""
    end = _behind_folder(prefix) if prefix else ""
    start = prefix if not after else _behind(prefix + after)
    found: list[str] = []
    while True:
        wanted = min(_CHUNK, max(limit - len(found), _FEW)) if limit else _CHUNK
        keys = await scan(start, end, wanted)
        for key in keys:
            if key < start:  # in a folder that was passed over
                continue
            name, slash, _ = key[len(prefix) :].partition("/")
            name += slash
            start = _behind(prefix + name) if slash else _behind(key)
            if name > after:
                found.append(name)
                if len(found) == limit:
                    return found
        if len(keys) < wanted:
            return found


def _behind(key: str) -> str:
    """The first key behind a key, or behind all keys of a folder."""
    return _behind_folder(key) if key.endswith("/") else key + "\0"


def _behind_folder(prefix: str) -> str:
    return prefix[:-1] + "0"  # "0" follows "/"
