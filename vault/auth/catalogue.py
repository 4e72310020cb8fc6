"""Methods that may be enabled, listed, tuned and removed, but not logged in with: scripts that enable them go on."""

from collections.abc import Iterator
from typing import ClassVar, Final

from stratumiops.vault.backend import Backend, Match, Route
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.request import Request

CATALOGUE: Final = (
    "alicloud", "aws", "azure", "cert", "cf", "gcp", "github", "kerberos", "kubernetes", "ldap", "oci", "oidc",
    "okta", "pcf", "radius", "saml",
)  # fmt: skip
"""The kinds that Vault 1.17 and OpenBao 2 know beside those whose logins are offered here. This is the only list."""


class CatalogueOnly(Backend):
    """A method that is shown with its kind."""

    kind: ClassVar[str] = "catalogue"

    def routes(self) -> Iterator[Route]:
        """See `Backend.routes`."""
        yield Route("login", write=self._login, public=True)
        yield Route("login/{path*}", write=self._login, public=True)

    async def _login(self, _request: Request, _match: Match) -> None:
        raise BadRequest(f"this server has no logins with the method {self.mount.kind!r}")
