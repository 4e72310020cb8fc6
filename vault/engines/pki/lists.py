"""Lists of revoked certificates (RFC 5280, 5): complete ones, and deltas.

A list is made when it is asked for and is no longer what it should say; so revoking costs the same however long it is.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from stratumiops.vault.engines.pki import keys
from stratumiops.vault.engines.pki.algorithms import algorithm
from stratumiops.vault.engines.pki.encoding import content, tlv, values
from stratumiops.vault.engines.pki.signing import Signer, authority_key_id
from stratumiops.vault.engines.pki.store import Certificates, Revoked
from stratumiops.vault.engines.pki.times import instant
from stratumiops.vault.view import View

_SEQUENCE: Final = 0x30
_EXTENSIONS: Final = 0xA0
_SLOWLY: Final = 2_000
"""With more entries than this a list is made beside the event loop."""


@dataclass(frozen=True, slots=True)
class Made:
    """A list: its number, and the state of things that it was made of. `delta_of` 0: it is complete."""

    number: int
    der: bytes = field(repr=False)
    at: float
    until: float
    revision: int
    seen: int
    version: int
    delta_of: int = 0


@dataclass(slots=True)
class Wanted:
    """How a list should be made."""

    signer: Signer
    everything: bool
    """Whether it also holds what was revoked for issuers that are gone."""
    issuers: frozenset[str]
    known: frozenset[str]
    """All issuers that are here."""
    expiry: int
    version: int
    empty: bool = False


class Lists:
    """The lists of a mount, one for each name and key of an issuer. Their numbers never go back."""

    def __init__(self, view: View, certificates: Certificates) -> None:
        self._numbers = view.below("crl/")
        self._certificates = certificates
        self._complete: dict[str, Made] = {}
        self._delta: dict[str, Made] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    def forget(self) -> None:
        """Leave nothing in memory; the next lists are made anew."""
        self._complete.clear()
        self._delta.clear()

    async def complete(self, wanted: Wanted, now: float, *, keep: bool, grace: int, force: bool = False) -> Made:
        """The complete list.

        Args:
            wanted: how it should be made.
            now: seconds since 1970.
            keep: it may lag behind what is revoked, until `grace` seconds before its end.
            grace: seconds.
            force: make a new one.
        """
        name = group(wanted.signer)
        async with self._locks.setdefault(name, asyncio.Lock()):
            made = self._complete.get(name)
            stale = made is None or made.version != wanted.version or now >= made.until - (grace if keep else 0)
            if made is None or stale or force or (not keep and made.revision != self._certificates.revision):
                made = await self._make(wanted, name, now)
                self._complete[name] = made
                self._delta.pop(name, None)
            return made

    async def delta(self, wanted: Wanted, base: Made, now: float, *, interval: int, force: bool = False) -> Made:
        """What was revoked since a complete list; at most `interval` seconds old."""
        name = group(wanted.signer)
        async with self._locks.setdefault(name, asyncio.Lock()):
            made = self._delta.get(name)
            old = made is None or made.delta_of != base.number or now >= made.until
            lags = made is not None and made.revision != self._certificates.revision and now >= made.at + interval
            if made is None or old or lags or force:
                made = await self._make(wanted, name, now, base)
                self._delta[name] = made
            return made

    async def _make(self, wanted: Wanted, name: str, now: float, base: Made | None = None) -> Made:
        number = int(await self._numbers.read(name) or 0) + 1
        await self._numbers.write(name, number)
        known = await self._certificates.revoked()
        revision, seen = self._certificates.revision, len(self._certificates.recent)
        serials = known if base is None else dict.fromkeys(self._certificates.recent[base.seen :])
        chosen = {serial: known[serial] for serial in serials if serial in known and _belongs(known[serial], wanted)}
        until = now + wanted.expiry
        arguments = (wanted.signer, {} if wanted.empty else chosen, number, base.number if base else 0, now, until)
        der = await asyncio.to_thread(encode, *arguments) if len(chosen) > _SLOWLY else encode(*arguments)
        return Made(number, der, now, until, revision, seen, wanted.version, base.number if base else 0)


def _belongs(revoked: Revoked, wanted: Wanted) -> bool:
    return revoked.issuer in wanted.issuers or (wanted.everything and revoked.issuer not in wanted.known)


def group(signer: Signer) -> str:
    """Issuers with one name and one key have one list."""
    subject = signer.certificate.subject.public_bytes()
    return hashlib.sha256(subject + keys.spki(signer.private.public_key())).hexdigest()[:32]


def encode(signer: Signer, revoked: Mapping[str, Revoked], number: int, base: int, now: float, until: float) -> bytes:
    """A signed list in DER. The library writes one without entries; these are put in, and it is signed again.

    Args:
        signer: the issuer.
        revoked: the entries by serial number in hex.
        number: the list's own.
        base: the number of the complete list that this is a delta of; 0: it is a complete one.
        now: seconds since 1970.
        until: when the next one comes, at the latest.
    """
    chosen = signer.issuer.revocation_signature_algorithm
    found = algorithm(chosen, signer.private) if chosen else None
    bits = found.bits if found and found.type in {"rsa", "ec"} else 0
    digest = keys.hash_for(signer.private, bits)
    padded = keys.pss(signer.private, wanted=bool(found and found.pss))
    builder = (
        x509.CertificateRevocationListBuilder(signer.certificate.subject, instant(now).replace(tzinfo=None))
        .next_update(instant(until))
        .add_extension(authority_key_id(signer.certificate), critical=False)
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    if base:
        builder = builder.add_extension(x509.DeltaCRLIndicator(base), critical=True)
    signed = builder.sign(signer.private, digest, rsa_padding=padded)
    if not revoked:
        return signed.public_bytes(Encoding.DER)
    _, tbs = values(signed.tbs_certlist_bytes)[0]
    parts = values(content(tbs))
    algorithm_der = parts[1][1]
    entries = tlv(_SEQUENCE, b"".join(_entry(serial, one.at) for serial, one in revoked.items()))
    before = b"".join(part for tag, part in parts if tag != _EXTENSIONS)
    after = b"".join(part for tag, part in parts if tag == _EXTENSIONS)
    body = tlv(_SEQUENCE, before + entries + after)
    signature = tlv(0x03, b"\0" + keys.sign(signer.private, body, digest, padded))
    return tlv(_SEQUENCE, body + algorithm_der + signature)


def _entry(serial: str, at: float) -> bytes:
    number = bytes.fromhex(serial)
    if number[0] & 0x80:
        number = b"\0" + number
    return tlv(_SEQUENCE, tlv(0x02, number) + _time(datetime.fromtimestamp(int(at), UTC)))


def _time(at: datetime) -> bytes:
    if at.year < 2050:
        return tlv(0x17, f"{at:%y%m%d%H%M%SZ}".encode())
    return tlv(0x18, f"{at:%Y%m%d%H%M%SZ}".encode())
