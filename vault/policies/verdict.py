"""What a check of a request comes to, and why."""

from dataclasses import dataclass, field
from typing import Final

ACL: Final = "acl"
CEDAR: Final = "cedar"
KINDS: Final = (ACL, CEDAR)


@dataclass(frozen=True, slots=True)
class Reason:
    """What decided.

    Args:
        policy: the policy's name; "" when none decided.
        kind: `acl` or `cedar`; "" when no policy decided.
        rule: the path of the rule, or the `@id` (else the number) of the Cedar statement.
        line: where the rule begins in its text, from 1; 0: nowhere.
        why: a sentence for an operator; it holds no value of the request.
    """

    policy: str = ""
    kind: str = ""
    rule: str = ""
    line: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request is allowed.

    Args:
        capabilities: what is allowed on the path, sorted; `("deny",)` when it is nothing, `("root",)` when all is.
        explicit: a rule refuses it, as opposed to no rule allowing it.
        granting: the policies that allow it, for the audit.
    """

    allowed: bool
    capabilities: tuple[str, ...]
    reason: Reason
    explicit: bool = False
    granting: tuple[tuple[str, str], ...] = field(default=())

    @property
    def is_root(self) -> bool:
        """Whether everything is allowed, by the policy `root`."""
        return self.capabilities == ROOT_CAPABILITIES

    @property
    def sudo(self) -> bool:
        """Whether the capability `sudo` is there."""
        return "sudo" in self.capabilities or self.is_root


DENIED: Final = ("deny",)
ROOT_CAPABILITIES: Final = ("root",)
ROOT: Final = Verdict(
    allowed=True,
    capabilities=ROOT_CAPABILITIES,
    reason=Reason("root", ACL, why="the policy root allows everything"),
    granting=(("root", ACL),),
)
