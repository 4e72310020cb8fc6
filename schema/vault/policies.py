"""Policies of the vault, and why they decide as they do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

import strawberry
from strawberry import UNSET, Private

from stratumiops.schema.enums import described
from stratumiops.schema.scalars import DateTime


class VaultPolicyKind(StrEnum):
    """In which language a policy is written."""

    ACL = "acl"
    CEDAR = "cedar"


class VaultOperation(StrEnum):
    """What is done with a path."""

    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    PATCH = "patch"
    DELETE = "delete"
    LIST = "list"
    SUDO = "sudo"


described(
    VaultPolicyKind,
    "In which language a policy is written.",
    {
        "ACL": "Rules for paths in HCL or JSON, as Vault has them.",
        "CEDAR": "Cedar: rules with conditions; svault only.",
    },
)
described(
    VaultOperation,
    "What is done with a path.",
    {
        "CREATE": "Something new is written.",
        "READ": "It is read.",
        "UPDATE": "What is there is written anew.",
        "PATCH": "A part of what is there is changed.",
        "DELETE": "It is deleted.",
        "LIST": "The names below it are listed.",
        "SUDO": "Something that only few may do, beside one of the others.",
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyText:
    """A policy as it was written. `version`, `modified_at`: None when the vault does not say so."""

    text: str = ""
    version: int | None = None
    modified_at: DateTime | None = None


@strawberry.type(description="A policy: what tokens that have it may do.")
class VaultPolicy:
    """A policy: what tokens that have it may do."""

    name: str = strawberry.field(description="Its name.")
    kind: VaultPolicyKind = strawberry.field(description="In which language it is written.")
    builtin: bool = strawberry.field(description="Whether it comes with the vault: `root` and `default`.")
    written: Private[Callable[[], Awaitable[PolicyText]]]
    dated: Private[Callable[[], Awaitable[PolicyText]]]

    @strawberry.field(description="Its text as it was written; of `root`, which may do everything, it is empty.")
    async def text(self) -> str:
        """Its text."""
        return (await self.written()).text

    @strawberry.field(description="The number of this version; null: the vault keeps none.")
    async def version(self) -> int | None:
        """The number of this version."""
        return (await self.dated()).version

    @strawberry.field(description="When this version was written; null: the vault does not say so.")
    async def modified_at(self) -> DateTime | None:
        """When this version was written."""
        return (await self.dated()).modified_at


@strawberry.type(description="A version of a policy that is kept.")
class VaultPolicyVersion:
    """A version of a policy that is kept."""

    version: int = strawberry.field(description="Its number, from 1 on.")
    modified_at: DateTime | None = strawberry.field(description="When it was written; null: the policy was removed.")
    removed: bool = strawberry.field(description="Whether the policy was removed with it.")


@strawberry.type(description="A rule of a policy that was looked at.")
class VaultRule:
    """A rule of a policy that was looked at."""

    policy: str = strawberry.field(description="The policy it stands in.")
    kind: VaultPolicyKind = strawberry.field(description="The kind of that.")
    rule: str = strawberry.field(description="Its path pattern; in Cedar, the statement's name.")
    line: int | None = strawberry.field(description="The line where it begins.")
    capabilities: list[str] = strawberry.field(description="What it gives; in Cedar: none are listed.")
    counts: bool = strawberry.field(description="Whether it takes part in the decision.")
    why: str = strawberry.field(description="Why it does, or does not.")


@strawberry.type(description="What policies say to something, and why.")
class VaultDecision:
    """What policies say to something, and why."""

    allowed: bool = strawberry.field(description="Whether it may be done.")
    why: str = strawberry.field(description="Why, in a sentence.")
    capabilities: list[str] = strawberry.field(description="All that may be done with the path.")
    policies: list[str] = strawberry.field(description="The policies that were asked.")
    decided_by: VaultRule | None = strawberry.field(description="The rule that decided; null: none did.")
    considered: list[VaultRule] = strawberry.field(description="The rules that fit, those that count first.")


@strawberry.input(
    description="What is to be explained, and for whom: a set of policies, the token with an accessor, or without "
    "either the caller's own token."
)
class VaultAccessInput:
    """What is to be explained, and for whom."""

    operation: VaultOperation = strawberry.field(description="What would be done.")
    path: str = strawberry.field(description="With what, mount and all, such as `secret/data/team/app`.")
    policies: list[str] | None = strawberry.field(default=UNSET, description="Ask these policies.")
    accessor: str | None = strawberry.field(
        default=UNSET, description="Ask the policies of the token with this accessor."
    )


@strawberry.input(description="A policy that is to be written, or written anew.")
class SaveVaultPolicyInput:
    """A policy that is to be written, or written anew."""

    name: str = strawberry.field(description="Its name; it becomes lower case.")
    text: str = strawberry.field(description="Its text.")
    kind: VaultPolicyKind = strawberry.field(
        default=VaultPolicyKind.ACL, description="In which language it is written."
    )


@strawberry.type(description="The policy as it is now.")
class SaveVaultPolicyPayload:
    """The policy as it is now."""

    policy: VaultPolicy = strawberry.field(description="The policy.")
    warnings: list[str] = strawberry.field(description="What the vault says to it.")


@strawberry.input(description="Which policy is to go.")
class DeleteVaultPolicyInput:
    """Which policy is to go."""

    name: str = strawberry.field(description="Its name.")
    kind: VaultPolicyKind = strawberry.field(default=VaultPolicyKind.ACL, description="Its kind.")


@strawberry.type(description="The policy that is gone; that there was none is no error.")
class DeleteVaultPolicyPayload:
    """The policy that is gone."""

    name: str = strawberry.field(description="Its name.")
