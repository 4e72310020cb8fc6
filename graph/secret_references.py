"""References to secrets: where a value is, instead of the value. They may be stored and shown; values are neither."""

import re
from dataclasses import dataclass
from typing import Final, Protocol, Self

from stratumiops.graph.errors import BadInput

SCHEME: Final = "vault:"
MAX_REFERENCE: Final = 2_048
_PART: Final = r"[^/#\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]+"
_FORM: Final = re.compile(
    rf"vault:(?P<path>{_PART}(?:/{_PART})+)(?:#(?P<key>[^\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]+))?"
)


@dataclass(frozen=True, slots=True)
class SecretReference:
    """`vault:<mount>/<path>`, and `#<key>` for one part of the secret."""

    path: str
    key: str | None = None

    @classmethod
    def parse(cls, text: str, field: str = "reference") -> Self:
        """The reference that a text is.

        Raises:
            BadInput: it is none; the message does not repeat it, for it may be a secret by mistake.
        """
        found = _FORM.fullmatch(text) if len(text) <= MAX_REFERENCE else None
        if found is None or any(part in (".", "..") for part in found["path"].split("/")):
            raise BadInput(
                f"{field} is no reference to a secret.",
                hint="Write vault:<mount>/<path>, and #<key> for a part of it, such as vault:secret/team/app#password.",
                field=field,
            )
        return cls(found["path"], found["key"])

    @property
    def secret(self) -> str:
        """The reference to the whole secret."""
        return SCHEME + self.path

    @property
    def mount(self) -> str:
        """The first part of the path, where mounts mostly are."""
        return self.path.partition("/")[0] + "/"

    def __str__(self) -> str:
        return self.secret if self.key is None else f"{self.secret}#{self.key}"


class SecretSource(Protocol):
    """Where values of secrets come from, for whoever holds references: agents, plans, settings.

    A value is asked for when it is used, and not kept.
    """

    async def value(self, reference: SecretReference) -> str:
        """The value of one part of a secret; of a secret that has one part only, that.

        Raises:
            NotFound: there is no such secret, or no such part.
            Forbidden, Unauthenticated: the platform may not read it.
            Sealed, Unavailable, TimedOut: the vault cannot say.
        """
