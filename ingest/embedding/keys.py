"""Secrets by reference: settings hold `env:NAME`, the key itself is read when it is used and kept nowhere."""

import os
from typing import Final

from stratumiops.graph.errors import BadInput

_ENV: Final = "env:"


def resolve(reference: str | None, field: str) -> str | None:
    """The secret behind a reference; None without one.

    Raises:
        BadInput: no reference (a key written into the settings would end up in backups and logs), or one to a
            variable that is not set.
    """
    if not reference:
        return None
    if not reference.startswith(_ENV):
        message = f"{field} is no reference to a secret"
        raise BadInput(message, hint="write env:NAME, and put the key into the variable NAME", field=field)
    name = reference.removeprefix(_ENV)
    value = os.environ.get(name)
    if not value:
        raise BadInput(f"{field} refers to the variable {name}, which is not set", field=field)
    return value
