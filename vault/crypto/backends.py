"""The backend of a name."""

from collections.abc import Callable
from typing import Final

from stratumiops.vault.crypto.openssl import OpenSSL
from stratumiops.vault.crypto.oqs import Oqs
from stratumiops.vault.crypto.port import Crypto
from stratumiops.vault.crypto.rustcrypto import RustCrypto
from stratumiops.vault.errors import ConfigError

BACKENDS: Final[dict[str, Callable[[], Crypto]]] = {"openssl": OpenSSL, "oqs": Oqs, "rustcrypto": RustCrypto}
NAMES: Final = ("openssl", "oqs", "aws-lc", "rustcrypto")
"""What the configuration may say."""


def crypto(name: str) -> Crypto:
    """The backend of this name.

    Raises:
        ConfigError: there is none, or something it needs is not installed; the text says what to do.
    """
    if name == "aws-lc":
        raise ConfigError(
            'crypto_backend = "aws-lc" is unavailable: there is no maintained Python binding of AWS-LC;'
            ' set crypto_backend = "openssl", or "oqs" for liboqs'
        )
    backend = BACKENDS.get(name)
    if backend is None:
        raise ConfigError(f'crypto_backend = "{name}" is unknown; it is one of {", ".join(NAMES)}')
    return backend()
