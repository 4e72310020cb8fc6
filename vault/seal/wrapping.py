"""Shares and root tokens as they are handed out: in the clear, or each encrypted for a recipient."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.seal import recipients
from stratumiops.vault.seal.recipients import Recipient


@dataclass(frozen=True, slots=True)
class Wrapping:
    """For whom shares are encrypted; none: for nobody."""

    recipients: Sequence[Recipient] = ()

    @property
    def fingerprints(self) -> list[str] | None:
        """Of the OpenPGP keys; None: there are none."""
        return [one.fingerprint for one in self.recipients if one.fingerprint] or None

    def keys(self, shares: Sequence[bytearray]) -> dict[str, Any]:
        """The fields `keys` and `keys_base64` of an answer."""
        found: list[bytes | bytearray] = list(shares)
        if self.recipients:
            found = [one.share(share) for one, share in zip(self.recipients, shares, strict=True)]
        return {"keys": [one.hex() for one in found], "keys_base64": [base64.b64encode(one).decode() for one in found]}


def for_shares(fields: Fields, shares: int, mismatch: str) -> Wrapping:
    """What `pgp_keys` or `kem_public_keys` of a request say.

    Raises:
        BadRequest: both are given, one is no key, or there is not one for each share: `mismatch` is then the text.
    """
    pgp, kem = fields.strings("pgp_keys"), fields.strings("kem_public_keys")
    if pgp and kem:
        raise BadRequest("pgp_keys and kem_public_keys cannot both be given")
    if len(pgp or kem) not in (0, shares):
        raise BadRequest(mismatch)
    return Wrapping(recipients.pgp(pgp) if pgp else recipients.kem(kem))


def for_token(pgp_key: str, kem_key: str) -> Recipient | None:
    """Whom a root token is encrypted for; None: nobody.

    Raises:
        BadRequest: both are given, or one is no key.
    """
    if pgp_key and kem_key:
        raise BadRequest("a root token is encrypted for one key only")
    found = recipients.pgp([pgp_key]) if pgp_key else recipients.kem([kem_key]) if kem_key else []
    return found[0] if found else None


def token_text(token: str, recipient: Recipient | None) -> str:
    """A root token as it is handed out: as it is, or the base64 of it encrypted."""
    return token if recipient is None else base64.b64encode(recipient.text(token)).decode()
