"""What ACME keeps. Instants are seconds since 1970; the lists of an order are parallel."""

from dataclasses import asdict, dataclass, field
from typing import Any, Self, TypedDict


class Identifier(TypedDict):
    """A name: `dns` or `ip`, and its value; a wildcard begins with `*.`."""

    type: str
    value: str


@dataclass(slots=True)
class Kept:
    """Something that is kept as JSON."""

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        """From what is kept."""
        return cls(**kept)

    def written(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


@dataclass(slots=True)
class Account(Kept):
    """Whoever has a key. `directory` is the path of the directory that it belongs to."""

    id: str
    jwk: dict[str, str]
    thumbprint: str
    directory: str
    created: float
    status: str = "valid"
    contact: list[str] = field(default_factory=list)
    agreed: bool = False
    eab: str = ""
    ended: float = 0.0


@dataclass(slots=True)
class Challenge(Kept):
    """One way to show control over a name."""

    type: str
    token: str
    status: str = "pending"
    validated: float = 0.0
    error: dict[str, Any] | None = None


@dataclass(slots=True)
class Authorization(Kept):
    """Control over a name, to be shown or shown."""

    id: str
    account: str
    identifier: Identifier
    wildcard: bool
    expires: float
    challenges: list[Challenge] = field(default_factory=list)
    status: str = "pending"

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        """From what is kept."""
        return cls(**{**kept, "challenges": [Challenge(**one) for one in kept["challenges"]]})

    def challenge(self, kind: str) -> Challenge | None:
        """A way to show control, if it is offered."""
        return next((one for one in self.challenges if one.type == kind), None)


@dataclass(slots=True)
class Order(Kept):
    """A certificate that is wanted."""

    id: str
    account: str
    identifiers: list[Identifier]
    authorizations: list[str]
    expires: float
    status: str = "pending"
    not_before: str = ""
    not_after: str = ""
    serial: str = ""
    issuer: str = ""
    error: dict[str, Any] | None = None


@dataclass(slots=True)
class ExternalKey(Kept):
    """A secret that binds an account to somebody who has a token; it is used once."""

    id: str
    directory: str
    created: float
    key: str = field(repr=False)
