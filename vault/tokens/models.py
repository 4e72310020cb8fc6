"""What a token is."""

from dataclasses import dataclass, field
from typing import Final

SPENT: Final = -1
"""`num_uses` of a token that serves its last request."""
WRAPPING: Final = "wrapping"
"""The kind of a token that gives one wrapped answer, and nothing else."""


@dataclass(slots=True)
class Token:
    """A token as it is kept, without the token itself. Instants are seconds since 1970, TTLs seconds.

    `expires` 0: never. `path` is where it came from (`auth/token/create`). `num_uses` 0: as many as wanted. `max_ttl`
    is the most that a login gave it, 0: what its mount says. `parent` is the accessor of the token that made it; with
    that one it ends. `namespace_id` is that of the namespace it was made in, "" of the root: another namespace of the
    same path has another id. `internal` is what its login keeps for renewals. What the token store gives is shared:
    change nothing.
    """

    accessor: str
    policies: tuple[str, ...]
    path: str
    created: float
    expires: float
    ttl: int
    kind: str = "service"
    display_name: str = ""
    metadata: dict[str, str] | None = None
    num_uses: int = 0
    explicit_max_ttl: int = 0
    period: int = 0
    max_ttl: int = 0
    renewable: bool = True
    orphan: bool = True
    parent: str = ""
    role: str = ""
    namespace: str = ""
    namespace_id: str = ""
    bound_cidrs: tuple[str, ...] = ()
    last_renewal: float = 0.0
    inline_policy: str = ""
    internal: dict[str, str] = field(default_factory=dict)

    @property
    def last_ttl(self) -> int:
        """What it was given when it was made, or renewed for the last time."""
        return round(self.expires - (self.last_renewal or self.created))

    @property
    def is_root(self) -> bool:
        """Whether it may do everything."""
        return "root" in self.policies

    def is_over(self, now: float) -> bool:
        """Whether its time is up: at the very instant it is."""
        return 0 < self.expires <= now
