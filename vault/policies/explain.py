"""Why a token, or a set of policies, may or may not do something: for an operator who reads a denial."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from stratumiops.vault.policies.acl import Acl
from stratumiops.vault.policies.authorizer import Authorizer, combined, has_mfa, without_sudo
from stratumiops.vault.policies.cedar import CedarSet, Decision
from stratumiops.vault.policies.cedar_context import changed, context, encoded
from stratumiops.vault.policies.pattern import Pattern
from stratumiops.vault.policies.verdict import ACL, CEDAR, Reason, Verdict
from stratumiops.vault.request import Operation
from stratumiops.vault.tokens.models import Token


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Args:
        action: an operation's name, or `sudo`.
        path: with the mount.
        overrides: of the context, for Cedar.
        metadata: of what lies at the path, for Cedar.
    """

    action: str
    path: str
    data: Mapping[str, Any]
    wrap_ttl: int | None
    needs_sudo: bool
    at: float
    address: str
    overrides: Mapping[str, Any]
    metadata: Mapping[str, str]


def explain(authorizer: Authorizer, token: Token, question: Question) -> dict[str, Any]:
    """The answer: `allowed, capabilities, decided_by {policy, kind, rule, line}, considered, why`."""
    acl, cedar = authorizer.acl(token), authorizer.cedar(token)
    verdict = _acl_verdict(acl, question)
    considered = [] if acl.is_root else _rules(acl, question)
    if cedar is not None and not acl.is_root:
        decisions = _decisions(authorizer, cedar, token, question)
        verdict = combined(verdict, decisions)
        considered += _statements(decisions)
    elif question.needs_sudo and verdict.allowed and not verdict.sudo:
        verdict = without_sudo(verdict)
    return _answer(authorizer, token, question, verdict, considered)


def _answer(
    authorizer: Authorizer, token: Token, question: Question, verdict: Verdict, considered: list[dict[str, Any]]
) -> dict[str, Any]:
    reason = verdict.reason
    decided = {"policy": reason.policy, "kind": reason.kind, "rule": reason.rule, "line": reason.line}
    return {
        "allowed": verdict.allowed,
        "capabilities": list(authorizer.capabilities(token, question.path, address=question.address)),
        "decided_by": decided if reason.kind else None,
        "considered": considered,
        "policies": list(token.policies),
        "why": reason.why,
    }


def _acl_verdict(acl: Acl, question: Question) -> Verdict:
    if question.action != "sudo":
        return acl.check(Operation(question.action), question.path, question.data, question.wrap_ttl)
    read = acl.check(Operation.READ, question.path, question.data, question.wrap_ttl)
    if read.is_root or read.explicit:
        return read
    grant = acl.listed(question.path)
    source = next((one for one in grant.sources if "sudo" in one.rule.capabilities), None) if grant else None
    if source is not None:
        return Verdict(True, read.capabilities, source.reason("this rule gives the capability sudo"))
    why = "no rule that counts for the path gives the capability sudo"
    return Verdict(
        False, read.capabilities, Reason(read.reason.policy, read.reason.kind, read.reason.rule, read.reason.line, why)
    )


def _rules(acl: Acl, question: Question) -> list[dict[str, Any]]:
    """The rules that fit the path: those that count first, then the less specific ones."""
    listed = question.action == Operation.LIST
    path = question.path + "/" if listed and not question.path.endswith("/") else question.path
    paths = [path, path[:-1]] if listed and len(path) > 1 else [path]
    decisive = acl.listed(path) if listed else acl.found(path)
    fitting = [
        (pattern.rank, pattern, source)
        for pattern, source in acl.sources
        if any(pattern.fits(one) for one in paths)
    ]  # fmt: skip
    found = []
    for _, pattern, source in sorted(fitting, key=lambda one: one[0], reverse=True):
        counts = decisive is not None and pattern == decisive.pattern
        found.append({
            "policy": source.policy,
            "kind": ACL,
            "rule": source.rule.path,
            "line": source.rule.line,
            "capabilities": sorted(source.rule.capabilities),
            "counts": counts,
            "why": "the most specific that fits" if counts else _less(decisive.pattern if decisive else None),
        })  # fmt: skip
    return sorted(found, key=lambda one: not one["counts"])


def _less(decisive: Pattern | None) -> str:
    shown = "" if decisive is None else decisive.text + ("*" if decisive.is_prefix else "")
    return f"less specific than {shown}"


def _decisions(authorizer: Authorizer, cedar: CedarSet, token: Token, question: Question) -> list[Decision]:
    given = context(
        at=question.at, address=question.address, mfa=has_mfa(token), namespace=token.namespace,
        wrap_ttl=question.wrap_ttl, parameters=question.data,
    )  # fmt: skip
    operation = Operation.READ if question.action == "sudo" else Operation(question.action)
    resource = authorizer.resource(operation, token, question.path, question.metadata)
    actions = [question.action, "sudo"] if question.needs_sudo and question.action != "sudo" else [question.action]
    return cedar.decide(actions, token, resource, encoded(changed(given, question.overrides)))


def _statements(decisions: list[Decision]) -> list[dict[str, Any]]:
    found = []
    for decision in decisions:
        for reason in (*decision.reasons, *decision.errors):
            shown = {**asdict(reason), "kind": CEDAR, "counts": reason in decision.reasons}
            if shown not in found:
                found.append(shown)
    return found
