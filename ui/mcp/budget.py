"""How long an answer may be. Models pay for each token, and a long answer pushes out what they knew before."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson

BYTES_PER_TOKEN = 3
"""On the cautious side: English prose has more than 4 bytes a token in the usual tokenizers, JSON about 3."""
_FRAME_TOKENS = 120
"""What stands around the items: names, the cursor, the note on what was left out."""
_MARK = "…"
_LEAST_TEXT = 40


def tokens(text: str) -> int:
    """About how many tokens a text is, rounded up."""
    return -(-len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN)


def cost(item: Any) -> int:
    """About how many tokens a value is, as JSON."""
    return -(-len(orjson.dumps(item)) // BYTES_PER_TOKEN)


@dataclass(slots=True)
class Fitted:
    """What fits: `items` from the front; `left` says how many did not; `shortened` names texts that were cut."""

    items: list[dict[str, Any]] = field(default_factory=list)
    left: int = 0
    shortened: list[str] = field(default_factory=list)


def fit(items: Iterable[dict[str, Any]], max_tokens: int) -> Fitted:
    """As many items as fit. The first one always does: its longest texts are cut, when need be."""
    found = Fitted()
    room = max_tokens - _FRAME_TOKENS
    for item in items:
        price = cost(item) + 1
        if found.left or (found.items and price > room):
            found.left += 1
            continue
        if price > room:
            found.shortened = shorten(item, room)
        found.items.append(item)
        room -= price
    return found


def shorten(item: dict[str, Any], room: int) -> list[str]:
    """Cut the longest texts of an item, in place, until it fits or is as short as it gets; their names."""
    names: list[str] = []
    while (excess := (cost(item) - room) * BYTES_PER_TOKEN) > 0:
        name = max(
            (key for key, value in item.items() if isinstance(value, str) and key not in {"id", "graph"}),
            key=lambda key: len(item[key]),
            default="",
        )
        text = item.get(name, "")
        if len(text) <= _LEAST_TEXT:
            break
        item[name] = cut(text, max(_LEAST_TEXT, len(text.encode("utf-8", "replace")) - excess - len(_MARK) * 3))
        if name not in names:
            names.append(name)
    return names


def cut(text: str, max_bytes: int) -> str:
    """The text, or its beginning and a mark when it has more bytes than that as JSON."""
    if len(text.encode("utf-8", "replace")) <= max_bytes and len(orjson.dumps(text)) - 2 <= max_bytes:
        return text
    short = text.encode("utf-8", "replace")[: max(0, max_bytes - len(_MARK.encode()))].decode("utf-8", "ignore")
    while short and len(orjson.dumps(short)) - 2 > max_bytes:  # quotes and line breaks are longer in JSON
        short = short[: -max(1, (len(orjson.dumps(short)) - 2 - max_bytes) // 2)]
    return short + _MARK
