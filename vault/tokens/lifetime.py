"""How long a token lives: what is asked for, and the bounds of its period, its own maximum and its mount's."""

from dataclasses import dataclass

from stratumiops.vault import durations
from stratumiops.vault.errors import BadRequest, Internal


class NotRenewed(Internal):
    """Who gave a token renews it no more. Vault's servers say so with this status."""

    def __init__(self, why: str) -> None:
        super().__init__(f"1 error occurred:\n\t* failed to renew entry: {why}\n\n")


@dataclass(frozen=True, slots=True)
class Limits:
    """The TTLs of a mount, in seconds: what is given to those who ask for none, and the most."""

    default_ttl: int
    max_ttl: int


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a token is renewed, in seconds. `ttl` is what it gets when none is asked for, 0: what the mount gives."""

    limits: Limits
    ttl: int = 0
    period: int = 0
    explicit_max_ttl: int = 0


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Seconds from now on, and what has to be said about them."""

    ttl: int
    warnings: tuple[str, ...] = ()


def granted(wanted: int, limits: Limits, *, period: int, explicit_max_ttl: int, age: float = 0.0) -> Lifetime:
    """The TTL of a token that is made, or renewed when `age` seconds old.

    A periodic token is renewed for its period as often as wanted, others at most until their mount's maximum; the
    explicit maximum ends both.

    Raises:
        BadRequest: the maximum is reached.
    """
    most = min(limits.max_ttl, explicit_max_ttl) if explicit_max_ttl else limits.max_ttl
    if period:
        left = explicit_max_ttl - age if explicit_max_ttl else most
        what, ttl, bound = "period", period, most
    else:
        left = most - age
        what, ttl, bound = "TTL", wanted or limits.default_ttl, most
    if left < 1:
        raise BadRequest("past the max TTL, cannot renew")
    if ttl <= min(bound, left):
        return Lifetime(ttl)
    most = int(min(bound, left))
    if period and ttl <= bound:
        return Lifetime(most)
    return Lifetime(most, (capped(what, ttl, round(min(bound, left))),))


def capped(what: str, asked: int, given: int) -> str:
    """What has to be said when less was given than was asked for."""
    return (
        f'{what} of "{short(asked)}" exceeded the effective max_ttl of "{short(given)}"; '
        f"{what} value is capped accordingly"
    )


def short(seconds: int) -> str:
    """`1h30m`: Go's form without its zeros at the end."""
    text = durations.in_go_form(seconds)
    text = text[:-2] if text.endswith("m0s") else text
    return text[:-2] if text.endswith("h0m") else text
