"""What may pass to the vault: values of kv, shares, logging in and out. Everything else is for GraphQL."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_to_bytes

MAX_TARGET: Final = 4_096
_WRITES: Final = frozenset({"PUT", "POST"})
_KV: Final = frozenset({"GET", "PUT", "POST", "PATCH"})
_FIXED: Final = {
    ("sys", "unseal"): _WRITES,
    ("sys", "seal"): frozenset({"PUT"}),
    ("auth", "token", "lookup-self"): frozenset({"GET"}),
    ("auth", "token", "revoke-self"): _WRITES,
}
_OWN: Final = frozenset({"sys", "auth", "identity", "cubbyhole"})
"""First parts of paths that belong to the vault itself."""


@dataclass(frozen=True, slots=True)
class Target:
    """A path of the vault, taken apart and decoded, and the version that is asked for."""

    parts: tuple[str, ...]
    version: str | None = None

    @property
    def path(self) -> str:
        """The path, decoded."""
        return "/".join(self.parts)

    @property
    def url(self) -> str:
        """Path and query as they are sent: written anew, so that nothing of the caller's encoding is left."""
        path = "/".join(quote(part, safe="") for part in self.parts)
        return path if self.version is None else f"{path}?version={self.version}"


def target(raw: bytes, query: bytes) -> Target | None:
    """The target of a request; None: it is written in a way that nothing honest is.

    Args:
        raw: the path behind `/vault/v1/`, as it came.
        query: the query, as it came.
    """
    if not raw or len(raw) > MAX_TARGET:
        return None
    try:
        parts = tuple(unquote_to_bytes(part).decode() for part in raw.split(b"/"))
    except UnicodeDecodeError:
        return None
    if not all(_plain(part) for part in parts):
        return None
    if not query:
        return Target(parts)
    name, _, value = query.partition(b"=")
    version = value.decode("latin-1")
    known = name == b"version" and version.isascii() and version.isdecimal() and len(version) < 10
    return Target(parts, version) if known else None


def passes(method: str, asked: Target) -> bool:
    """Whether a request passes whatever is mounted where."""
    if asked.version is not None:
        return False
    parts = asked.parts
    if parts in _FIXED:
        return method in _FIXED[parts]
    login = len(parts) in (3, 4) and parts[0] == "auth" and parts[1] != "token" and parts[2] == "login"
    return login and method in _WRITES


def may_be_kv(method: str, asked: Target) -> bool:
    """Whether a request passes when it leads to a kv mount."""
    written = method != "GET" and asked.version is not None
    return method in _KV and asked.parts[0] not in _OWN and len(asked.parts) > 1 and not written


def is_data(method: str, asked: Target, mount: str, version: int) -> bool:
    """Whether a request is for the value of a secret below a kv mount, which ends with a slash."""
    below = asked.path.removeprefix(mount)
    if below == asked.path or not below:
        return False
    if version == 1:
        return method != "PATCH" and asked.version is None
    return below.startswith("data/") and below != "data/"


def _plain(part: str) -> bool:
    """Whether a part of a path is one, also for somebody who decodes it once more."""
    return all(
        each not in ("", ".", "..") and "/" not in each and "\\" not in each and each.isprintable()
        for each in (part, unquote_to_bytes(part).decode("latin-1") if "%" in part else part)
    )
