"""What clients are told of tokens."""

import re
from typing import Any, Final

from stratumiops.vault import clock
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.request import Auth
from stratumiops.vault.tokens.models import Token

_ODD: Final = re.compile(r"[^a-zA-Z0-9-]+")


def described(token: Token, client_token: str, now: float) -> dict[str, Any]:
    """The data of a lookup; `client_token` is "" when the token was named by its accessor."""
    data: dict[str, Any] = {
        "accessor": token.accessor,
        "creation_time": int(token.created),
        "creation_ttl": token.ttl,
        "display_name": token.display_name,
        "entity_id": "",
        "expire_time": clock.rfc3339(token.expires) if token.expires else None,
        "explicit_max_ttl": token.explicit_max_ttl,
        "id": client_token,
        "issue_time": clock.rfc3339(token.created),
        "meta": token.metadata,
        "num_uses": token.num_uses,
        "orphan": token.orphan,
        "path": token.path,
        "policies": list(token.policies),
        "renewable": token.renewable,
        "ttl": max(int(token.expires - now), 0) if token.expires else 0,
        "type": "batch" if token.kind == "batch" else "service",
    }
    if token.last_renewal:
        data["last_renewal"] = clock.rfc3339(token.last_renewal)
        data["last_renewal_time"] = int(token.last_renewal)
    if token.bound_cidrs:
        data["bound_cidrs"] = list(token.bound_cidrs)
    if token.period:
        data["period"] = token.period
    if token.role:
        data["role"] = token.role
    if token.namespace:
        data["namespace_path"] = token.namespace
    return data


def renewed(token: Token, client_token: str, now: float) -> Auth:
    """The `auth` of a renewal: it has an accessor, so that no new token is made of it."""
    return Auth(
        policies=token.policies, metadata=token.metadata, ttl=round(token.expires - now), renewable=token.renewable,
        orphan=token.orphan, num_uses=token.num_uses, client_token=client_token, accessor=token.accessor,
        display_name=token.display_name, period=token.period, explicit_max_ttl=token.explicit_max_ttl,
    )  # fmt: skip


def display_name(given: str) -> str:
    """`token-` and the name, without characters that are none of a name."""
    name = _ODD.sub("-", given).strip("-")
    return f"token-{name}" if name else "token"


def metadata(given: Any) -> dict[str, str] | None:
    """A token's metadata: texts by name, numbers as they are written.

    Raises:
        BadRequest: it is not that.
    """
    if not isinstance(given, dict):
        if given is None:
            return None
        raise BadRequest('Field validation failed: error converting input for field "meta": expected an object')
    if not all(isinstance(value, str | int | float) for value in given.values()):
        raise BadRequest('Field validation failed: error converting input for field "meta": expected texts')
    return {key: _text(value) for key, value in given.items()} or None


def _text(value: str | float) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)
