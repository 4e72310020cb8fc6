"""Media types of GraphQL over HTTP: what the client accepts, what the body is."""

from enum import StrEnum
from functools import lru_cache


class MediaType(StrEnum):
    """What `/graphql` can answer with."""

    RESPONSE = "application/graphql-response+json"
    JSON = "application/json"
    HTML = "text/html"

    @property
    def content_type(self) -> bytes:
        """Value of the `Content-Type` header."""
        return f"{self.value}; charset=utf-8".encode()


@lru_cache(maxsize=256)
def accepted(header: bytes | None, *, html: bool) -> MediaType | None:
    """The best of our media types for an `Accept` header (RFC 9110 §12.5.1), or None when none will do.

    Without a header, and for wildcards, that is `application/json`, as clients from before the specification
    expect; a tie between types that are both named goes to `application/graphql-response+json`.

    Args:
        header: the raw header.
        html: whether a page can be the answer (GET).
    """
    if header is None or not header.strip():
        return MediaType.JSON
    ranges = _ranges(header.decode("latin-1"))
    offers = [MediaType.RESPONSE, MediaType.JSON] + ([MediaType.HTML] if html else [])
    best: MediaType | None = None
    best_rank = (0.0, 0, 0)
    for offer in offers:
        quality, specificity = _quality(offer, ranges)
        preferred = 1 if offer is MediaType.JSON and specificity < 2 else 0
        rank = (quality, specificity, preferred)
        if quality > 0 and rank > best_rank:
            best, best_rank = offer, rank
    return best


@lru_cache(maxsize=256)
def is_utf8_json(content_type: bytes | None) -> bool:
    """Whether a request body is JSON in UTF-8: `application/json`, with no other charset."""
    if content_type is None:
        return False
    kind, *parameters = content_type.decode("latin-1").split(";")
    if kind.strip().lower() != "application/json":
        return False
    values = dict(_parameter(text) for text in parameters if text.strip())
    return values.get("charset", "utf-8") in {"utf-8", "utf8"}


def _ranges(header: str) -> dict[str, float]:
    """Media ranges with their quality; parameters other than `q` and `charset=utf-8` are ignored."""
    ranges: dict[str, float] = {}
    for item in header.split(","):
        kind, *parameters = item.split(";")
        values = dict(_parameter(text) for text in parameters if text.strip())
        if values.get("charset", "utf-8") not in {"utf-8", "utf8", "*"}:
            continue
        try:
            quality = float(values.get("q", "1"))
        except ValueError:
            quality = 0.0
        name = kind.strip().lower()
        ranges[name] = max(quality, ranges.get(name, 0.0))
    return ranges


def _quality(offer: MediaType, ranges: dict[str, float]) -> tuple[float, int]:
    """Quality of an offer and how precisely it was asked for: 2 by name, 1 by `type/*`, 0 by `*/*`."""
    family = offer.value.partition("/")[0]
    for specificity, name in ((2, offer.value), (1, f"{family}/*"), (0, "*/*")):
        if name in ranges:
            return ranges[name], specificity
    return 0.0, 0


def _parameter(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip().strip('"').lower()
