"""Secrets of the settings: given, or by reference to a variable of the environment."""

import os

from pydantic import SecretStr

from stratumiops.graph.errors import BadInput

_ENV_REFERENCE = "env:"


def referenced(secret: SecretStr | None, name: str) -> str | None:
    """The secret itself; `env:NAME` reads it from the variable NAME.

    Raises:
        BadInput: the variable is not set; `name` is the setting.
    """
    value = None if secret is None else secret.get_secret_value()
    if value is None or not value.startswith(_ENV_REFERENCE):
        return value
    variable = value.removeprefix(_ENV_REFERENCE)
    if variable not in os.environ:
        raise BadInput(f"{name} refers to the variable {variable}, which is not set", field=name)
    return os.environ[variable]
