"""Batch tokens: nothing of them is kept; the token itself holds, sealed, what it may do."""

import base64
import binascii
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stratumiops.vault.tokens import ids
from stratumiops.vault.tokens.models import Token
from stratumiops.vault.view import decoded, encoded

_VERSION: Final = b"\x02"
_NONCE: Final = 12
_LONGEST: Final = 16_384


class BatchTokens:
    """Seals and opens the bodies of batch tokens: version, nonce, AES-256-GCM."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, token: Token) -> str:
        """The text that a client gets."""
        body = [
            token.policies, token.path, token.created, token.expires, token.ttl, token.display_name, token.metadata,
            token.orphan, token.parent, token.role, token.namespace, token.namespace_id, token.bound_cidrs,
            token.internal,
        ]  # fmt: skip
        nonce = secrets.token_bytes(_NONCE)
        sealed = _VERSION + nonce + self._cipher.encrypt(nonce, encoded(body), _VERSION)
        return ids.BATCH + base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def open(self, client_token: str) -> Token | None:
        """What a client's text holds; None: it is none of ours."""
        text = client_token.removeprefix(ids.BATCH)
        if len(text) > _LONGEST:
            return None
        try:
            sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            plain = self._cipher.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], sealed[:1])
        except (binascii.Error, ValueError, InvalidTag):
            return None
        return _token(plain) if sealed[:1] == _VERSION else None


def _token(plain: bytes) -> Token:
    (
        policies, path, created, expires, ttl, display_name, metadata, orphan, parent, role, namespace, namespace_id,
        cidrs, internal,
    ) = decoded(plain)  # fmt: skip
    return Token(
        accessor="", policies=tuple(policies), path=path, created=created, expires=expires, ttl=ttl, kind="batch",
        display_name=display_name, metadata=metadata, renewable=False, orphan=orphan, parent=parent, role=role,
        namespace=namespace, namespace_id=namespace_id, bound_cidrs=tuple(cidrs), internal=internal,
    )  # fmt: skip
