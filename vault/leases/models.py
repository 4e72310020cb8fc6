"""What a lease is."""

from dataclasses import dataclass, field
from typing import Any, Final

from stratumiops.vault.request import Secret

IRREVOCABLE_AFTER: Final = 6
"""So many failed attempts make a lease count as irrevocable; it is still tried, an hour apart."""
_FIRST_WAIT_S: Final = 10.0
_LONGEST_WAIT_S: Final = 3600.0


@dataclass(slots=True)
class Lease:
    """A lease as it is kept. Instants are seconds since 1970.

    `id` and `path` begin with the namespace. `due` is when the worker has to look at it: `expires`, or the next attempt
    to revoke it. `owner` is the accessor of the token that it ends with. `limit`, unless 0, is the end of a batch
    token: no renewal goes beyond. `token` is set when the lease is a token itself: the id of that token.
    """

    id: str
    path: str
    issued: float
    expires: float
    due: float
    ttl: int = 0
    max_ttl: int = 0
    renewable: bool = True
    internal: dict[str, Any] = field(default_factory=dict, repr=False)
    owner: str = ""
    limit: float = 0.0
    last_renewal: float = 0.0
    attempts: int = 0
    revoking: bool = False
    token: str = ""

    @property
    def secret(self) -> Secret:
        """What the engine gets to see of it."""
        return Secret(self.ttl, self.max_ttl, self.renewable, self.internal, self.id)

    @property
    def is_irrevocable(self) -> bool:
        """Whether the engine has failed too often to revoke it."""
        return self.attempts >= IRREVOCABLE_AFTER

    def wait_s(self) -> float:
        """How long until the next attempt to revoke it, after `attempts` failed ones."""
        return min(_FIRST_WAIT_S * 2.0 ** min(self.attempts - 1, 20), _LONGEST_WAIT_S)
