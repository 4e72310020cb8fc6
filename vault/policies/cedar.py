"""Cedar policies of a token, and what they say about a request."""

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from stratumiops.vault.policies.cedar_text import CedarPolicy, Statement
from stratumiops.vault.policies.verdict import CEDAR, Reason
from stratumiops.vault.tokens.models import Token

_ENTITIES: Final = 2_048
_PRINCIPALS: Final = 512
_DEEPEST: Final = 128
_POLICY: Final = re.compile(r"`policy(\d+)`")


@dataclass(frozen=True, slots=True)
class Resource:
    """What a request is about.

    Args:
        path: with the mount.
        mount: with a slash at the end.
        engine: the kind of the mount.
        metadata: of what lies there, as kv's custom_metadata.
    """

    path: str
    mount: str = ""
    engine: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """What Cedar says.

    Args:
        permitted: a `permit` applies, and no `forbid`.
        forbidden: a `forbid` applies, or one could not be evaluated.
        reasons: the statements that decided; without them nothing applies.
        errors: statements that could not be evaluated, and why.
    """

    permitted: bool
    forbidden: bool
    reasons: tuple[Reason, ...]
    errors: tuple[Reason, ...] = ()


class CedarSet:
    """The Cedar policies of one set of names. Statements that cannot be evaluated permit nothing, and forbid."""

    def __init__(self, policies: Sequence[tuple[str, CedarPolicy]]) -> None:
        import cedarpy

        self._cedar = cedarpy
        self._statements: list[tuple[str, Statement]] = [
            (name, statement) for name, policy in policies for statement in policy.statements
        ]
        self._set = cedarpy.PolicySet.from_str("\n".join(statement.text for _, statement in self._statements))
        self.names = tuple(name for name, _ in policies)
        self._principals: OrderedDict[tuple[Any, ...], cedarpy.Entities] = OrderedDict()
        self._entities: OrderedDict[tuple[Any, ...], cedarpy.Entities] = OrderedDict()

    @property
    def may_permit(self) -> bool:
        """Whether there is any `permit`."""
        return any(not statement.forbids for _, statement in self._statements)

    def decide(self, actions: Sequence[str], token: Token, resource: Resource, context: str) -> list[Decision]:
        """What the policies say about some actions of a token on a resource.

        Args:
            context: as `context` of the schema, in Cedar's JSON.
        """
        who, what = {"type": "Token", "id": token.accessor}, {"type": "Path", "id": resource.path}
        asked = [
            {"principal": who, "action": {"type": "Action", "id": action}, "resource": what, "context": context}
            for action in actions
        ]
        found = self._cedar.is_authorized_batch(asked, self._set, self._known(token, resource))
        return [self._decision(one.allowed, one.diagnostics.reasons, one.diagnostics.errors) for one in found]

    def _decision(self, allowed: bool, reasons: list[str], errors: list[str]) -> Decision:
        failed = [(self._statements[int(found[1])], error) for error in errors if (found := _POLICY.search(error))]
        failures = tuple(_reason(*which, f"it could not be evaluated: {error}") for which, error in failed)
        decisive = [self._statements[int(reason.removeprefix("policy"))] for reason in reasons]
        forbidding = any(statement.forbids for _, statement in decisive)
        broken = tuple(reason for reason, (which, _) in zip(failures, failed, strict=True) if which[1].forbids)
        why = "this statement forbids it" if forbidding else "this statement permits it"
        applying = tuple(_reason(name, statement, why) for name, statement in decisive)
        return Decision(
            permitted=allowed and not broken,
            forbidden=forbidding or bool(broken),
            reasons=applying if forbidding or not broken else broken,
            errors=failures,
        )

    def _known(self, token: Token, resource: Resource) -> Any:
        """The entities of a token and a resource; those used last are kept."""
        who = _identity(token)
        key = (who, resource.path, resource.mount, resource.engine, tuple(resource.metadata.items()))
        entities = self._entities.get(key)
        if entities is None:
            principal = self._principal(who, token)
            entities = principal.with_added_json_str(orjson.dumps([_resource(resource)]).decode())
            _keep(self._entities, key, entities, _ENTITIES)
        return entities

    def _principal(self, key: tuple[Any, ...], token: Token) -> Any:
        principal = self._principals.get(key)
        if principal is None:
            principal = self._cedar.Entities.from_json_str(orjson.dumps([_token(token)]).decode())
            _keep(self._principals, key, principal, _PRINCIPALS)
        return principal


def _identity(token: Token) -> tuple[Any, ...]:
    """What tells tokens apart; batch tokens have no accessor."""
    known = (token.accessor, token.policies, token.role)
    if token.accessor:
        return known
    return (*known, token.display_name, token.path, tuple((token.metadata or {}).items()))


def _reason(name: str, statement: Statement, why: str) -> Reason:
    return Reason(name, CEDAR, statement.name, statement.line, why)


def _keep(known: OrderedDict[tuple[Any, ...], Any], key: tuple[Any, ...], value: Any, most: int) -> None:
    known[key] = value
    if len(known) > most:
        known.popitem(last=False)


def _token(token: Token) -> dict[str, Any]:
    roles = dict.fromkeys((*token.policies, token.role) if token.role else token.policies)
    return {
        "uid": {"type": "Token", "id": token.accessor},
        "attrs": {
            "accessor": token.accessor,
            "display_name": token.display_name,
            "kind": token.kind,
            "path": token.path,
            "policies": list(token.policies),
        },
        "parents": [{"type": "Role", "id": role} for role in roles],
        "tags": {str(name): str(value) for name, value in (token.metadata or {}).items()},
    }


def _resource(resource: Resource) -> dict[str, Any]:
    parts = resource.path.rstrip("/").split("/")[:_DEEPEST]
    above = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return {
        "uid": {"type": "Path", "id": resource.path},
        "attrs": {
            "mount": resource.mount,
            "path": resource.path.removeprefix(resource.mount),
            "engine": resource.engine,
        },
        "parents": [{"type": "Path", "id": path} for path in above if path != resource.path],
        "tags": {str(name): str(value) for name, value in resource.metadata.items()},
    }
