"""Searching, by meaning where the server can, by words where it cannot."""

from collections.abc import Mapping
from typing import Any

from stratumiops.ui.mcp.api import Api

MAX_HITS = 100
"""How deep a search goes: what does not come up by then is not what was meant."""
_EXCERPT = 400


async def find(
    api: Api,
    text_document: str,
    hybrid_document: str,
    variables: Mapping[str, Any],
    *,
    semantic: bool,
    threshold: float,
) -> tuple[list[dict[str, Any]], str, str | None]:
    """The hits, the mode that found them (`hybrid` or `text`), and a note when it is not the one asked for.

    Raises:
        StratumError: the search failed.
    """
    if semantic:
        found = await api.execute_if_known("mode", hybrid_document, {**variables, "threshold": threshold})
        if found is not None:
            return found["search"], "hybrid", None
    hits = (await api.execute(text_document, variables))["search"]
    note = "Here one can search by words only, so semantic and threshold had no effect." if semantic else None
    return hits, "text", note


def excerpt(hit: Mapping[str, Any]) -> str | None:
    """What matched in the text, if anything did."""
    parts = [one["text"].strip() for one in hit["highlights"] if one["field"] == "content"]
    joined = " … ".join(part for part in parts if part)
    return joined[:_EXCERPT] or None
