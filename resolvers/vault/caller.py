"""Whose rights a request has in the vault."""

import re
from dataclasses import dataclass, field
from typing import Final

_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,8192}")
_NAMESPACE: Final = re.compile(r"[\x21-\x7e]{0,512}")


@dataclass(frozen=True, slots=True)
class VaultCaller:
    """A token of the vault and the namespace that is asked. The token is in no text that is made of it."""

    token: str | None = field(default=None, repr=False)
    namespace: str = ""


NOBODY: Final = VaultCaller()
"""A caller without a token."""


def caller_of(token: object, namespace: object) -> VaultCaller:
    """The caller that headers or the payload of a socket name; what cannot be a token or a namespace names nobody."""
    if token is None and namespace is None:
        return NOBODY
    named = namespace if namespace is not None else ""
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        token = None
    if not isinstance(named, str) or not _NAMESPACE.fullmatch(named):
        return NOBODY
    return VaultCaller(token, named)
