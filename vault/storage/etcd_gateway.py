"""etcd's JSON gateway: the few calls that a storage needs, over whichever endpoint answers."""

import base64
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from stratumiops.vault.errors import OutcomeUnknown, StorageFailed
from stratumiops.vault.storage.port import ANSWER_S

if TYPE_CHECKING:
    import httpx

_REFUSED: Final = frozenset({3, 5, 6, 7, 8, 9, 11, 12, 16})
"""Codes of gRPC that say that something was not done; after others it may have been."""


class Gateway:
    """Calls to `/v3/…`. An endpoint that cannot be reached is left for the next one.

    Args:
        endpoints: base addresses.
        username: who to log in as; "": no login.
        verify: what httpx takes as `verify`: True, or a context with the CA and the client's certificate.
    """

    def __init__(self, endpoints: Sequence[str], username: str, password: str, verify: Any = True) -> None:
        self._endpoints = list(endpoints)
        self._login = {"name": username, "password": password} if username else None
        self._verify = verify
        self._client: httpx.AsyncClient | None = None
        self._headers: dict[str, str] = {}

    async def call(self, path: str, body: Mapping[str, Any], *, once: bool = False) -> dict[str, Any]:
        """Ask, logging in anew when the login has expired.

        Args:
            once: it must not be done twice: what may have reached an endpoint is not sent to another.

        Raises:
            OutcomeUnknown: no endpoint answers, or one does not know whether it was done.
            StorageFailed: etcd refuses.
        """
        if self._login is not None and not self._headers:
            await self._authenticate()
        status, answer = await self._post(path, body, once=once)
        if status == 401 and self._login is not None:
            await self._authenticate()
            status, answer = await self._post(path, body, once=once)
        return _good(status, answer)

    async def close(self) -> None:
        """Let the connections go."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _authenticate(self) -> None:
        self._headers = {}
        found = _good(*await self._post("auth/authenticate", self._login or {}))
        self._headers = {"Authorization": str(found["token"])}

    async def _post(self, path: str, body: Mapping[str, Any], *, once: bool = False) -> tuple[int, dict[str, Any]]:
        import httpx

        if self._client is None:
            self._client = httpx.AsyncClient(timeout=ANSWER_S, verify=self._verify, trust_env=False)
        failure = ""
        for _ in range(len(self._endpoints)):
            try:
                found = await self._client.post(f"{self._endpoints[0]}/v3/{path}", json=body, headers=self._headers)
                return found.status_code, found.json()
            except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                failure = f"{self._endpoints[0]}: {str(error) or type(error).__name__}"
                self._endpoints.append(self._endpoints.pop(0))
                if once and not isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout)):
                    break
        raise OutcomeUnknown(f"etcd does not answer: {failure}")


def encoded(data: bytes) -> str:
    """Bytes as the gateway takes them."""
    return base64.b64encode(data).decode()


def decoded(text: str) -> bytes:
    """The inverse of `encoded`."""
    return base64.b64decode(text)


def _good(status: int, answer: dict[str, Any]) -> dict[str, Any]:
    if status == 200:
        return answer
    kind = StorageFailed if answer.get("code") in _REFUSED else OutcomeUnknown
    raise kind(f"etcd refuses: {answer.get('message') or answer.get('error') or status}")
