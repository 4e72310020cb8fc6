"""The PKI engine: certificate authorities, what they issue, and what they revoke."""

from collections.abc import Iterator
from typing import ClassVar

from cryptography import x509

from stratumiops.vault.backend import Backend, Mount, Route, System
from stratumiops.vault.engines.pki.acme.routes import AcmeRoutes
from stratumiops.vault.engines.pki.acme.service import Acme
from stratumiops.vault.engines.pki.acme.validation import Validator
from stratumiops.vault.engines.pki.ca_signing import CaSigning
from stratumiops.vault.engines.pki.certificate_routes import CertificateRoutes
from stratumiops.vault.engines.pki.config_routes import ConfigRoutes
from stratumiops.vault.engines.pki.encoding import parse_serial
from stratumiops.vault.engines.pki.generating import Generating
from stratumiops.vault.engines.pki.importing import Importing
from stratumiops.vault.engines.pki.issuer_routes import IssuerRoutes
from stratumiops.vault.engines.pki.issuing import Issuing
from stratumiops.vault.engines.pki.key_routes import KeyRoutes
from stratumiops.vault.engines.pki.ocsp import Ocsp
from stratumiops.vault.engines.pki.parts import Pki
from stratumiops.vault.engines.pki.public import Public
from stratumiops.vault.engines.pki.revoking import Revoking, revoke
from stratumiops.vault.engines.pki.role_routes import RoleRoutes
from stratumiops.vault.engines.pki.tidy import Tidy
from stratumiops.vault.request import Secret
from stratumiops.vault.view import View


class PkiBackend(Backend):
    """A PKI mount."""

    kind: ClassVar[str] = "pki"

    def __init__(self, mount: Mount, view: View, system: System) -> None:
        self._pki = Pki(mount, view, system)
        self._tidy = Tidy(self._pki)
        self.validator = Validator()
        """How ACME asks whether a name is a client's."""
        self._acme = Acme(self._pki, self.validator)
        super().__init__(mount, view, system)

    def routes(self) -> Iterator[Route]:
        """See `Backend.routes`; those that are asked most come first."""
        groups = (
            Issuing, Public, RoleRoutes, CertificateRoutes, Revoking, Generating, CaSigning, Importing, ConfigRoutes,
            IssuerRoutes, KeyRoutes, Ocsp,
        )  # fmt: skip
        for group in groups:
            yield from group(self._pki).routes()
        yield from self._tidy.routes()
        yield from AcmeRoutes(self._acme).routes()

    async def start(self) -> None:
        """See `Backend.start`."""
        await self._tidy.resume()

    async def stop(self) -> None:
        """See `Backend.stop`: keys leave the memory."""
        await self._acme.stop()
        await self._tidy.stop()
        self._pki.forget()

    async def revoke(self, secret: Secret) -> None:
        """Revoke the certificate of a lease."""
        serial = parse_serial(str(secret.internal.get("serial_number", "")))
        der = await self._pki.certificates.get(serial) if serial else None
        if serial is None or der is None:
            return
        found = x509.load_der_x509_certificate(der)
        if found.not_valid_after_utc.timestamp() > self.system.now():
            await revoke(self._pki, serial, found)
