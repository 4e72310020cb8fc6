"""The certificates that a mount has issued, and which of them are revoked."""

import asyncio
from collections.abc import Mapping
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from stratumiops.vault.engines.pki.encoding import serial_key
from stratumiops.vault.view import View, encoded

_AT_ONCE: Final = 500
"""After so many entries others get their turn."""


class Revoked(NamedTuple):
    """When a certificate was revoked, in seconds since 1970, and whose it is; "": of nobody who is still here."""

    at: float
    issuer: str


class Certificates:
    """Certificates by serial number, in hex without separators."""

    def __init__(self, view: View) -> None:
        self._issued = view.below("certs/")
        self._revoked = view.below("revoked/")
        self._view = view
        self._known: dict[str, Revoked] | None = None
        self._loading = asyncio.Lock()
        self.recent: list[str] = []
        """What was revoked since the mount is open, in this order."""
        self.revision = 0
        """Grows whenever lists of what is revoked change."""

    @staticmethod
    def entry(certificate: x509.Certificate) -> dict[str, bytes | None]:
        """What has to be written in the mount's view to keep a certificate."""
        return {f"certs/{serial_key(certificate.serial_number)}": certificate.public_bytes(Encoding.DER)}

    async def put(self, certificate: x509.Certificate) -> None:
        """Keep a certificate."""
        await self._view.apply(self.entry(certificate))

    async def get(self, serial: str) -> bytes | None:
        """A certificate in DER."""
        return await self._issued.get(serial)

    async def serials(self, after: str = "", limit: int = 0) -> list[str]:
        """The serial numbers of all that are kept, sorted."""
        return await self._issued.names("", after, limit)

    async def revoked(self) -> Mapping[str, Revoked]:
        """All that are revoked. They are read once: lists are made of them again and again."""
        if self._known is None:
            async with self._loading:
                if self._known is None:
                    known: dict[str, Revoked] = {}
                    for number, serial in enumerate(await self._revoked.names()):
                        known[serial] = Revoked(*await self._revoked.read(serial))
                        if number % _AT_ONCE == 0:
                            await asyncio.sleep(0)
                    self._known = known
        return self._known

    async def revocation(self, serial: str) -> Revoked | None:
        """Whether and when a certificate was revoked."""
        if self._known is not None:
            return self._known.get(serial)
        found = await self._revoked.read(serial)
        return None if found is None else Revoked(*found)

    async def revoke(self, serial: str, der: bytes, revoked: Revoked) -> None:
        """Note that a certificate is revoked, and keep it."""
        async with self._loading:
            await self._apply({f"revoked/{serial}": encoded(list(revoked)), f"certs/{serial}": der})
            self._noted(serial, revoked)

    async def reassign(self, serial: str, revoked: Revoked) -> None:
        """Note another issuer of a revoked certificate."""
        async with self._loading:
            await self._apply({f"revoked/{serial}": encoded(list(revoked))})
            self._noted(serial, revoked)

    async def _apply(self, changes: Mapping[str, bytes | None]) -> None:
        try:
            await self._view.apply(changes)
        except BaseException:
            self._known = None  # it is not known whether they were written
            self.revision += 1
            raise

    def _noted(self, serial: str, revoked: Revoked) -> None:
        if self._known is not None:
            self._known[serial] = revoked
        self.recent.append(serial)
        self.revision += 1

    async def drop(self, serial: str, *, revocation: bool = False) -> None:
        """Forget a certificate, and that it was revoked too."""
        changes: dict[str, bytes | None] = {f"certs/{serial}": None}
        if revocation:
            changes[f"revoked/{serial}"] = None
        async with self._loading:
            await self._apply(changes)
            if revocation and self._known is not None:
                self._known.pop(serial, None)
            self.revision += revocation

    def forget(self) -> None:
        """Leave nothing in memory."""
        self._known = None
        self.recent = []
