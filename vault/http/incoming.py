"""Requests of HTTP as the core takes them. What is malformed is refused here."""

import random
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson

from stratumiops.vault import clock, durations
from stratumiops.vault.errors import BadRequest, UnsupportedMediaType, UnsupportedOperation
from stratumiops.vault.request import Operation, Request

PREFIX: Final = "/v1/"
_OPERATIONS: Final = {
    "GET": Operation.READ,
    "HEAD": Operation.READ,
    "PUT": Operation.UPDATE,
    "POST": Operation.UPDATE,
    "PATCH": Operation.PATCH,
    "DELETE": Operation.DELETE,
    "LIST": Operation.LIST,
}
_TRUE: Final = ("true", "True", "1")
_BAD: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffd]")
_SLASHES: Final = re.compile(r"/{2,}")
_BASE64: Final = "/ocsp/"
"""What follows is base64, in which slashes count."""
_FORM: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_BINARY: Final = ("application/ocsp-request",)
"""Bodies that an engine reads by itself."""
MERGE_PATCH: Final = "application/merge-patch+json"
_MOST_FIELDS: Final = 1_000
_LARGE: Final = 64 * 1024
"""Smaller bodies cannot hold so many values that it takes long to look at each of them."""
_MOST_VALUES: Final = 100_000
_DENSEST: Final = 2_000_000
_RANDOM: Final = random.Random()  # noqa: S311 - seeded by the system
_VARIANT: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def request_of(
    method: str, path: str, query: str, headers: Mapping[str, str], body: bytes, peer: tuple[str, int]
) -> Request:
    """The request that came in.

    Args:
        path: decoded, with `/v1/`.
        headers: names in lower case; of one that came twice the first.
    """
    given = _query(query) if query else {}
    operation = _OPERATIONS.get(method)
    if operation is None:
        raise UnsupportedOperation
    if operation is Operation.READ and given.pop("list", "") in _TRUE:
        operation = Operation.LIST
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if operation is Operation.PATCH and kind != MERGE_PATCH:
        raise UnsupportedMediaType(f"PATCH requires Content-Type {MERGE_PATCH}, got {kind!r}")
    data: dict[str, Any] = given
    if operation in (Operation.UPDATE, Operation.PATCH):
        if kind in _FORM:
            raise BadRequest("the body must be JSON, not a form")
        data = given if kind in _BINARY else object_of(body)
    elif body and operation is Operation.DELETE:
        data = given | object_of(body)
    return Request(
        id=new_id(),
        operation=operation,
        path=clean_path(path[len(PREFIX) :]),
        data=data,
        namespace=namespace_of(headers.get("x-vault-namespace", "")),
        client_token=_token(headers),
        remote_address=peer[0],
        remote_port=peer[1],
        wrap_ttl=_wrap_ttl(headers),
        content_type=kind,
        headers=headers,
        body=body if kind in _BINARY else b"",
        head=method == "HEAD",
        at=clock.now(),
    )


def new_id() -> str:
    """A random UUID (RFC 9562, version 4). It tells requests apart and is no secret."""
    text = f"{_RANDOM.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{_VARIANT[text[16]]}{text[17:20]}-{text[20:]}"


def _query(query: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        raise BadRequest(f"the query has more than {_MOST_FIELDS} fields") from None


def clean_path(path: str) -> str:
    """A path below `/v1/` as policies and engines see it; slashes that follow one another are one.

    Raises:
        BadRequest: it goes up, or has characters that no path has.
    """
    if _BAD.search(path) or ("." in path and any(part in ("..", ".") for part in path.split("/"))):
        raise BadRequest("the path has segments or characters that no path may have")
    if "//" in path and _BASE64 not in path:
        path = _SLASHES.sub("/", path)
    return path.lstrip("/")


def object_of(body: bytes) -> dict[str, Any]:
    """The fields of a body; none when it is empty.

    Raises:
        BadRequest: it is no JSON, no object, or has more values than anybody needs: each is looked at several times.
    """
    if not body or body.isspace():
        return {}
    if len(body) > _LARGE and sum(map(body.count, (b",", b"[", b"{"))) > _DENSEST:
        raise _too_complex()
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"failed to parse JSON input: {error}") from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise BadRequest("failed to parse JSON input: the body is no object")
    if len(body) > _LARGE and _has_too_many_values(found):
        raise _too_complex()
    return found


def _has_too_many_values(found: dict[str, Any]) -> bool:
    left, waiting = _MOST_VALUES, [found]
    while waiting:
        one: Any = waiting.pop()
        if isinstance(one, dict):
            left -= 2 * len(one)
            one = list(one.values())
        elif isinstance(one, list):
            left -= len(one)
        else:
            continue
        if left < 0:
            return True
        waiting.extend(one)
    return False


def _too_complex() -> BadRequest:
    return BadRequest(f"refused JSON input due to high complexity: it has more than {_MOST_VALUES:,} values")


def namespace_of(value: str) -> str:
    """`team/a/` for what a header says; "" for the root."""
    name = value.strip().strip("/")
    return f"{clean_path(name)}/" if name and name != "root" else ""


def _token(headers: Mapping[str, str]) -> str:
    token = headers.get("x-vault-token", "")
    if not token:
        kind, _, value = headers.get("authorization", "").partition(" ")
        token = value.strip() if kind.lower() == "bearer" else ""
    if _BAD.search(token):
        raise BadRequest("invalid header value")
    return token


def _wrap_ttl(headers: Mapping[str, str]) -> int | None:
    value = headers.get("x-vault-wrap-ttl")
    if value is None:
        return None
    return durations.parse(value, "X-Vault-Wrap-TTL") or None
