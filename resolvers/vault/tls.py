"""How the vault proves who it is."""

from typing import TYPE_CHECKING

from stratumiops.graph.errors import BadInput
from stratumiops.resolvers.settings import VaultSection

if TYPE_CHECKING:
    import ssl


def tls(settings: VaultSection, address: str) -> "ssl.SSLContext":
    """Whose certificates count; nobody's for an address without TLS.

    Raises:
        BadInput: `vault.ca_cert` cannot be used.
    """
    import ssl

    if not address.startswith("https:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        return ssl.create_default_context(cafile=settings.ca_cert)
    except OSError as error:
        message = f"vault.ca_cert: {settings.ca_cert} cannot be used: {error.strerror or error}"
        raise BadInput(message, hint="Name a file of PEM certificates.", field="vault.ca_cert") from None
