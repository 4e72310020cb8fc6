"""The one way in: whether a token may do what a request asks for."""

from collections.abc import Callable, Mapping
from typing import Final

from stratumiops.vault import clock
from stratumiops.vault.policies.acl import Acl
from stratumiops.vault.policies.builtin import WRAPPING_NAME
from stratumiops.vault.policies.cedar import CedarSet, Decision, Resource
from stratumiops.vault.policies.cedar_context import context, encoded
from stratumiops.vault.policies.cedar_schema import ACTIONS
from stratumiops.vault.policies.store import PolicyStore
from stratumiops.vault.policies.verdict import DENIED, Reason, Verdict
from stratumiops.vault.request import Operation, Request
from stratumiops.vault.tokens.models import Token

_WRAPPING: Final = (WRAPPING_NAME,)
MountOf = Callable[[str], tuple[str, str]]


def _no_mount(_: str) -> tuple[str, str]:
    return "", ""


class Authorizer:
    """Checks requests against the path policies and the Cedar policies of their tokens.

    `root` may do everything. Else: what a Cedar `forbid` or a rule of a path policy refuses is refused; what either
    kind allows is allowed; all else is refused. Only tokens that have a Cedar policy pay for Cedar.

    Args:
        mount_of: the path (with a slash at the end) and the kind of the mount that has a path, for Cedar's `resource`;
            both paths begin with the namespace.
        store_of: the policies of a namespace, when there are others than the root's.
    """

    def __init__(
        self,
        store: PolicyStore,
        *,
        mount_of: MountOf = _no_mount,
        store_of: Callable[[str], PolicyStore] | None = None,
    ) -> None:
        self._store = store
        self._store_of = store_of
        self._mount_of = mount_of

    def check(
        self,
        request: Request,
        token: Token,
        *,
        needs_sudo: bool = False,
        metadata: Mapping[str, str] | None = None,
    ) -> Verdict:
        """Whether a request is allowed.

        Args:
            request: its `operation` is CREATE for a write where nothing is; `data` holds the query of a read.
            needs_sudo: the route wants `sudo` beside the operation's own capability.
            metadata: of what lies at the path, for Cedar; worth finding when `wants_metadata` says so.
        """
        path = self.path_for(request.namespace, request.mount + request.path, token)
        if path is None:
            return _elsewhere(token)
        acl = self.acl(token)
        verdict = acl.check(request.operation, path, request.data, request.wrap_ttl)
        cedar = None if acl.is_root else self.cedar(token)
        if cedar is None:
            return verdict if not needs_sudo or not verdict.allowed or verdict.sudo else without_sudo(verdict)
        resource = self.resource(request.operation, token, path, metadata)
        circumstances = context(
            at=request.at or clock.now(), address=request.remote_address, mfa=has_mfa(token),
            namespace=request.namespace, wrap_ttl=request.wrap_ttl, parameters=request.data,
        )  # fmt: skip
        actions = [request.operation.value, "sudo"] if needs_sudo else [request.operation.value]
        return combined(verdict, cedar.decide(actions, token, resource, encoded(circumstances)))

    def wants_metadata(self, token: Token) -> bool:
        """Whether metadata of the path can matter."""
        return not token.is_root and self.cedar(token) is not None

    def capabilities(self, token: Token, path: str, *, address: str = "") -> tuple[str, ...]:
        """What a token may do on a path, sorted; `("deny",)`: nothing; `("root",)`: everything."""
        path = path.removeprefix("/")
        acl = self.acl(token)
        found = acl.capabilities(path)
        cedar = None if acl.is_root else self.cedar(token)
        if cedar is None:
            return found
        given = context(
            at=clock.now(), address=address, mfa=has_mfa(token), namespace=token.namespace, wrap_ttl=0, parameters=(),
        )  # fmt: skip
        resource = self.resource(Operation.LIST, token, path, None)
        decisions = cedar.decide(ACTIONS, token, resource, encoded(given))
        return merged_capabilities(acl, path, found, decisions)

    def reaches(self, token: Token, mount: str) -> bool:
        """Whether a token may do anything below a mount; one whose Cedar policies permit something may."""
        cedar = self.cedar(token)
        return self.acl(token).reaches(mount) or (cedar is not None and cedar.may_permit)

    def acl(self, token: Token) -> Acl:
        """The path policies of a token."""
        names = _WRAPPING if token.kind == "wrapping" else token.policies
        return self._of(token).acl(names, token.inline_policy)

    def cedar(self, token: Token) -> CedarSet | None:
        """The Cedar policies of a token; None: it has none."""
        return None if token.kind == "wrapping" else self._of(token).cedar(token.policies)

    def path_for(self, namespace: str, path: str, token: Token) -> str | None:
        """A path as a token's policies name it; None: it lies outside of the token's namespace."""
        if namespace == token.namespace:
            return path
        if not namespace.startswith(token.namespace):
            return None
        return namespace[len(token.namespace) :] + path

    def resource(
        self, operation: Operation, token: Token, path: str, metadata: Mapping[str, str] | None
    ) -> Resource:  # fmt: skip
        """What a request is about, for Cedar; a list is about its folder, whose path has no slash at the end."""
        mount, engine = self._mount_of(token.namespace + path)
        shown = path.removesuffix("/") if operation is Operation.LIST else path
        return Resource(shown, mount.removeprefix(token.namespace), engine, metadata or {})

    def _of(self, token: Token) -> PolicyStore:
        return self._store_of(token.namespace) if self._store_of is not None else self._store


def has_mfa(token: Token) -> bool:
    """Whether the login was confirmed by a second factor."""
    return token.internal.get("mfa") == "true"


def without_sudo(verdict: Verdict) -> Verdict:
    """The refusal of a request that is allowed but for `sudo`."""
    decisive = verdict.reason
    why = "the path needs the capability sudo as well"
    return Verdict(
        False, verdict.capabilities, Reason(decisive.policy, decisive.kind, decisive.rule, decisive.line, why)
    )


def combined(acl: Verdict, decisions: list[Decision]) -> Verdict:
    """What the path policies and Cedar come to together.

    Args:
        decisions: on the operation, and on `sudo` when that is needed.
    """
    for decision in decisions:
        if decision.forbidden:
            return Verdict(False, DENIED, decision.reasons[0], explicit=True)
    if acl.explicit:
        return acl
    operation, *sudo = decisions
    if not acl.allowed and not operation.permitted:
        return acl
    verdict = acl if acl.allowed else Verdict(
        True, acl.capabilities, operation.reasons[0],
        granting=tuple((reason.policy, reason.kind) for reason in operation.reasons),
    )  # fmt: skip
    if sudo and not acl.sudo and not sudo[0].permitted:
        return without_sudo(verdict)
    return verdict


def merged_capabilities(
    acl: Acl, path: str, found: tuple[str, ...], decisions: list[Decision]
) -> tuple[str, ...]:  # fmt: skip
    """The capabilities of path policies with what Cedar adds and takes."""
    grant = acl.listed(path)
    if grant is not None and grant.denies:
        return DENIED
    given = set(found) - set(DENIED)
    for action, decision in zip(ACTIONS, decisions, strict=True):
        if decision.forbidden:
            given.discard(action)
        elif decision.permitted:
            given.add(action)
    return tuple(sorted(given)) or DENIED


def _elsewhere(token: Token) -> Verdict:
    whose = token.namespace or "the root"
    return Verdict(False, DENIED, Reason(why=f"the path lies outside of the token's namespace {whose}"), explicit=True)
