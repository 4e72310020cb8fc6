"""Rate limits and their common settings, as they are kept."""

from dataclasses import dataclass, field
from typing import Any

EXEMPT = (
    "sys/generate-root/attempt", "sys/generate-root/update", "sys/generate-root-token/attempt",
    "sys/generate-root-token/update", "sys/health", "sys/seal-status", "sys/unseal",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How often a client may ask for paths.

    Args:
        path: "" for all, a mount (with a slash at the end), a path, or a prefix with `*` at its end.
        rate: requests of one address in an interval of seconds.
        role: only logins with this role; "": all.
    """

    name: str
    path: str
    rate: float
    interval: int = 1
    block_interval: int = 0
    role: str = ""

    def shown(self) -> dict[str, Any]:
        """As an answer has it."""
        return {
            "block_interval": self.block_interval,
            "interval": self.interval,
            "name": self.name,
            "path": self.path,
            "rate": int(self.rate) if self.rate == int(self.rate) else self.rate,
            "role": self.role,
            "type": "rate-limit",
        }


@dataclass(frozen=True, slots=True)
class QuotaConfig:
    """What holds for all rate limits. An exempt path with `*` at its end is a prefix."""

    enable_rate_limit_audit_logging: bool = False
    enable_rate_limit_response_headers: bool = False
    rate_limit_exempt_paths: list[str] = field(default_factory=lambda: list(EXEMPT))

    def exempts(self, path: str) -> bool:
        """Whether a path is not counted."""
        return any(
            path.startswith(one[:-1]) if one.endswith("*") else path == one for one in self.rate_limit_exempt_paths
        )
