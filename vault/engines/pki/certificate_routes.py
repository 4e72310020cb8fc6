"""Routes that list certificates."""

import asyncio
from collections.abc import Iterator
from typing import Any, Final

from cryptography import x509

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.engines.pki import keys, subject
from stratumiops.vault.engines.pki.encoding import UNREADABLE, parse_serial, with_colons
from stratumiops.vault.engines.pki.parts import Pki
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response, listing

_AT_ONCE: Final = 100
"""After so many certificates others get their turn."""


class CertificateRoutes:
    """Lists of certificates, for whoever has a token."""

    def __init__(self, pki: Pki) -> None:
        self._pki = pki

    def routes(self) -> Iterator[Route]:
        """The routes."""
        yield Route("certs", list=self.list)
        yield Route("certs/revoked", list=self.revoked)
        yield Route("certs/detailed", list=self.detailed)

    async def list(self, request: Request, _match: Match) -> Response:
        """The serial numbers of all certificates."""
        serials = [with_colons(one) for one in await _page(self._pki, request)]
        return listing(serials)

    async def revoked(self, _request: Request, _match: Match) -> Response:
        """The serial numbers of those that are revoked."""
        return listing([with_colons(one) for one in sorted(await self._pki.certificates.revoked())])

    async def detailed(self, request: Request, _match: Match) -> Response:
        """All certificates with what they say."""
        info = {}
        for number, serial in enumerate(await _page(self._pki, request)):
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
            der = await self._pki.certificates.get(serial)
            try:
                if der is not None:
                    info[with_colons(serial)] = details(x509.load_der_x509_certificate(der))
            except UNREADABLE:
                continue  # tidying drops it
        return listing(list(info), info)


async def _page(pki: Pki, request: Request) -> list[str]:
    fields = Fields(request.data)
    return await pki.certificates.serials(parse_serial(fields.text("after")) or "", max(0, fields.integer("limit")))


def details(certificate: x509.Certificate) -> dict[str, Any]:
    """What a certificate says, for a list."""
    kind = keys.kind_of(keys.public(certificate.public_key()))
    names = [
        name
        for one in certificate.extensions
        if isinstance(one.value, x509.SubjectAlternativeName)
        for name in one.value.get_values_for_type(x509.DNSName)
    ]
    return {
        "common_name": subject.common_name(certificate.subject), "dns_names": names or None,
        "issuer": certificate.issuer.rfc4514_string(), "key_type": kind.type, "key_bits": kind.bits,
        "not_before": f"{certificate.not_valid_before_utc:%Y-%m-%dT%H:%M:%SZ}",
        "not_after": f"{certificate.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}",
    }  # fmt: skip
