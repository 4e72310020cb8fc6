"""Values behind references: read from the vault with the platform's own token when they are used, and not kept."""

import asyncio
from collections.abc import Mapping
from typing import Any

from stratumiops.graph.errors import NotFound, Unauthenticated
from stratumiops.graph.secret_references import SecretReference
from stratumiops.resolvers.settings import VaultSection
from stratumiops.resolvers.vault.caller import NOBODY, VaultCaller
from stratumiops.resolvers.vault.client import Answer, VaultClient, answer_of, token_headers, trouble, vault_url
from stratumiops.resolvers.vault.errors import refusal
from stratumiops.resolvers.vault.own_token import OwnToken
from stratumiops.resolvers.vault.tls import tls


class VaultSecrets:
    """A `SecretSource`: `value` for tasks, `read` for threads. `address` is None where there is no vault."""

    def __init__(self, settings: VaultSection, address: str | None) -> None:
        self._settings = settings
        self._client = VaultClient(settings, address)
        self._token = OwnToken(settings, lambda path, data: self._ask(NOBODY, "PUT", path, data))

    async def value(self, reference: SecretReference) -> str:
        """See `SecretSource`."""
        return await asyncio.to_thread(self.read, reference)

    def read(self, reference: SecretReference) -> str:
        """The same, for a thread that may wait. Raises as `SecretSource.value`."""
        self._client.required()
        try:
            return self._read(reference, self._token.caller())
        except Unauthenticated:
            return self._read(reference, self._token.caller(anew=True))

    def _read(self, reference: SecretReference, caller: VaultCaller) -> str:
        mount = self._data(caller, f"sys/internal/ui/mounts/{reference.path}")
        path = str(mount.get("path"))
        below = reference.path.removeprefix(path)
        second = (mount.get("options") or {}).get("version") == "2"
        if mount.get("type") != "kv" or below == reference.path:
            raise NotFound(f"{reference.secret} leads to no secret of a kv mount.")
        found = self._data(caller, f"{path}{'data/' if second else ''}{below}")
        return _part(reference, found.get("data") if second else found)

    def _data(self, caller: VaultCaller, path: str) -> dict[str, Any]:
        answer = self._ask(caller, "GET", path)
        if answer.status == 404:
            raise NotFound("The vault has no such secret, or its newest version was deleted.")
        if not answer.ok:
            raise refusal(answer, "GET", path)
        return answer.data

    def _ask(self, caller: VaultCaller, method: str, path: str, data: Mapping[str, Any] | None = None) -> Answer:
        import httpx

        address = self._client.required()
        headers = {"X-Vault-Request": "true", **token_headers(caller)}
        if caller is NOBODY and self._settings.namespace:
            headers["X-Vault-Namespace"] = self._settings.namespace
        try:
            with httpx.Client(
                verify=tls(self._settings, address), timeout=self._settings.timeout_s, trust_env=False
            ) as http:
                answer = http.request(method, vault_url(address, path), headers=headers, json=data)
        except httpx.HTTPError as error:
            raise trouble(error, self._settings, address) from None
        return answer_of(answer.status_code, answer.content, address)


def _part(reference: SecretReference, found: Any) -> str:
    """The part of a secret that a reference names; of a secret with one part, that."""
    parts = found if isinstance(found, dict) else {}
    if reference.key is not None:
        value = parts.get(reference.key)
    else:
        value = next(iter(parts.values())) if len(parts) == 1 else None
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    if reference.key is None:
        hint = f"Name the part that is meant: {reference.secret}#<key>."
        raise NotFound(f"{reference.secret} has {len(parts)} parts, not one.", hint=hint)
    raise NotFound(f"{reference.secret} has no part {reference.key!r} that is a text.")
