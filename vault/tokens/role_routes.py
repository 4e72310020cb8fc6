"""The routes of roles."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from stratumiops.vault import cidrs
from stratumiops.vault.backend import Match, Route
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response, listing
from stratumiops.vault.tokens import roles
from stratumiops.vault.tokens.creation import policies_of
from stratumiops.vault.tokens.lifetime import Limits
from stratumiops.vault.tokens.roles import Role, RoleStore

_SUFFIX: Final = re.compile(r"\w[\w.-]+\w", re.ASCII)


class RoleRoutes:
    """Roles: written, read, listed, deleted."""

    def __init__(self, store: RoleStore, limits: Callable[[], Limits]) -> None:
        self._roles = store
        self._limits = limits

    def routes(self) -> Iterator[Route]:
        """Below the mount of the tokens."""
        yield Route("roles", list=self._list)
        yield Route("roles/{role}", read=self._read, write=self._write, delete=self._delete, exists=self._exists)

    async def _list(self, request: Request, _: Match) -> Response:
        return listing(await self._roles.names(request.namespace))

    async def _exists(self, request: Request, match: Match) -> bool:
        return await self._roles.read(request.namespace, match["role"]) is not None

    async def _read(self, request: Request, match: Match) -> Response:
        role = await self._roles.read(request.namespace, match["role"])
        if role is None:
            raise NotFound
        return Response(role.shown())

    async def _delete(self, request: Request, match: Match) -> None:
        await self._roles.delete(request.namespace, match["role"])

    async def _write(self, request: Request, match: Match) -> Response | None:
        old = await self._roles.read(request.namespace, match["role"]) or Role(match["role"])
        role, warnings = changed(old, Fields(request.data))
        most = self._limits().max_ttl
        if role.token_explicit_max_ttl > most:
            warnings.append(
                f"Given explicit max TTL of {role.token_explicit_max_ttl} is greater than system/mount allowed value "
                f"of {most} seconds; the tokens of this role will live no longer than that"
            )
        await self._roles.write(request.namespace, role)
        return Response(warnings=warnings, status=200) if warnings else None


def changed(role: Role, fields: Fields) -> tuple[Role, list[str]]:
    """A role with what is given of its fields, and what has to be said about that.

    Raises:
        BadRequest: a field cannot be so.
    """
    changes: dict[str, Any] = {}
    for name in ("allowed_policies", "disallowed_policies"):
        if fields.has(name):
            changes[name] = _policies(fields.strings(name))
    for name in ("allowed_policies_glob", "disallowed_policies_glob", "allowed_entity_aliases"):
        if fields.has(name):
            changes[name] = tuple(sorted({one.lower() for one in fields.strings(name)}))
    for name in ("orphan", "renewable", "token_no_default_policy"):
        if fields.has(name):
            changes[name] = fields.boolean(name)
    if fields.has("token_num_uses"):
        changes["token_num_uses"] = _not_negative(fields)
    if fields.has("path_suffix"):
        changes["path_suffix"] = _suffix(fields.text("path_suffix"))
    given, warnings = _renamed(role, fields)
    changes.update(given)
    changes["token_type"] = _type(fields.text("token_type", role.token_type))
    new = replace(role, **changes)
    if new.token_type == roles.BATCH:
        _check_batch(new)
    return new, warnings


def _renamed(role: Role, fields: Fields) -> tuple[dict[str, Any], list[str]]:
    """The fields that have an older name too; the newer one counts."""
    changes: dict[str, Any] = {}
    warnings, old = [], set(role.by_old_name)
    for new_name, old_name in roles.OLD_NAMES.items():
        name = new_name if fields.has(new_name) else old_name
        if not fields.has(name):
            continue
        if name == new_name and fields.has(old_name):
            warnings.append(
                f"Both '{new_name}' and deprecated '{old_name}' value supplied, ignoring the deprecated value"
            )
        changes[new_name] = cidrs.parsed(fields.strings(name)) if "cidrs" in name else fields.duration(name)
        old = old - {new_name} if name == new_name else old | {new_name}
    changes["by_old_name"] = tuple(sorted(old))
    return changes, warnings


def _policies(names: list[str]) -> tuple[str, ...]:
    found = policies_of(names, with_default=False)
    return found if "root" not in found else tuple(sorted({name.strip().lower() for name in names}))


def _not_negative(fields: Fields) -> int:
    value = fields.integer("token_num_uses")
    if value < 0:
        raise BadRequest("'token_num_uses' cannot be negative")
    return value


def _suffix(given: str) -> str:
    if given and _SUFFIX.fullmatch(given) is None:
        raise BadRequest("given role path suffix contains invalid characters; must match \\w[\\w-.]+\\w")
    return given


def _type(given: str) -> str:
    if given not in roles.TYPES:
        raise BadRequest(f"invalid 'token_type' value \"{given}\"")
    return given


def _check_batch(role: Role) -> None:
    kind = "'token_type' cannot be 'batch' when role is set to generate"
    if not role.orphan:
        raise BadRequest(f"{kind} non-orphan tokens")
    if role.token_period:
        raise BadRequest(f"{kind} periodic tokens")
    if role.renewable:
        raise BadRequest(f"{kind} renewable tokens")
    if role.token_explicit_max_ttl:
        raise BadRequest(f"{kind} tokens with an explicit max TTL")
    if role.token_num_uses:
        raise BadRequest(f"{kind} tokens with limited use count")
