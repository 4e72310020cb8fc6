"""From when to when a certificate is good."""

from dataclasses import dataclass, field

from stratumiops.vault import clock, durations
from stratumiops.vault.engines.pki.roles import Role
from stratumiops.vault.engines.pki.times import EARLIEST, LATEST, parse_time
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields


@dataclass(slots=True)
class Validity:
    """Seconds since 1970, and what had to be cut."""

    not_before: float
    not_after: float
    warnings: list[str] = field(default_factory=list)

    def within(self, end: float, behavior: str) -> None:
        """Keep to the end of the issuer, as it wants it: `err`, `truncate` or `permit`.

        Raises:
            BadRequest: it would end later, and the behavior is `err`.
        """
        if self.not_after <= end or behavior == "permit":
            return
        if behavior != "truncate":
            raise BadRequest(
                f"cannot satisfy request, as TTL would result in notAfter of {clock.rfc3339(self.not_after)} that is"
                f" beyond the expiration of the CA certificate at {clock.rfc3339(end).replace('.000000000', '')}"
            )
        self.not_after = end


def validity(request: Fields, role: Role, *, now: float, default_ttl: int, longest: int) -> Validity:
    """The times that a request asks for, bounded by its role and its mount.

    Args:
        request: `ttl` or `not_after`, and `not_before`.
        role: its own defaults and bounds.
        now: seconds since 1970.
        default_ttl: of the mount, in seconds.
        longest: the mount's limit, in seconds.

    Raises:
        BadRequest: they do not go together, or the role does not allow them.
    """
    ttl = request.duration("ttl")
    asked = request.text("not_after")
    if ttl and asked:
        raise BadRequest("Either ttl or not_after should be provided. Both should not be provided in the same request.")
    most = min(role.max_ttl or longest, longest)
    begin = _begin(request.text("not_before"), role, now, most)
    if asked or (role.not_after and not ttl):
        return _ordered(Validity(begin, _end(asked or role.not_after, role, now + most)))
    ttl = ttl or role.ttl or default_ttl
    warnings = []
    if ttl > most:
        warnings.append(
            f'TTL "{durations.in_go_form(ttl)}" is longer than permitted maxTTL "{durations.in_go_form(most)}", so'
            " maxTTL is being used"
        )
        ttl = most
    return _ordered(Validity(begin, min(now + ttl, LATEST), warnings))


def _begin(asked: str, role: Role, now: float, most: int) -> float:
    if not asked and not role.not_before:
        return max(now - role.not_before_duration, EARLIEST)
    at = parse_time(asked or role.not_before)
    if asked:
        limit = {"permit": EARLIEST, "forbid": LATEST, "ttl-limited": now - most}.get(role.not_before_bound)
        if role.not_before_bound == "forbid" or at < (parse_time(role.not_before_bound) if limit is None else limit):
            raise BadRequest("the requested not_before is not allowed by this role")
    return at


def _end(text: str, role: Role, limit: float) -> float:
    at = parse_time(text)
    bound = {"permit": LATEST, "forbid": EARLIEST, "ttl-limited": limit}.get(role.not_after_bound)
    if text != role.not_after and at > (parse_time(role.not_after_bound) if bound is None else bound):
        raise BadRequest("the requested not_after is not allowed by this role")
    return at


def _ordered(found: Validity) -> Validity:
    if int(found.not_after) < int(found.not_before):
        raise BadRequest("the certificate would end before it begins")
    return found
