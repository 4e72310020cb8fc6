"""Requests and answers, whatever protocol they came by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stratumiops.vault.tokens.models import Token


class Operation(StrEnum):
    """What a request does. A write is CREATE where nothing was, else UPDATE."""

    READ = "read"
    CREATE = "create"
    UPDATE = "update"
    PATCH = "patch"
    DELETE = "delete"
    LIST = "list"


WRITES = frozenset({Operation.CREATE, Operation.UPDATE})


@dataclass(slots=True)
class Request:
    """One request.

    `path` is relative to the mount once it is routed, without a leading slash; `mount` then is the mount's path with a
    trailing slash (`kv/`, `auth/approle/`). `data` holds the fields of the body and, for READ, LIST and DELETE, those
    of the query. `namespace` is "" for the root, else `team/a/`. `body` holds what is no JSON by its content type
    (`application/ocsp-request`), `head` says that the HTTP method was HEAD, which is a READ without the answer's body.
    """

    id: str
    operation: Operation
    path: str
    data: dict[str, Any] = field(default_factory=dict)
    mount: str = ""
    namespace: str = ""
    client_token: str = ""
    token: "Token | None" = None
    remote_address: str = ""
    remote_port: int = 0
    wrap_ttl: int | None = None
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    client_certificate: bytes | None = None
    body: bytes = field(default=b"", repr=False)
    head: bool = False
    at: float = 0.0

    @property
    def full_path(self) -> str:
        """The path with its mount, without the namespace."""
        return self.mount + self.path


@dataclass(slots=True)
class Secret:
    """Something that was given for a time: `internal` comes back to the engine when the lease is renewed or revoked."""

    ttl: int
    max_ttl: int = 0
    renewable: bool = True
    internal: dict[str, Any] = field(default_factory=dict)
    lease_id: str = ""


@dataclass(slots=True)
class Auth:
    """A login, or a new token: the token store makes the token of it. `client_token` and `accessor` come from there."""

    policies: Sequence[str] = ()
    display_name: str = ""
    metadata: Mapping[str, str] | None = None
    ttl: int = 0
    max_ttl: int = 0
    explicit_max_ttl: int = 0
    period: int = 0
    num_uses: int = 0
    renewable: bool = True
    orphan: bool = True
    no_default_policy: bool = False
    token_type: str = "service"  # noqa: S105 - a kind of token, none itself
    bound_cidrs: Sequence[str] = ()
    internal: dict[str, Any] = field(default_factory=dict)
    client_token: str = ""
    accessor: str = ""


@dataclass(frozen=True, slots=True)
class Raw:
    """A body without an envelope."""

    body: bytes
    content_type: str
    status: int = 200


@dataclass(slots=True)
class Response:
    """What comes of a request. Without `data`, `secret`, `auth` and `raw` the status is 204.

    `lease_duration` is shown where nothing is leased; `status` replaces the usual one; `flat`: the keys of `data` are
    repeated beside the envelope; `bare`: `data` is the whole body, without an envelope.
    """

    data: Mapping[str, Any] | None = None
    secret: Secret | None = None
    auth: Auth | None = None
    warnings: list[str] = field(default_factory=list)
    lease_duration: int = 0
    status: int | None = None
    raw: Raw | None = None
    flat: bool = False
    bare: bool = False
    wrap_info: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def listing(keys: Sequence[str], info: Mapping[str, Any] | None = None) -> Response:
    """An answer to LIST; 404 when there is nothing."""
    from stratumiops.vault.errors import NotFound

    if not keys:
        raise NotFound
    return Response({"keys": list(keys)} if info is None else {"keys": list(keys), "key_info": dict(info)})
