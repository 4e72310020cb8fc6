"""Secrets by reference: settings hold where a key is; the key itself is looked up when it is used, and kept nowhere."""

import os
from typing import Final, Protocol

from stratumiops.graph.errors import BadInput
from stratumiops.graph.secret_references import SCHEME

_ENV: Final = "env:"


class KeySource(Protocol):
    """Looks references up in the vault; it may wait."""

    def resolve(self, text: str, name: str) -> str:
        """The value behind a reference; `name` is the setting that holds it.

        Raises:
            StratumError: it leads nowhere, or the vault cannot say.
        """


def resolve(reference: str | None, field: str, source: KeySource | None = None) -> str | None:
    """The secret behind a reference, `env:NAME` or `vault:<mount>/<path>#<key>`; None without one.

    Raises:
        BadInput: no reference (a key written into the settings would end up in backups and logs), or one to a
            variable that is not set, or to a vault where there is none.
        StratumError: the vault refuses, or cannot say.
    """
    if not reference:
        return None
    if reference.startswith(SCHEME):
        if source is None:
            raise BadInput(f"{field} refers to the vault, of which this program knows nothing", field=field)
        return source.resolve(reference, field)
    if not reference.startswith(_ENV):
        message = f"{field} is no reference to a secret"
        hint = "write env:NAME, and put the key into the variable NAME; or vault:<mount>/<path>#<key>"
        raise BadInput(message, hint=hint, field=field)
    name = reference.removeprefix(_ENV)
    value = os.environ.get(name)
    if not value:
        raise BadInput(f"{field} refers to the variable {name}, which is not set", field=field)
    return value
