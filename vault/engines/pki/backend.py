"""The PKI engine: certificate authorities, what they issue, and what they revoke."""

from collections.abc import Iterator
from typing import ClassVar

from cryptography import x509

from stratumiops.vault.backend import Backend, Mount, Route, System
from stratumiops.vault.engines.pki.ca_signing import CaSigning
from stratumiops.vault.engines.pki.certificate_routes import CertificateRoutes
from stratumiops.vault.engines.pki.config_routes import ConfigRoutes
from stratumiops.vault.engines.pki.encoding import parse_serial
from stratumiops.vault.engines.pki.generating import Generating
from stratumiops.vault.engines.pki.importing import Importing
from stratumiops.vault.engines.pki.issuer_routes import IssuerRoutes
from stratumiops.vault.engines.pki.issuing import Issuing
from stratumiops.vault.engines.pki.key_routes import KeyRoutes
from stratumiops.vault.engines.pki.parts import Pki
from stratumiops.vault.engines.pki.public import Public
from stratumiops.vault.engines.pki.revoking import Revoking, revoke
from stratumiops.vault.engines.pki.role_routes import RoleRoutes
from stratumiops.vault.request import Secret
from stratumiops.vault.view import View


class PkiBackend(Backend):
    """A PKI mount."""

    kind: ClassVar[str] = "pki"

    def __init__(self, mount: Mount, view: View, system: System) -> None:
        self._pki = Pki(mount, view, system)
        super().__init__(mount, view, system)

    def routes(self) -> Iterator[Route]:
        """See `Backend.routes`; those that are asked most come first."""
        groups = (
            Issuing, Public, RoleRoutes, CertificateRoutes, Revoking, Generating, CaSigning, Importing, ConfigRoutes,
            IssuerRoutes, KeyRoutes,
        )  # fmt: skip
        for group in groups:
            yield from group(self._pki).routes()

    async def stop(self) -> None:
        """See `Backend.stop`: keys leave the memory."""
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
