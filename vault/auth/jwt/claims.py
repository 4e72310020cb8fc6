"""What a token says, held against what a role wants."""

import re
from collections.abc import Mapping
from typing import Any, Final

from stratumiops.vault.auth.jwt.roles import Role
from stratumiops.vault.errors import BadRequest

_SKEW_S: Final = 60
_LEEWAY_S: Final = 150


def claim(claims: Mapping[str, Any], name: str) -> Any:
    """A claim by its name, or by a JSON pointer (RFC 6901) when it begins with `/`; None: there is none."""
    if not name.startswith("/"):
        return claims.get(name)
    found: Any = claims
    for part in name[1:].split("/"):
        step = part.replace("~1", "/").replace("~0", "~")
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, list) and step.isdecimal() and len(step) < 10 and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found


def check(claims: Mapping[str, Any], role: Role, issuer: str, now: float) -> None:
    """Let a token pass that was issued for this role and is good now.

    Raises:
        BadRequest: it was not, or is not.
    """
    _check_times(claims, role, now)
    if issuer and claims.get("iss") != issuer:
        raise _invalid("invalid issuer (iss) claim")
    if role.bound_subject and claims.get("sub") != role.bound_subject:
        raise _invalid("invalid subject (sub) claim")
    _check_audience(claims.get("aud"), role.bound_audiences)
    for name, wanted in role.bound_claims.items():
        value = claim(claims, name)
        if value is None:
            raise BadRequest(f'error validating claims: claim "{name}" is missing')
        if not _matches(value, wanted, globs=role.bound_claims_type == "glob"):
            raise BadRequest(
                f'error validating claims: claim "{name}" does not match any associated bound claim values'
            )


def user_of(claims: Mapping[str, Any], role: Role) -> str:
    """Who logs in.

    Raises:
        BadRequest: the token does not say it.
    """
    user = claim(claims, role.user_claim) if role.user_claim_json_pointer else claims.get(role.user_claim)
    if user is None:
        raise BadRequest(f'claim "{role.user_claim}" not found in token')
    if not isinstance(user, str) or not user:
        raise BadRequest(f'claim "{role.user_claim}" could not be converted to string')
    return user


def metadata_of(claims: Mapping[str, Any], role: Role) -> dict[str, str]:
    """What the login's metadata takes over from the token.

    Raises:
        BadRequest: a claim that is mapped is no text, number or truth value.
    """
    metadata: dict[str, str] = {}
    for name, key in role.claim_mappings.items():
        value = claim(claims, name)
        if isinstance(value, bool):
            metadata[key] = "true" if value else "false"
        elif isinstance(value, str | int | float):
            metadata[key] = str(value)
        elif value is not None:
            raise BadRequest(f"error converting claim '{name}' to string")
    return metadata


def _check_times(claims: Mapping[str, Any], role: Role, now: float) -> None:
    issued, begins, ends = (_instant(claims, name) for name in ("iat", "nbf", "exp"))
    if issued is None and begins is None and ends is None:
        raise _invalid("no issued at (iat), not before (nbf), or expiration time (exp) claims in token")
    if ends is None:
        ends = max(issued or 0.0, begins or 0.0) + _leeway(role.expiration_leeway, _LEEWAY_S)
    if begins is None:
        begins = ends - _leeway(role.not_before_leeway, _LEEWAY_S) if issued is None else issued
    skew = _leeway(role.clock_skew_leeway, _SKEW_S)
    if now > ends + skew:
        raise _invalid("invalid expiration time (exp) claim: token is expired")
    if now < begins - skew:
        raise _invalid("invalid not before (nbf) claim: token not yet valid")
    if issued is not None and now < issued - skew:
        raise _invalid("invalid issued at (iat) claim: token issued in the future")


def _instant(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _invalid(f"the claim {name} is not a number")
    return float(value)


def _leeway(given: int, usual: int) -> int:
    """0 stands for the usual one, below 0 for none."""
    return max(given, 0) if given else usual


def _check_audience(given: Any, bound: tuple[str, ...]) -> None:
    audiences = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    if not bound:
        if audiences:
            raise _invalid("audience claim found in JWT but no audiences bound to the role")
    elif not any(one in bound for one in audiences):
        raise _invalid("invalid audience (aud) claim: audience claim does not match any expected audience")


def _matches(value: Any, wanted: Any, *, globs: bool) -> bool:
    values = value if isinstance(value, list) else [value]
    allowed = wanted if isinstance(wanted, list) else [wanted]
    return any(_equal(one, other, globs=globs) for one in values for other in allowed)


def _equal(value: Any, wanted: Any, *, globs: bool) -> bool:
    if globs and isinstance(value, str) and isinstance(wanted, str):
        pattern = ".*".join(re.escape(part) for part in wanted.split("*"))
        return re.fullmatch(pattern, value, re.DOTALL) is not None
    return type(value) is type(wanted) and bool(value == wanted)


def _invalid(why: str) -> BadRequest:
    return BadRequest(f"error validating token: {why}")
