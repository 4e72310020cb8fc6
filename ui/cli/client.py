"""A GraphQL client over HTTP, for command lines: answers or errors in our own words, nothing else."""

import os
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self

from stratumiops.graph.errors import (
    BadInput,
    Conflict,
    ErrorCode,
    Forbidden,
    NotFound,
    RateLimited,
    StratumError,
    TimedOut,
    TooComplex,
    Unauthenticated,
    Unavailable,
)

if TYPE_CHECKING:
    import httpx

DEFAULT_SERVER = "http://127.0.0.1:8001"
TIMEOUT_S = 120.0
_LOOPBACK = {"127.0.0.1", "localhost", "::1", "[::1]"}

_BY_CODE: dict[str, type[StratumError]] = {
    error.code.value: error
    for error in (
        BadInput,
        NotFound,
        Conflict,
        Unauthenticated,
        Forbidden,
        Unavailable,
        TimedOut,
        TooComplex,
        RateLimited,
    )
}
_BY_STATUS: dict[int, type[StratumError]] = {
    400: BadInput,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    413: TooComplex,
    429: RateLimited,
    503: Unavailable,
    504: TimedOut,
}


class Client:
    """One connection to the API of a running platform; use it as a context manager.

    Args:
        server: its address with or without `/graphql`; STRATUMIOPS_URL, else http://127.0.0.1:8001.
        token: sent as a bearer token; STRATUMIOPS_TOKEN, else none.
        timeout_s: how long one answer may take, in seconds.
    """

    threads: ClassVar[int] = 16
    """How many threads may use one client at a time."""

    def __init__(self, server: str | None = None, *, token: str | None = None, timeout_s: float = TIMEOUT_S) -> None:
        self.server = address(server or os.environ.get("STRATUMIOPS_URL") or DEFAULT_SERVER)
        self._token = token or os.environ.get("STRATUMIOPS_TOKEN") or None
        self._timeout_s = timeout_s
        self._http: httpx.Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back."""
        http, self._http = self._http, None
        if http is not None:
            http.close()

    def execute(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send one operation and return its `data`.

        Raises:
            StratumError: the subclass of the first error's code; Unavailable when no server answers.
        """
        import httpx
        import orjson

        body = orjson.dumps({"query": document, "variables": dict(variables or {})})
        try:
            answer = self._connection().post("/graphql", content=body)
        except httpx.TimeoutException as error:
            message = f"{self.server} did not answer within {self._timeout_s:.0f} s."
            raise TimedOut(message, hint="Try again; `stratumiops status` tells how it is.") from error
        except httpx.ConnectError as error:
            message = f"No server answers at {self.server}."
            raise Unavailable(message, hint="Start it with `stratumiops up`, or name another with --server.") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            message = f"The connection to {self.server} broke: {error}."
            raise Unavailable(message, hint="`stratumiops status` tells how the server is.") from error
        return data_of(answer.status_code, answer.content, self.server)

    def _connection(self) -> "httpx.Client":
        import httpx

        if self._http is None:
            headers = {
                "content-type": "application/json",
                "accept": "application/graphql-response+json, application/json;q=0.9",
            }
            if self._token:
                headers["authorization"] = f"Bearer {self._token}"
            self._http = httpx.Client(
                base_url=self.server,
                headers=headers,
                timeout=httpx.Timeout(self._timeout_s, connect=5.0),
                trust_env=httpx.URL(self.server).host not in _LOOPBACK,  # no proxy for this machine
            )
        return self._http


def address(server: str) -> str:
    """The server's address without a path.

    Raises:
        BadInput: no http or https address.
    """
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(server)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not valid:
        raise BadInput(f"{server!r} is no server address.", hint="Write it as http://127.0.0.1:8001.", field="server")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix('/graphql')}"


def data_of(status: int, content: bytes, server: str) -> dict[str, Any]:
    """The `data` of a response.

    Raises:
        StratumError: the subclass of the first error's code.
    """
    import orjson

    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError:
        answer = None
    if not isinstance(answer, dict) or not ("data" in answer or "errors" in answer):
        kind = _BY_STATUS.get(status, Unavailable)
        message = f"{server} answered with HTTP {status} and no GraphQL response."
        raise kind(message, hint="Is it the address of a StratumIOps server?")
    if answer.get("errors"):
        raise _error(answer["errors"][0], status)
    data = answer.get("data")
    return data if isinstance(data, dict) else {}


def _error(error: Mapping[str, Any], status: int) -> StratumError:
    details = error.get("extensions") or {}
    code = details.get("code")
    kind = _BY_CODE.get(code) if isinstance(code, str) else _BY_STATUS.get(status)
    message = str(error.get("message") or "The server gave no reason.")
    if code == ErrorCode.INTERNAL.value and details.get("correlationId"):
        message = f"{message} ({details['correlationId']})"
    return (kind or StratumError)(message, hint=details.get("hint"), field=details.get("field"))
