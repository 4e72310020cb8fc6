"""The metadata of a secret id: names and texts, written as JSON or as `name=text,name=text`."""

import orjson

from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields


def parsed(fields: Fields) -> dict[str, str]:
    """The field `metadata`.

    Raises:
        BadRequest: it is neither of the two forms.
    """
    text = fields.text("metadata").strip()
    if not text:
        return {}
    found = _json(text) if text.startswith("{") else _pairs(text)
    if found is None:
        raise BadRequest("failed to parse metadata: failed to parse the input: invalid <key,value> format")
    return found


def _json(text: str) -> dict[str, str] | None:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return found if all(isinstance(value, str) for value in found.values()) else None


def _pairs(text: str) -> dict[str, str] | None:
    pairs = [one.partition("=") for one in text.split(",")]
    return {name.strip(): value.strip() for name, _, value in pairs} if all(sign for _, sign, _ in pairs) else None
