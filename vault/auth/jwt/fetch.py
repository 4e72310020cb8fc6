"""Documents of the issuers of tokens, over HTTP."""

import ssl
from collections.abc import Awaitable, Callable
from typing import Any, Final

import orjson

from stratumiops.vault.errors import BadRequest

Fetch = Callable[[str, str], Awaitable[dict[str, Any]]]
"""Gets the JSON object of a URL; the second argument is PEM of the authorities to trust, "": the system's.

It raises BadRequest when there is none.
"""
_TIMEOUT_S: Final = 10.0
_LARGEST: Final = 1 << 20


async def over_http(url: str, ca_pem: str) -> dict[str, Any]:
    """Get a JSON object; redirects are not followed.

    Raises:
        BadRequest: it cannot be had, is too large or is none. The text does not repeat what the server said.
    """
    import httpx

    try:
        verify = ssl.create_default_context(cadata=ca_pem) if ca_pem else ssl.create_default_context()
        async with (
            httpx.AsyncClient(verify=verify, timeout=_TIMEOUT_S, trust_env=False) as client,
            client.stream("GET", url, headers={"Accept": "application/json"}) as answer,
        ):
            answer.raise_for_status()
            body = b""
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > _LARGEST:
                    raise BadRequest(f"the document is larger than {_LARGEST} bytes")
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
        raise BadRequest(f"the document cannot be fetched: {type(error).__name__}") from None
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise BadRequest("the document is not a JSON object")
    return found
