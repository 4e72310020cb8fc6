"""Secrets of the settings: given, or by reference to a variable of the environment or to the vault."""

import os
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from stratumiops.graph.errors import BadInput, StratumError
from stratumiops.graph.secret_references import SCHEME, SecretReference

if TYPE_CHECKING:
    from stratumiops.resolvers.settings import VaultSection
    from stratumiops.resolvers.vault.source import VaultSecrets

_ENV_REFERENCE: Final = "env:"


class References:
    """Values behind the references of settings, looked up whenever they are used.

    Looking up may wait for the vault: call it from a thread where a loop runs.
    """

    def __init__(self, vault: "VaultSecrets") -> None:
        self.vault = vault

    def value(self, secret: SecretStr | None, name: str) -> str | None:
        """The secret itself; `env:NAME` reads it from a variable, `vault:<mount>/<path>#<key>` from the vault.

        Raises:
            BadInput: a reference that leads nowhere; `name` is the setting.
            StratumError: the vault refuses, or cannot say.
        """
        return None if secret is None else self.resolve(secret.get_secret_value(), name)

    def resolve(self, text: str, name: str) -> str:
        """The same of a text; see `ingest.embedding.keys.KeySource`."""
        if not text.startswith(SCHEME):
            return from_environment(text, name)
        try:
            return self.vault.read(SecretReference.parse(text, name))
        except StratumError as error:
            raise type(error)(f"{name}: {error.message}", hint=error.hint, field=name) from None


def references(settings: "VaultSection") -> References:
    """The references of settings with this section about the vault.

    Raises:
        BadInput: its address is none.
    """
    from stratumiops.resolvers.vault.source import VaultSecrets
    from stratumiops.resolvers.vault.where import vault_address

    return References(VaultSecrets(settings, vault_address(settings)))


def from_environment(text: str, name: str) -> str:
    """The text itself; `env:NAME` is the variable's value.

    Raises:
        BadInput: the variable is not set; `name` is the setting.
    """
    if not text.startswith(_ENV_REFERENCE):
        return text
    variable = text.removeprefix(_ENV_REFERENCE)
    if variable not in os.environ:
        raise BadInput(f"{name} refers to the variable {variable}, which is not set", field=name)
    return os.environ[variable]
