"""Which policies a new token gets, of those that it asks for, its parent's and its role's."""

from collections.abc import Sequence
from dataclasses import dataclass

from stratumiops.vault.errors import BadRequest
from stratumiops.vault.tokens.creation import DEFAULT, ROOT, policies_of
from stratumiops.vault.tokens.models import Token
from stratumiops.vault.tokens.roles import Role

INTERNAL = frozenset({"response-wrapping", "control-group"})
"""Policies of the server's own tokens."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for."""

    policies: Sequence[str]
    no_default: bool
    sudo: bool


def decided(wanted: Wanted, parent: Token, role: Role | None) -> tuple[str, ...]:
    """The policies of the new token.

    Raises:
        BadRequest: the parent, or the role, does not allow them.
    """
    if role is not None and role.has_policies:
        found = _of_role(wanted, parent, role)
    else:
        found = _of_parent(wanted, parent, no_default=wanted.no_default or bool(role and role.token_no_default_policy))
    if wanted.no_default:
        found = tuple(name for name in found if name != DEFAULT)
    for name in found:
        if name in INTERNAL:
            raise BadRequest(f'cannot assign policy "{name}"')
    if ROOT in found and not parent.is_root:
        raise BadRequest("root tokens may not be created without parent token being root")
    return found


def _of_parent(wanted: Wanted, parent: Token, *, no_default: bool) -> tuple[str, ...]:
    if not wanted.policies:
        return policies_of(parent.policies, with_default=False)
    if wanted.sudo:
        return policies_of(wanted.policies, with_default=not no_default)
    asked = policies_of(wanted.policies, with_default=False)
    if not set(asked) <= set(parent.policies):
        raise BadRequest("child policies must be subset of parent")
    return policies_of(asked, with_default=not no_default and DEFAULT in parent.policies)


def _of_role(wanted: Wanted, parent: Token, role: Role) -> tuple[str, ...]:
    refused = _Names(role.disallowed_policies, role.disallowed_policies_glob)
    with_default = not (wanted.no_default or role.token_no_default_policy or refused.has(DEFAULT))
    if role.allowed_policies or role.allowed_policies_glob:
        own = tuple(sorted({*role.allowed_policies, *((DEFAULT,) if with_default else ())}))
        found = policies_of(wanted.policies or own, with_default=with_default)
        allowed = _Names(own, role.allowed_policies_glob)
        if not all(allowed.has(name) for name in found):
            raise BadRequest(
                f"token policies ({_listed(found)}) must be subset of the role's allowed policies ({_listed(own)}) "
                f"or glob policies ({_listed(role.allowed_policies_glob)})"
            )
    else:
        found = policies_of(wanted.policies or parent.policies, with_default=with_default)
    for name in found:
        if refused.has(name):
            raise BadRequest(f'token policy "{name}" is disallowed by this role')
    return found


@dataclass(frozen=True, slots=True)
class _Names:
    exact: Sequence[str]
    globs: Sequence[str]

    def has(self, name: str) -> bool:
        return name in self.exact or any(_fits(name, glob) for glob in self.globs)


def _fits(name: str, glob: str) -> bool:
    """Whether a name is like a pattern, in which `*` is anything."""
    first, *others = glob.split("*")
    if not others:
        return name == glob
    *inner, last = others
    if not name.startswith(first) or not name.endswith(last):
        return False
    at, end = len(first), len(name) - len(last)
    for part in inner:
        found = name.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return at <= end


def _listed(names: Sequence[str]) -> str:
    return "[" + " ".join(f'"{name}"' for name in names) + "]"
