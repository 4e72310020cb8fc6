"""Many operations in one request: each has its own result, and the failure of one spares the others."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Response

Item = Mapping[str, Any]
One = Callable[[Item], Awaitable[dict[str, Any]]]
_AT_A_STRETCH: Final = 50
"""Operations before other requests get their turn."""
_UNPARSED: Final = "failed to parse batch input: "
_TEXTS: Final = ("plaintext", "ciphertext", "context", "associated_data", "input", "signature", "hmac", "reference")


def items(data: Mapping[str, Any]) -> list[Item] | None:
    """What `batch_input` holds; None: it is no batch.

    Raises:
        BadRequest: it is no list of objects with texts.
    """
    given = data.get("batch_input")
    if given is None:
        return None
    if not isinstance(given, list):
        raise BadRequest(f"{_UNPARSED}source data must be an array or slice")
    if not given:
        raise BadRequest("missing batch input to process")
    for at, item in enumerate(given):
        if not isinstance(item, dict):
            raise BadRequest(f"{_UNPARSED}[{at}] expected a map")
        for name in _TEXTS:
            if not isinstance(item.get(name, ""), str | None):
                raise BadRequest(f"{_UNPARSED}'[{at}].{name}' expected type 'string'")
    return given


def every_has(batch: list[Item], name: str, otherwise: str) -> None:
    """Refuse the whole batch when one lacks a field."""
    for at, item in enumerate(batch):
        if item.get(name) is None:
            raise BadRequest(f"{_UNPARSED}'[{at}].{name}' {otherwise}")


async def results(batch: list[Item], one: One, failed: Mapping[str, Any]) -> tuple[list[dict[str, Any]], int]:
    """The result of each, and how many failed; what failed shows `failed` beside its error."""
    found: list[dict[str, Any]] = []
    failures = 0
    for at, item in enumerate(batch, 1):
        if at % _AT_A_STRETCH == 0:
            await asyncio.sleep(0)
        try:
            result = await one(item)
        except BadRequest as error:
            failures += 1
            result = {**failed, "error": "; ".join(error.messages)}
        result["reference"] = item.get("reference") or ""
        found.append(result)
    return found, failures


async def answered(batch: list[Item], one: One, failed: Mapping[str, Any]) -> Response:
    """The results, with status 200 whatever failed."""
    found, _ = await results(batch, one, failed)
    return Response({"batch_results": found})


async def answered_strictly(batch: list[Item], one: One, failed: Mapping[str, Any], fields: Fields) -> Response:
    """The results; when one failed the status is 400, or what the request asks for when not all did."""
    status = fields.integer("partial_failure_response_code")
    found, failures = await results(batch, one, failed)
    if not failures:
        return Response({"batch_results": found})
    if failures == len(batch) or not 100 <= status <= 599:
        status = 400
    return Response({"batch_results": found}, status=status)
