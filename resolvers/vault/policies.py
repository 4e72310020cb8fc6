"""Policies of the vault: read, written, removed."""

from typing import Annotated, Final

import strawberry
from strawberry import UNSET

from stratumiops.graph.errors import BadInput, NotFound
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.vault.paths import clean_path
from stratumiops.resolvers.vault.policy_texts import named, policy, versions
from stratumiops.resolvers.vault.values import texts
from stratumiops.schema.vault import policies as types
from stratumiops.schema.vault.policies import VaultPolicyKind

MAX_TEXT: Final = 1_000_000
_INPUT = strawberry.argument(description="What is to be done.")
_Kind = Annotated[VaultPolicyKind | None, strawberry.argument(description="Only these; without it, all.")]
_OfKind = Annotated[VaultPolicyKind, strawberry.argument(description="In which language it is written.")]
_Name = Annotated[str, strawberry.argument(description="The policy's name.")]
_Version = Annotated[int | None, strawberry.argument(description="This version; without it, the newest. svault only.")]


@strawberry.type
class PolicyQuery:
    """Root fields of policies."""

    @strawberry.field(
        description="The policies of the vault, by kind and name. The text of each costs a request, so ask for it "
        "only where you show it."
    )
    async def vault_policies(self, info: Info, kind: _Kind = UNSET) -> list[types.VaultPolicy]:
        """The policies of the vault."""
        vault, found = info.context.vault, []
        for each in [kind] if kind else list(VaultPolicyKind):
            try:
                said = await vault.names(f"sys/policies/{each.value}")
            except NotFound:
                if kind:
                    raise
                continue  # a vault that has no Cedar
            found += [policy(vault, each, name) for name in sorted(texts(said.get("keys")))]
        return found

    @strawberry.field(description="The policy of this name; null: there is none.")
    async def vault_policy(
        self, info: Info, name: _Name, kind: _OfKind = VaultPolicyKind.ACL, version: _Version = UNSET
    ) -> types.VaultPolicy | None:
        """The policy of this name."""
        return await named(info.context.vault, kind, clean_path(name, "name"), version or None)

    @strawberry.field(description="The versions of a policy that are kept, newest first; svault only.")
    async def vault_policy_versions(
        self, info: Info, name: _Name, kind: _OfKind = VaultPolicyKind.ACL
    ) -> list[types.VaultPolicyVersion]:
        """The versions of a policy."""
        return await versions(info.context.vault, kind, clean_path(name, "name"))


@strawberry.type
class PolicyMutation:
    """Mutations of policies."""

    @strawberry.mutation(description="Write a policy. It counts from the next request on, for all tokens that have it.")
    async def save_vault_policy(
        self, info: Info, input: Annotated[types.SaveVaultPolicyInput, _INPUT]
    ) -> types.SaveVaultPolicyPayload:
        """Write a policy."""
        if len(input.text) > MAX_TEXT:
            raise BadInput(f"A policy has {MAX_TEXT:,} characters at the most.", field="input.text")
        vault, name = info.context.vault, clean_path(input.name, "input.name").lower()
        answer = await vault.write(f"sys/policies/{input.kind.value}/{name}", {"policy": input.text})
        return types.SaveVaultPolicyPayload(
            policy=policy(vault, input.kind, name), warnings=texts(answer.body.get("warnings"))
        )

    @strawberry.mutation(description="Remove a policy: tokens that have it lose what it gave.")
    async def delete_vault_policy(
        self, info: Info, input: Annotated[types.DeleteVaultPolicyInput, _INPUT]
    ) -> types.DeleteVaultPolicyPayload:
        """Remove a policy."""
        name = clean_path(input.name, "input.name")
        await info.context.vault.remove(f"sys/policies/{input.kind.value}/{name}")
        return types.DeleteVaultPolicyPayload(name=name)
