"""Why a token may, or may not."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from stratumiops.graph.errors import BadInput, NotFound
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.vault.errors import not_offered
from stratumiops.resolvers.vault.paths import clean_path
from stratumiops.resolvers.vault.values import integer, texts
from stratumiops.schema.vault.policies import VaultAccessInput, VaultDecision, VaultPolicyKind, VaultRule

_Input = Annotated[VaultAccessInput, strawberry.argument(description="What is to be explained, and for whom.")]


@strawberry.type
class AccessQuery:
    """Root field of explanations."""

    @strawberry.field(
        description="Whether something may be done with a path, and which rules of which policies decide; svault only."
    )
    async def vault_access(self, info: Info, input: _Input) -> VaultDecision:
        """Whether something may be done, and why."""
        if input.policies and input.accessor:
            raise BadInput("Ask either policies or the token with an accessor.", field="input.accessor")
        asked = {"operation": input.operation.value, "path": clean_path(input.path, "input.path")}
        more = {name: value for name, value in (("policies", input.policies), ("accessor", input.accessor)) if value}
        try:
            said = (await info.context.vault.write("sys/policies/explain", {**asked, **more})).data
        except NotFound:
            raise not_offered("explanations") from None
        return _decision(said)


def _decision(said: Mapping[str, Any]) -> VaultDecision:
    why = str(said.get("why") or "")
    considered = [_rule(one) for one in said.get("considered") or ()]
    decided = said.get("decided_by")
    return VaultDecision(
        allowed=bool(said.get("allowed")),
        why=why,
        capabilities=texts(said.get("capabilities")),
        policies=texts(said.get("policies")),
        decided_by=None if decided is None else _decisive({**decided, "counts": True, "why": why}, considered),
        considered=considered,
    )


def _rule(said: Mapping[str, Any]) -> VaultRule:
    return VaultRule(
        policy=str(said.get("policy") or ""),
        kind=VaultPolicyKind(said.get("kind") or VaultPolicyKind.ACL),
        rule=str(said.get("rule") or ""),
        line=integer(said.get("line")) or None,
        capabilities=texts(said.get("capabilities")),
        counts=bool(said.get("counts")),
        why=str(said.get("why") or ""),
    )


def _decisive(said: Mapping[str, Any], considered: list[VaultRule]) -> VaultRule:
    """The rule that decided, with what is known of it from those that were considered."""
    found = _rule(said)
    same = (
        one
        for one in considered
        if (one.policy, one.kind, one.rule, one.line) == (found.policy, found.kind, found.rule, found.line)
    )
    known = next(same, None)
    return found if known is None else _rule({**said, "capabilities": known.capabilities})
