"""What is tidied, how long what has ended stays, and when tidying happens by itself."""

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final

from stratumiops.vault import durations
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields

_DAY: Final = 86_400
_STEPS: Final = (
    "tidy_cert_store", "tidy_revoked_certs", "tidy_invalid_certs", "tidy_revoked_cert_issuer_associations",
    "tidy_expired_issuers", "tidy_move_legacy_ca_bundle", "tidy_acme",
)  # fmt: skip
ENABLE_ONE: Final = f"Enable at least one tidy operation to be run ({' / '.join(_STEPS)})."


@dataclass(frozen=True, slots=True)
class Plan:
    """What is tidied. Buffers are the seconds for which what has ended stays."""

    acme_account_safety_buffer: int = 30 * _DAY
    issuer_safety_buffer: int = 365 * _DAY
    page_size: int = 1_000
    pause_duration: str = "0s"
    revoked_safety_buffer: int = 0
    safety_buffer: int = 3 * _DAY
    tidy_acme: bool = False
    tidy_cert_store: bool = False
    tidy_expired_issuers: bool = False
    tidy_invalid_certs: bool = False
    tidy_move_legacy_ca_bundle: bool = False
    tidy_revoked_cert_issuer_associations: bool = False
    tidy_revoked_certs: bool = False

    def shown(self) -> dict[str, Any]:
        """As clients see it."""
        return asdict(self) | {"revoked_safety_buffer": self.revoked_safety_buffer or self.safety_buffer}

    @property
    def does_anything(self) -> bool:
        """Whether a step is enabled."""
        return any(getattr(self, step) for step in _STEPS)


@dataclass(frozen=True, slots=True)
class AutoTidy:
    """When tidying happens by itself."""

    plan: Plan = field(default_factory=Plan)
    enabled: bool = False
    interval_duration: int = 12 * 3600

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "AutoTidy":
        """From what is kept."""
        return cls(Plan(**kept["plan"]), kept["enabled"], kept["interval_duration"])

    def shown(self) -> dict[str, Any]:
        """As clients see it."""
        return self.plan.shown() | {
            "enabled": self.enabled, "interval_duration": self.interval_duration,
            "maintain_stored_certificate_counts": False, "publish_stored_certificate_count_metrics": False,
        }  # fmt: skip


def changed(before: Plan, request: Fields) -> Plan:
    """A plan as a request changes it.

    Raises:
        BadRequest: a field is wrong.
    """
    values: dict[str, Any] = {}
    for one in fields(Plan):
        if not request.has(one.name):
            continue
        if one.name == "pause_duration":
            values[one.name] = _pause(request)
        elif one.name.startswith("tidy_"):
            values[one.name] = request.boolean(one.name)
        elif one.name == "page_size":
            values[one.name] = request.integer(one.name)
        else:
            values[one.name] = request.duration(one.name)
            if values[one.name] < 1:
                raise BadRequest(f"{one.name} must be greater than zero")
    if request.has("tidy_revocation_list"):
        values["tidy_revoked_certs"] = request.boolean("tidy_revocation_list") or values.get(
            "tidy_revoked_certs", False
        )
    made = replace(before, **values)
    if not 1 <= made.page_size <= 100_000:
        raise BadRequest("page_size must be between 1 and 100000")
    return made


def _pause(request: Fields) -> str:
    given = request.raw("pause_duration")
    try:
        return durations.in_go_form(durations.parse(given, "pause_duration"))
    except BadRequest:
        raise BadRequest(f'Error parsing pause_duration: time: invalid duration "{given}"') from None
