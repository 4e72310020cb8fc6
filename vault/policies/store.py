"""The policies that are kept: their texts, versions, and what they compile to."""

import asyncio
from collections import OrderedDict
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import quote, unquote

from stratumiops.vault import clock
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.locks import Locks
from stratumiops.vault.policies import acl_policy, builtin, cedar_text
from stratumiops.vault.policies.acl import Acl
from stratumiops.vault.policies.acl_policy import AclPolicy
from stratumiops.vault.policies.cedar import CedarSet
from stratumiops.vault.policies.cedar_text import CedarPolicy
from stratumiops.vault.policies.verdict import ACL, CEDAR, KINDS
from stratumiops.vault.view import View, encoded

VERSIONS_KEPT: Final = 32
INLINE_NAME: Final = "inline"
_COMPILED: Final = 1_024
_AT_ONCE: Final = 8_192
"""Longer texts are checked beside the loop."""
_LONGEST_NAME: Final = 512  # bytes of the key


@dataclass(frozen=True, slots=True)
class Stored:
    """A version of a policy. `modified` is seconds since 1970; a removed policy is a version without a text."""

    version: int
    text: str
    modified: float
    removed: bool = False


class PolicyStore:
    """Policies by kind (`acl`, `cedar`) and name, below a view.

    All of them are in memory between `start` and `stop`, so that a check waits for nothing; a change counts for the
    next check of every token.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._locks = Locks()
        self._current: dict[str, dict[str, Stored]] = {kind: {} for kind in KINDS}
        self._acl_policies: dict[str, AclPolicy] = {}
        self._cedar_policies: dict[str, CedarPolicy] = {}
        self._acls: OrderedDict[tuple[tuple[str, ...], str], Acl] = OrderedDict()
        self._cedars: OrderedDict[tuple[str, ...], CedarSet | None] = OrderedDict()

    async def start(self) -> None:
        """Read all policies. Called after each unseal."""
        await self.stop()
        for kind in KINDS:
            for key in await self._view.names(f"{kind}/"):
                found = await self._view.read(f"{kind}/{key}")
                if found is not None:
                    self._current[kind][unquote(key)] = Stored(**found)

    async def stop(self) -> None:
        """Let go of what is in memory. Called before each seal."""
        for known in self._current.values():
            known.clear()
        for made in (self._acl_policies, self._cedar_policies, self._acls, self._cedars):
            made.clear()

    def names(self, kind: str) -> list[str]:
        """The names of a kind, sorted; those of ACL end with `root`."""
        found = {name for name, stored in self._current[kind].items() if not stored.removed}
        if kind == CEDAR:
            return sorted(found)
        return [*sorted(found | {builtin.DEFAULT_NAME}), builtin.ROOT_NAME]

    def get(self, kind: str, name: str) -> Stored | None:
        """A policy as it is now; None: there is none."""
        name = normal(name)
        if kind == ACL and name in builtin.FIXED:
            return Stored(0, "" if name == builtin.ROOT_NAME else builtin.WRAPPING, 0)
        stored = self._current[kind].get(name)
        if stored is None and kind == ACL and name == builtin.DEFAULT_NAME:
            return Stored(0, builtin.DEFAULT, 0)
        return None if stored is None or stored.removed else stored

    async def version(self, kind: str, name: str, version: int) -> Stored | None:
        """A policy as it was."""
        now = self._current[kind].get(normal(name))
        if now is not None and now.version == version:
            return None if now.removed else now
        found = await self._view.read(_version_key(kind, normal(name), version))
        return None if found is None or found.get("removed") else Stored(**found)

    async def versions(self, kind: str, name: str) -> list[int]:
        """The versions that are kept, in order, also of a policy that was removed."""
        names = await self._view.names(f"{kind}-versions/{_key(normal(name))}/")
        return [int(one) for one in names]

    async def write(self, kind: str, name: str, text: str) -> Stored:
        """Write a policy.

        Raises:
            BadRequest: it cannot be changed, or the text is none of the kind.
        """
        name = self._checked(kind, name, "update")
        text = acl_policy.decoded(text)
        await _check_text(kind, text)
        return await self._put(kind, name, text, removed=False)

    async def delete(self, kind: str, name: str) -> None:
        """Remove a policy; one that is not there is removed already. Its versions are kept."""
        name = self._checked(kind, name, "delete")
        if kind == ACL and name == builtin.DEFAULT_NAME:
            raise BadRequest("cannot delete default policy")
        if self.get(kind, name) is not None:
            await self._put(kind, name, "", removed=True)

    def acl(self, names: tuple[str, ...], inline: str = "") -> Acl:
        """The path policies of these names as one; unknown names allow nothing."""
        key = (names, inline)
        found = self._acls.get(key)
        if found is None:
            found = self._compiled_acl(names, inline)
            _keep(self._acls, key, found)
        return found

    def cedar(self, names: tuple[str, ...]) -> CedarSet | None:
        """The Cedar policies of these names; None: there is none."""
        if not self._current[CEDAR]:
            return None
        if names not in self._cedars:
            policies = [(name, found) for name in _distinct(names) if (found := self._cedar_policy(name)) is not None]
            _keep(self._cedars, names, CedarSet(policies) if policies else None)
        return self._cedars[names]

    def acl_policy(self, name: str) -> AclPolicy | None:
        """A path policy, parsed."""
        if name not in self._acl_policies:
            stored = self.get(ACL, name)
            if stored is None:
                return None
            self._acl_policies[name] = acl_policy.parse(stored.text)
        return self._acl_policies[name]

    def _cedar_policy(self, name: str) -> CedarPolicy | None:
        if name not in self._cedar_policies:
            stored = self.get(CEDAR, name)
            if stored is None:
                return None
            self._cedar_policies[name] = cedar_text.load(stored.text)
        return self._cedar_policies[name]

    def _compiled_acl(self, names: tuple[str, ...], inline: str) -> Acl:
        if builtin.ROOT_NAME in names:
            return Acl([], is_root=True)
        policies = [(name, found) for name in _distinct(names) if (found := self.acl_policy(name)) is not None]
        if inline:
            policies.append((INLINE_NAME, acl_policy.parse(inline)))
        return Acl(policies)

    async def _put(self, kind: str, name: str, text: str, *, removed: bool) -> Stored:
        async with self._locks.hold(f"{kind}/{name}"):
            known = self._current[kind].get(name)
            stored = Stored((known.version if known else 0) + 1, text, clock.now(), removed)
            value = encoded(asdict(stored))
            changes: dict[str, bytes | None] = {
                f"{kind}/{_key(name)}": value,
                _version_key(kind, name, stored.version): value,
            }
            if stored.version > VERSIONS_KEPT:
                changes[_version_key(kind, name, stored.version - VERSIONS_KEPT)] = None
            await self._view.apply(changes)
            self._current[kind][name] = stored
            self._forget(kind, name)
            return stored

    def _forget(self, kind: str, name: str) -> None:
        """Drop what was made of a policy."""
        if kind == CEDAR:
            self._cedar_policies.pop(name, None)
            for names in [names for names in self._cedars if name in _distinct(names)]:
                del self._cedars[names]
        else:
            self._acl_policies.pop(name, None)
            for key in [key for key in self._acls if name in _distinct(key[0])]:
                del self._acls[key]

    def _checked(self, kind: str, name: str, verb: str) -> str:
        name = normal(name)
        if not name or not name.isprintable() or len(_key(name)) > _LONGEST_NAME:
            raise BadRequest("the name of a policy is missing, too long, or holds control characters")
        if name in builtin.FIXED:
            raise BadRequest(f'cannot {verb} "{name}" policy')
        return name


async def _check_text(kind: str, text: str) -> None:
    parse = cedar_text.parse if kind == CEDAR else acl_policy.parse
    if len(text) < _AT_ONCE:
        parse(text)
    else:
        await asyncio.to_thread(parse, text)


def normal(name: str) -> str:
    """A name as it is kept."""
    return name.strip().lower()


def _distinct(names: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(normal(name) for name in names))


def _key(name: str) -> str:
    return quote(name, safe="")


def _version_key(kind: str, name: str, version: int) -> str:
    return f"{kind}-versions/{_key(name)}/{version:010d}"


def _keep(known: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    known[key] = value
    if len(known) > _COMPILED:
        known.popitem(last=False)
