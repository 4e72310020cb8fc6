"""Where the vault is."""

from urllib.parse import urlsplit

from stratumiops.graph.errors import BadInput
from stratumiops.resolvers.settings import VaultSection


def vault_address(settings: VaultSection) -> str | None:
    """The vault's address without a slash at its end; None: there is no vault.

    Raises:
        BadInput: it is no address, or holds more than one.
    """
    given = settings.address
    if not given:
        return None
    try:
        parts = urlsplit(given)
        plain = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        plain = False
    if not plain or "@" in parts.netloc or parts.path.strip("/") or parts.query or parts.fragment:
        message = "vault.address is no address of a vault"
        raise BadInput(message, hint="write a URL such as http://127.0.0.1:8200", field="vault.address")
    return f"{parts.scheme}://{parts.netloc}"
