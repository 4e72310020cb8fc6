"""Answers as clients get them: status, headers and body."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import orjson

from stratumiops.vault.errors import TooManyRequests, VaultError
from stratumiops.vault.request import Request, Response

JSON: Final = "application/json"
_OPTIONS: Final = orjson.OPT_APPEND_NEWLINE


class Reply(NamedTuple):
    """What goes over the wire."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = {}


def reply(request: Request, response: Response | None) -> Reply:
    """The answer of a request that was done."""
    if response is None:
        return Reply(204)
    if response.raw is not None:
        return Reply(response.raw.status, response.raw.body, response.raw.content_type, response.headers)
    if response.bare:
        return Reply(response.status or 200, orjson.dumps(response.data, option=_OPTIONS), JSON, response.headers)
    if _is_void(response):
        return Reply(response.status or 204, b"", JSON, response.headers)
    body = orjson.dumps(envelope(request, response), option=_OPTIONS)
    return Reply(response.status or 200, body, JSON, response.headers)


def _is_void(response: Response) -> bool:
    has = response.data is not None or response.secret or response.auth or response.wrap_info or response.warnings
    return not has


def envelope(request: Request, response: Response) -> dict[str, Any]:
    """The answer as an object with every key."""
    secret, wrapped = response.secret, response.wrap_info is not None
    found: dict[str, Any] = {
        "request_id": "" if wrapped else request.id,
        "lease_id": secret.lease_id if secret else "",
        "renewable": bool(secret and secret.renewable),
        "lease_duration": secret.ttl if secret else response.lease_duration,
        "data": response.data,
        "wrap_info": response.wrap_info,
        "warnings": response.warnings or None,
        "auth": auth_of(response),
    }
    if response.flat and response.data:
        return {**response.data, **found}
    return found


def auth_of(response: Response) -> dict[str, Any] | None:
    """The `auth` object."""
    auth = response.auth
    if auth is None:
        return None
    policies = list(auth.policies)
    return {
        "client_token": auth.client_token,
        "accessor": auth.accessor,
        "policies": policies,
        "token_policies": policies,
        "metadata": dict(auth.metadata) if auth.metadata else None,
        "lease_duration": auth.ttl,
        "renewable": auth.renewable,
        "entity_id": "",
        "token_type": auth.token_type,
        "orphan": auth.orphan,
        "mfa_requirement": None,
        "num_uses": auth.num_uses,
    }


def refusal(error: VaultError) -> Reply:
    """The answer of a request that was not done."""
    body: dict[str, Any] = {"errors": list(error.messages)}
    if error.data is not None:
        body |= dict(error.data)
    headers = error.headers if isinstance(error, TooManyRequests) else {}
    return Reply(error.status, orjson.dumps(body, option=_OPTIONS), JSON, headers)
