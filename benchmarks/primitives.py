"""The limit of the primitives: how often a second one core does what a request is about, with nothing around it."""

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_AT_ONCE = 20


def per_second(seconds: float) -> dict[str, float]:
    """By row of `vault_rows`; a write is one commit of one writer, synced."""
    with tempfile.TemporaryDirectory(prefix="svault-bench-") as folder:
        return {
            "write": _rate(_commit(Path(folder)), seconds, at_once=1),
            "encrypt": _rate(_encrypt(), seconds),
            "sign": _rate(_sign(), seconds),
            "issue": _rate(_issue(), seconds, at_once=1),
        }


def _rate(act: Callable[[], object], seconds: float, at_once: int = _AT_ONCE) -> float:
    act()
    done, begun = 0, time.perf_counter()
    while (passed := time.perf_counter() - begun) < seconds:
        for _ in range(at_once):
            act()
        done += at_once
    return done / passed


def _commit(folder: Path) -> Callable[[], object]:
    database = sqlite3.connect(folder / "rows.db", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE rows (key INTEGER PRIMARY KEY, value BLOB)")
    value = os.urandom(300)
    return lambda: database.execute("INSERT INTO rows (value) VALUES (?)", (value,))


def _encrypt() -> Callable[[], object]:
    cipher, text = AESGCM(os.urandom(32)), os.urandom(64)
    return lambda: cipher.encrypt(os.urandom(12), text, None)


def _sign() -> Callable[[], object]:
    key, text, how = ec.generate_private_key(ec.SECP256R1()), os.urandom(64), ec.ECDSA(hashes.SHA256())
    return lambda: key.sign(text, how)


def _issue() -> Callable[[], object]:
    issuer = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a.example.com")])
    now = datetime.now(UTC)

    def act() -> object:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        lasting = builder.not_valid_before(now).not_valid_after(now + timedelta(hours=1))
        return lasting.sign(issuer, hashes.SHA256())

    return act
