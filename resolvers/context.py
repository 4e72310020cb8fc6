"""Who asks, and what a request carries through the resolvers."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from stratumiops.graph.errors import Forbidden
from stratumiops.resolvers.vault.caller import NOBODY, VaultCaller

if TYPE_CHECKING:
    from stratumiops.resolvers.bootstrap import Services


class Role(StrEnum):
    """A viewer reads, a developer also writes knowledge, an admin also manages graphs."""

    ADMIN = "admin"
    DEVELOPER = "developer"
    VIEWER = "viewer"


_RANK = {Role.VIEWER: 0, Role.DEVELOPER: 1, Role.ADMIN: 2}


@dataclass(frozen=True, slots=True)
class Principal:
    """The authenticated caller; `graphs` are the named graphs it may see, None means all."""

    name: str
    role: Role
    graphs: frozenset[str] | None = None

    def may_see(self, graph: str) -> bool:
        """Whether this principal may read the named graph."""
        return self.graphs is None or graph in self.graphs

    def has(self, role: Role) -> bool:
        """Whether this principal's role is `role` or above it."""
        return _RANK[self.role] >= _RANK[role]

    def require(self, role: Role, graph: str | None = None) -> None:
        """Refuse what this principal may not do.

        Raises:
            Forbidden: its role is below `role`, or it may not see the named graph.
        """
        if not self.has(role):
            message = f"{self.name} has the role {self.role.value}; this needs {role.value}"
            raise Forbidden(message, hint="ask an admin for a token with that role")
        if graph is not None and not self.may_see(graph):
            message = f"{self.name} may not use the graph {graph}"
            raise Forbidden(message, hint="ask an admin to add the graph to your token")


LOCAL_ADMIN = Principal("local", Role.ADMIN)
"""The one implicit user of local mode."""

ANONYMOUS = Principal("anonymous", Role.VIEWER, frozenset())
"""A caller before it is authenticated; sees nothing."""


@dataclass(slots=True)
class RequestContext:
    """One GraphQL request, or one subscription. `vault` is whose rights it has in the vault.

    The engine fills in the last five for metrics and logs: `operation_type` is query, mutation, subscription
    or unknown; `outcome` is ok, error (the answer has errors) or rejected (never executed); `cache` is hit,
    miss or off; `statements` counts the Cypher statements that were sent.
    """

    request_id: str
    principal: Principal
    services: "Services"
    vault: VaultCaller = NOBODY
    operation_type: str = "unknown"
    operation_name: str | None = None
    outcome: str = "ok"
    cache: str = "off"
    statements: int = 0
