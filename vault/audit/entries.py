"""What a line says about a request and its answer."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import orjson

from stratumiops.vault import clock
from stratumiops.vault.audit.hashing import Hasher, printable
from stratumiops.vault.audit.headers import Recorded
from stratumiops.vault.backend import Mount
from stratumiops.vault.policies.verdict import Verdict
from stratumiops.vault.request import Operation, Request, Response
from stratumiops.vault.tokens.models import Token

_REMEMBERED: Final = 4_096


@dataclass(slots=True)
class Exchange:
    """A request that is on record, for the line of its answer.

    Args:
        parts: `auth` and `request` as each device has written them; a handler may change the request's own fields.
        headers: those of the request's headers that are on record.
    """

    request: Request
    mount: Mount | None
    verdict: Verdict | None
    parts: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    headers: Recorded = field(default_factory=dict)


class _Known(NamedTuple):
    """`auth` as it is written, with token and accessor as they are shown."""

    token: Token | None
    verdict: Verdict | None
    auth: bytes
    client_token: str
    accessor: str


@dataclass(frozen=True, slots=True)
class Format:
    """How a device writes."""

    hasher: Hasher
    hmac_accessor: bool = True
    elide_lists: bool = False
    metadata_only: bool = False
    _known: dict[tuple[str, Operation], _Known] = field(default_factory=dict, repr=False, compare=False)

    def parts(self, exchange: Exchange) -> tuple[bytes, bytes]:
        """`auth` and `request` of an exchange."""
        known = self._known_of(exchange)
        return known.auth, orjson.dumps(self._request(exchange, known))

    def _known_of(self, exchange: Exchange) -> _Known:
        """What is the same for all requests of a token that one rule allows; it is made once."""
        request, token = exchange.request, exchange.request.token
        if token is None or not token.accessor:
            return self._made(exchange)
        key = (token.accessor, request.operation)
        known = self._known.get(key)
        if known is None or known.token is not token or known.verdict is not exchange.verdict:
            known = self._made(exchange)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = known
        return known

    def _made(self, exchange: Exchange) -> _Known:
        token, client_token = exchange.request.token, exchange.request.client_token
        hashed = self.hasher.text(client_token) if client_token and not self.metadata_only else ""
        accessor = "" if token is None else self._accessor(token.accessor)
        auth = orjson.dumps(self._auth(exchange, hashed, accessor))
        return _Known(token, exchange.verdict, auth, hashed, accessor)

    def request_line(self, parts: tuple[bytes, bytes], error: str) -> bytes:
        """The entry of a request."""
        return _entry("request", parts, None, error)

    def response_line(
        self, exchange: Exchange, parts: tuple[bytes, bytes], response: Response | None, error: str
    ) -> bytes:
        """The entry of an answer."""
        shown = orjson.dumps(self._response(exchange, response))
        return _entry("response", parts, shown, error)

    def _auth(self, exchange: Exchange, client_token: str, accessor: str) -> dict[str, Any]:
        token, verdict = exchange.request.token, exchange.verdict
        found: dict[str, Any] = {}
        if client_token:
            found["client_token"] = client_token
        if token is not None:
            found |= self._token(token, accessor)
        if verdict is not None:
            found["policy_results"] = _results(verdict)
        return found

    def _token(self, token: Token, accessor: str) -> dict[str, Any]:
        return {
            "accessor": accessor,
            "display_name": printable(token.display_name),
            "policies": token.policies,
            "token_policies": token.policies,
            "metadata": _plain(token.metadata),
            "token_type": token.kind,
            "token_ttl": token.ttl,
            "token_issue_time": _issued(token.created),
        }

    def _request(self, exchange: Exchange, known: _Known) -> dict[str, Any]:
        request = exchange.request
        found: dict[str, Any] = {
            "id": request.id,
            "operation": request.operation.value,
            **_mount(exchange.mount),
            "namespace": {"id": request.namespace.rstrip("/") or "root", "path": printable(request.namespace)},
            "path": printable(request.mount + request.path),
            "remote_address": printable(request.remote_address),
            "remote_port": request.remote_port,
        }
        if request.wrap_ttl is not None:
            found["wrap_ttl"] = request.wrap_ttl
        if self.metadata_only:
            return found
        if known.client_token:
            found["client_token"] = known.client_token
        if known.token is not None:
            found["client_token_accessor"] = known.accessor
        if exchange.headers:
            found["headers"] = {
                name: [self.hasher.text(value) if hashed else printable(value)]
                for name, (value, hashed) in exchange.headers.items()
            }
        if request.data:
            found["data"] = self.hasher.fields(request.data, _readable(exchange.mount, "request"))
        return found

    def _response(self, exchange: Exchange, response: Response | None) -> dict[str, Any]:
        found = _mount(exchange.mount)
        if response is None:
            return found
        if response.auth is not None:
            found["auth"] = self._given(response)
        if response.secret is not None:
            found["secret"] = {"lease_id": printable(response.secret.lease_id)}
        if response.warnings:
            found["warnings"] = [printable(warning) for warning in response.warnings]
        if response.wrap_info is not None:
            found["wrap_info"] = self._wrap_info(response.wrap_info)
        if self.metadata_only:
            return found
        if response.data is not None:
            found["data"] = self._data(exchange, response.data)
        if response.raw is not None:
            raw = response.raw
            found["data"] = {
                "http_content_type": raw.content_type,
                "http_raw_body": self.hasher.always(raw.body),
                "http_status_code": raw.status,
            }
        return found

    def _data(self, exchange: Exchange, data: Mapping[str, Any]) -> dict[str, Any]:
        if self.elide_lists and exchange.request.operation is Operation.LIST:
            data = {name: len(value) if isinstance(value, list | dict) else value for name, value in data.items()}
        return self.hasher.fields(data, _readable(exchange.mount, "response"))

    def _given(self, response: Response) -> dict[str, Any]:
        auth = response.auth
        if auth is None:
            return {}
        found = {
            "accessor": self._accessor(auth.accessor),
            "display_name": printable(auth.display_name),
            "policies": list(auth.policies),
            "token_policies": list(auth.policies),
            "metadata": _plain(auth.metadata),
            "num_uses": auth.num_uses,
            "token_type": auth.token_type,
            "token_ttl": auth.ttl,
        }
        return found if self.metadata_only else {"client_token": self.hasher.text(auth.client_token), **found}

    def _wrap_info(self, info: Mapping[str, Any]) -> dict[str, Any]:
        """Of a wrapping token: the token itself never, its accessors as those of all tokens."""
        found = {name: info[name] for name in ("ttl", "creation_time", "creation_path") if name in info}
        for name in ("accessor", "wrapped_accessor"):
            if info.get(name):
                found[name] = self._accessor(str(info[name]))
        if info.get("token") and not self.metadata_only:
            found["token"] = self.hasher.always(str(info["token"]).encode())
        return found

    def _accessor(self, accessor: str) -> str:
        return self.hasher.text(accessor) if self.hmac_accessor else accessor


def now() -> str:
    """The time with nanoseconds, RFC 3339 in UTC."""
    seconds, part = divmod(time.time_ns(), 1_000_000_000)
    return f"{_second(seconds)}.{part:09d}Z"


@lru_cache(maxsize=4)
def _second(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"


@lru_cache(maxsize=1_024)
def _issued(created: float) -> str:
    return clock.rfc3339(created)


def _entry(kind: str, parts: tuple[bytes, bytes], response: bytes | None, error: str) -> bytes:
    pieces = [
        b'{"time":"',
        now().encode(),
        b'","type":"',
        kind.encode(),
        b'","auth":',
        parts[0],
        b',"request":',
        parts[1],
    ]
    if response is not None:
        pieces += [b',"response":', response]
    if error:
        pieces += [b',"error":', orjson.dumps(printable(error))]
    pieces.append(b"}")
    return b"".join(pieces)


def _mount(mount: Mount | None) -> dict[str, Any]:
    if mount is None:
        return {}
    return {
        "mount_point": mount.path,
        "mount_type": mount.kind,
        "mount_accessor": mount.accessor,
        "mount_class": "auth" if mount.path.startswith("auth/") else "secret",
    }


def _readable(mount: Mount | None, which: str) -> tuple[str, ...]:
    return tuple(mount.config.get(f"audit_non_hmac_{which}_keys") or ()) if mount is not None and mount.config else ()


def _plain(metadata: Mapping[str, str] | None) -> dict[str, str] | None:
    if not metadata:
        return None
    return {printable(name): printable(value) for name, value in metadata.items()}


def _results(verdict: Verdict) -> dict[str, Any]:
    found: dict[str, Any] = {"allowed": verdict.allowed}
    if verdict.granting:
        found["granting_policies"] = [
            {"name": name, "namespace_id": "root", "type": kind} for name, kind in verdict.granting
        ]  # fmt: skip
    if not verdict.allowed:
        reason = verdict.reason
        found["decided_by"] = {"policy": reason.policy, "type": reason.kind, "rule": reason.rule, "line": reason.line}
    return found
