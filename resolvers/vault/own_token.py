"""The platform's own token of the vault, for the references in its settings; callers' requests never use it."""

import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final

from stratumiops.graph.errors import BadInput
from stratumiops.resolvers.secrets import from_environment
from stratumiops.resolvers.settings import VaultSection
from stratumiops.resolvers.vault.caller import VaultCaller, caller_of
from stratumiops.resolvers.vault.client import Answer
from stratumiops.resolvers.vault.errors import refusal

_LOGIN: Final = "auth/approle/login"
_SHARE: Final = 0.75
"""Of a login's time after which another one follows."""
Post = Callable[[str, dict[str, str]], Answer]


class OwnToken:
    """The token that settings name, or one of a login. Threads may share it.

    Args:
        post: sends a request without a token to the vault.
    """

    def __init__(self, settings: VaultSection, post: Post) -> None:
        self._settings = settings
        self._post = post
        self._lock = Lock()
        self._login: tuple[str, float] | None = None

    def caller(self, *, anew: bool = False) -> VaultCaller:
        """Who asks; `anew`: the vault did not take the one before.

        Raises:
            BadInput: no setting says so, or not how it must.
            StratumError: the vault refuses the login.
        """
        found = caller_of(self._token(anew=anew), self._settings.namespace)
        if found.token is None:
            message = "what vault.token or vault.token_file hold is no token of a vault"
            raise BadInput(message, hint="write the token there, and nothing else", field="vault.token")
        return found

    def _token(self, *, anew: bool) -> str:
        settings = self._settings
        if settings.token is not None:
            return from_environment(settings.token.get_secret_value(), "vault.token")
        if settings.token_file is not None:
            return _read(settings.token_file, "vault.token_file")
        if settings.role_id is None or settings.secret_id_file is None:
            raise BadInput(
                "the platform has no token of the vault",
                hint="set vault.token to env:NAME, or vault.token_file, or vault.role_id and vault.secret_id_file",
                field="vault.token",
            )
        with self._lock:
            if self._login is None or anew or time.monotonic() >= self._login[1]:
                self._login = self._logged_in(settings.role_id, settings.secret_id_file)
            return self._login[0]

    def _logged_in(self, role: str, secret_id_file: Path) -> tuple[str, float]:
        secret = _read(secret_id_file, "vault.secret_id_file")
        answer = self._post(_LOGIN, {"role_id": role, "secret_id": secret})
        auth = answer.body.get("auth")
        if not answer.ok or not isinstance(auth, dict):
            raise refusal(answer, "PUT", _LOGIN)
        lasts = auth.get("lease_duration") or float("inf")
        return str(auth["client_token"]), time.monotonic() + lasts * _SHARE


def _read(path: Path, name: str) -> str:
    try:
        return path.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise BadInput(f"{name}: {path} cannot be read: {reason}", field=name) from None
