"""What is done with the object of a secret: merged with a patch, or shown without its values."""

from typing import Any, Final

from stratumiops.vault.errors import BadRequest, UnsupportedMediaType
from stratumiops.vault.request import Request

DEEPEST: Final = 200
"""Levels of objects and lists in a document at the most: the encoder stops at 254, and an answer adds some."""
MERGE_PATCH: Final = "application/merge-patch+json"


def require_merge_patch(request: Request) -> None:
    """Let a PATCH pass that says what its body is.

    Raises:
        UnsupportedMediaType: it says something else.
    """
    given = request.content_type.partition(";")[0].strip()
    if given.lower() != MERGE_PATCH:
        raise UnsupportedMediaType(f"PATCH requires Content-Type of {MERGE_PATCH}, provided {given}")


def shallow(document: dict[str, Any]) -> dict[str, Any]:
    """The document, when it can be kept and shown.

    Raises:
        BadRequest: it is nested too deeply.
    """
    if _deeper(document, DEEPEST):
        raise BadRequest(f"the document is nested deeper than {DEEPEST} levels")
    return document


def _deeper(value: dict[str, Any] | list[Any], levels: int) -> bool:
    inside = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_deeper(one, levels - 1) for one in inside if isinstance(one, dict | list))


def merged(target: Any, patch: Any) -> Any:
    """A JSON merge patch applied (RFC 7396, section 2); neither argument is changed."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def keys_of(value: dict[str, Any], depth: int) -> dict[str, Any]:
    """The keys of an object and of those in it; what is no object, is empty or is deeper than `depth` is None."""
    return {
        name: keys_of(one, depth - 1) if isinstance(one, dict) and one and depth > 1 else None
        for name, one in value.items()
    }
