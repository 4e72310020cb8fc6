"""Backends for tests; a test is skipped where what its backend needs cannot be had."""

import importlib.util

from stratumiops.vault.crypto.backends import crypto
from stratumiops.vault.crypto.port import Crypto

from .liboqs import missing, use_liboqs


def installed(name: str) -> Crypto:
    """The backend of this name."""
    if name == "oqs":
        use_liboqs()
    if name == "rustcrypto" and importlib.util.find_spec("dryoc") is None:
        missing("the backend rustcrypto is not tested: the package dryoc is not installed")
    return crypto(name)
