"""Policies as objects of the schema; texts and versions are asked for when a field needs them."""

from collections.abc import Mapping
from typing import Any, Final

from stratumiops.graph.errors import BadInput, NotFound
from stratumiops.resolvers.knowledge.reader import once
from stratumiops.resolvers.vault.errors import not_offered
from stratumiops.resolvers.vault.session import Vault
from stratumiops.resolvers.vault.values import instant, integer
from stratumiops.schema.vault.policies import PolicyText, VaultPolicy, VaultPolicyKind, VaultPolicyVersion

_BUILTIN: Final = frozenset({"root", "default"})


def policy(vault: Vault, kind: VaultPolicyKind, name: str, known: PolicyText | None = None) -> VaultPolicy:
    """The policy of a name."""

    async def written() -> PolicyText:
        if known is not None:
            return known
        said = await vault.find(f"sys/policies/{kind.value}/{name}")
        return PolicyText() if said is None else _text(said)

    read = once(written)

    async def dated() -> PolicyText:
        found = await read()
        return found if found.version is not None else await _newest(vault, kind, name)

    return VaultPolicy(
        name=name, kind=kind, builtin=kind is VaultPolicyKind.ACL and name in _BUILTIN, written=read, dated=once(dated)
    )


async def named(vault: Vault, kind: VaultPolicyKind, name: str, version: int | None) -> VaultPolicy | None:
    """The policy of a name, in a version; None: there is none. Raises as `Vault.read`."""
    said = await vault.find(f"sys/policies/{kind.value}/{name}", version=version)
    if said is None:
        return None
    if version is not None and said.get("version") != version:
        raise not_offered("versions of policies")
    return policy(vault, kind, name, _text(said))


async def versions(vault: Vault, kind: VaultPolicyKind, name: str) -> list[VaultPolicyVersion]:
    """The versions of a policy, newest first; none: the vault keeps none.

    Raises:
        StratumError: as `Vault.read`.
    """
    try:
        said = (await vault.names(f"sys/policies/{kind.value}/{name}")).get("key_info") or {}
    except (BadInput, NotFound):
        raise not_offered("versions of policies") from None
    numbers = sorted((int(number) for number in said if number.isdecimal()), reverse=True)
    return [_version(number, said[str(number)]) for number in numbers]


def _text(said: Mapping[str, Any]) -> PolicyText:
    return PolicyText(
        text=str(said.get("policy") or ""),
        version=integer(said.get("version")),
        modified_at=instant(said.get("modified")),
    )


def _version(number: int, said: Mapping[str, Any]) -> VaultPolicyVersion:
    removed = bool(said.get("removed"))
    return VaultPolicyVersion(version=number, modified_at=instant(said.get("modified")), removed=removed)


async def _newest(vault: Vault, kind: VaultPolicyKind, name: str) -> PolicyText:
    """Number and time of the newest version, where the vault keeps versions."""
    try:
        kept = await versions(vault, kind, name)
    except BadInput:
        return PolicyText()
    return PolicyText(version=kept[0].version, modified_at=kept[0].modified_at) if kept else PolicyText()
