"""`random` and `hash`: what needs no key. Also the core's `sys/tools`."""

import os
from typing import Any, Final

from stratumiops.vault.engines.transit import digests
from stratumiops.vault.engines.transit.encoding import decoded, encoded
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Response

MOST_RANDOM: Final = 131_072
_SOURCES: Final = ("platform", "seal", "all")
_NO_SEAL: Final = "no seal/entropy augmentation available, using platform entropy source"


def random_bytes(data: dict[str, Any], source: str = "", url_bytes: str = "") -> Response:
    """Random bytes: `random`, `random/{n}`, `random/{source}` and `random/{source}/{n}`.

    Raises:
        BadRequest: too many or too few, or an unknown format or source.
    """
    fields = Fields(data)
    if source and source not in _SOURCES and not url_bytes:
        source, url_bytes = "", source
    if source and source not in _SOURCES:
        raise BadRequest(f'unsupported entropy source "{source}"; must be "platform" or "seal", or "all"')
    count = _count(url_bytes) if url_bytes else fields.integer("bytes", 32)
    if count < 1:
        raise BadRequest("'bytes' cannot be less than 1")
    if count > MOST_RANDOM:
        raise BadRequest(f"'bytes' should be less than {MOST_RANDOM}")
    form = fields.text("format") or "base64"
    if form not in ("hex", "base64"):
        raise BadRequest(f'unsupported encoding format "{form}"; must be "hex" or "base64"')
    drawn = os.urandom(count)
    warnings = [_NO_SEAL] if source == "seal" else []
    return Response({"random_bytes": drawn.hex() if form == "hex" else encoded(drawn)}, warnings=warnings)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise BadRequest(f'error parsing url-set byte count: strconv.Atoi: parsing "{text}": invalid syntax')
    return int(text)


def hashed(data: dict[str, Any], url_algorithm: str = "") -> Response:
    """The hash of the input: `hash` and `hash/{algorithm}`.

    Raises:
        BadRequest: no input, or an unknown algorithm or format.
    """
    fields = Fields(data)
    if not fields.has("input"):
        raise BadRequest("input missing")
    message = decoded(fields.text("input"), "unable to decode input as base64: ")
    form = fields.text("format") or "hex"
    if form not in ("hex", "base64"):
        raise BadRequest(f'unsupported encoding format {form}; must be "hex" or "base64"')
    algorithm = url_algorithm or fields.text("algorithm") or digests.DEFAULT
    if algorithm not in digests.NAMES or algorithm == "sha1":
        raise BadRequest(f"unsupported algorithm {algorithm}")
    made = digests.digest(algorithm, message)
    return Response({"sum": made.hex() if form == "hex" else encoded(made)})
