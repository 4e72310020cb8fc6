"""Loads liboqs-python when native liboqs is there. Without it, its import would clone and build liboqs by itself."""

import ctypes
import ctypes.util
import importlib
import importlib.util
import logging
import os
import warnings
from pathlib import Path
from typing import Any, Final

from stratumiops.vault.errors import ConfigError

_HOW: Final = (
    'crypto_backend = "oqs" needs the native library liboqs, built as a shared library: install it with your package'
    " manager or from its sources, and name its folder in OQS_INSTALL_PATH (…/lib/liboqs.so); or set"
    ' crypto_backend = "openssl"'
)
_NEEDED: Final = "OQS_SIG_supports_ctx_str"
"""liboqs-python looks this symbol up when it is imported."""


def load() -> Any:
    """The module `oqs`.

    Raises:
        ConfigError: liboqs or liboqs-python is missing or unfit; the text says how to install it.
    """
    if importlib.util.find_spec("oqs") is None:
        raise ConfigError('crypto_backend = "oqs" needs the Python package liboqs-python: pip install liboqs-python')
    library = _library()
    if library is None:
        raise ConfigError(f"liboqs was not found. {_HOW}")
    if not hasattr(library, _NEEDED):
        raise ConfigError(f"liboqs is older than its Python binding wants ({_NEEDED} is missing). {_HOW}")
    before = logging.root.manager.disable
    logging.disable(logging.INFO)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module("oqs")
    finally:
        logging.disable(before)


def _library() -> ctypes.CDLL | None:
    root = Path(os.environ.get("OQS_INSTALL_PATH") or Path.home() / "_oqs")
    found = [name for name in (ctypes.util.find_library("oqs"), ctypes.util.find_library("liboqs")) if name]
    places = [root / folder / f"liboqs.{suffix}" for folder in ("lib", "lib64") for suffix in ("so", "dylib")]
    for path in (*found, *(str(place) for place in places if place.exists())):
        try:
            return ctypes.CDLL(path)
        except OSError:
            continue
    return None
