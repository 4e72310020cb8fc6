"""How a vault is asked how it stands: over HTTP and TLS, and by who has no certificate."""

import datetime as dt
import ipaddress
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.ports import unused_port

from stratumiops.ui.cli.platform.api import Address
from stratumiops.ui.cli.platform.vault.standing import Standing, State, ask, mistrust

from ..vault.servers import CONFIG, Server, svault  # noqa: TID252 - servers of all tests of the vault
from .conftest import until

_TLS = CONFIG.replace("[storage]", 'tls_cert = "cert.pem"\ntls_key = "key.pem"\n{more}\n[storage]', 1)


@contextmanager
def over_tls(certificate: Path, more: str = "") -> Iterator[Address]:
    """A vault beside its certificate."""
    where = Address("127.0.0.1", unused_port(), "https")
    file = certificate.with_name("svault.toml")
    file.write_text(_TLS.format(port=where.port, more=more))
    process = subprocess.Popen(
        [sys.executable, "-m", "stratumiops.vault.cli", "server", "--config", str(file)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: ask(where))
        yield where
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of 127.0.0.1, signed by itself; its key is beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "svault")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "vault").mkdir()
    file = tmp_path / "vault" / "cert.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "vault" / "key.pem").write_bytes(private)
    return file


def at(server: Server, scheme: str = "http") -> Address:
    return Address("127.0.0.1", int(server.address.rpartition(":")[2]), scheme)


def test_a_vault_on_its_way_from_new_to_open_to_failing(tmp_path: Path) -> None:
    with svault(tmp_path / "vault") as server:
        where = at(server)
        assert ask(where) == Standing(State.UNINITIALIZED)
        assert "svault operator init" in str(Standing(State.UNINITIALIZED).advice(where.url))
        server.begin()
        assert ask(where) == Standing(State.READY)
        server.ask("PUT", "sys/seal")
        assert ask(where) == Standing(State.SEALED)
        server.unseal()
        log = tmp_path / "log"
        server.data("PUT", "sys/audit/file", json={"type": "file", "options": {"file_path": str(log)}})
        log.unlink()
        log.mkdir()
        assert server.ask("GET", "sys/mounts").status_code == 500
        found = ask(where)
        assert found == Standing(State.FAILING, ("no audit device can be written",))
    assert ask(where) is None


def test_over_tls_with_a_certificate_that_may_be_trusted(certificate: Path) -> None:
    with over_tls(certificate) as where:
        assert ask(where) == Standing(State.UNINITIALIZED)
        assert ask(Address(where.host, where.port)) is None
        assert "self" in mistrust(where, None)
        assert mistrust(where, certificate) == ""
    assert mistrust(where, certificate)


def test_a_vault_that_wants_certificates_of_its_clients_runs(certificate: Path) -> None:
    with over_tls(certificate, 'tls_client_ca = "cert.pem"') as where:
        assert ask(where) == Standing(State.RUNNING)


def test_what_is_no_vault_is_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert ask(Address("127.0.0.1", other.getsockname()[1])) is None
    assert ask(Address("127.0.0.1", unused_port())) is None
