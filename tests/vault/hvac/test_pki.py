"""hvac drives PKI."""

from collections.abc import Iterator

import hvac
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hvac import exceptions


@pytest.fixture(scope="module", autouse=True)
def mounts(server: object) -> Iterator[None]:
    client = hvac.Client(url=server.address, token=server.root)  # type: ignore[attr-defined]
    for path in ("root", "below"):
        client.sys.enable_secrets_engine("pki", path=path)
    client.secrets.pki.generate_root("internal", "Root", {"key_type": "ec", "ttl": "8760h"}, mount_point="root")
    role = {"allowed_domains": "example.com", "allow_subdomains": True, "key_type": "ec", "max_ttl": "72h"}
    client.secrets.pki.create_or_update_role("web", role, mount_point="root")
    yield
    for path in ("root", "below"):
        client.sys.disable_secrets_engine(path)


def request(name: str) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()


def test_issue_revoke_and_read(client: hvac.Client) -> None:
    pki, at = client.secrets.pki, {"mount_point": "root"}
    made = pki.generate_certificate("web", "a.example.com", {"ttl": "1h"}, **at)["data"]
    found = x509.load_pem_x509_certificate(made["certificate"].encode())
    ca = x509.load_pem_x509_certificate(pki.read_ca_certificate(**at).encode())
    found.verify_directly_issued_by(ca)
    assert pki.read_certificate(made["serial_number"], **at)["data"]["revocation_time"] == 0
    assert made["serial_number"] in pki.list_certificates(**at)["data"]["keys"]
    pki.revoke_certificate(made["serial_number"], **at)
    assert pki.read_certificate(made["serial_number"], **at)["data"]["revocation_time"] > 0
    assert pki.rotate_crl(**at)["data"]["success"] is True
    listed = x509.load_pem_x509_crl(pki.read_crl(**at).encode())
    assert listed.get_revoked_certificate_by_serial_number(found.serial_number) is not None
    with pytest.raises(exceptions.InvalidRequest, match=r"common name a\.other\.org not allowed by this role"):
        pki.generate_certificate("web", "a.other.org", **at)
    with pytest.raises(exceptions.InvalidRequest, match="unknown role: none"):
        pki.generate_certificate("none", "a.example.com", **at)


def test_signing(client: hvac.Client) -> None:
    pki, at = client.secrets.pki, {"mount_point": "root"}
    signed = pki.sign_certificate("web", request("b.example.com"), "b.example.com", **at)["data"]["certificate"]
    assert "BEGIN CERTIFICATE" in signed
    assert pki.sign_verbatim(request("anything"), extra_params={"ttl": "1h"}, **at)["data"]["serial_number"]


def test_an_intermediate(client: hvac.Client) -> None:
    pki = client.secrets.pki
    asked = pki.generate_intermediate("internal", "Below", {"key_type": "ec"}, mount_point="below")["data"]["csr"]
    signed = pki.sign_intermediate(asked, "Below", {"ttl": "100h"}, mount_point="root")["data"]
    pki.set_signed_intermediate(signed["certificate"] + "\n" + signed["issuing_ca"], mount_point="below")
    assert pki.read_ca_certificate_chain(mount_point="below").count("BEGIN CERTIFICATE") == 2
    issuers = pki.list_issuers(mount_point="below")["data"]["key_info"]
    assert len(issuers) == 2
    pki.update_issuer("default", {"issuer_name": "below"}, mount_point="below")
    assert pki.read_issuer("below", mount_point="below")["data"]["issuer_name"] == "below"
    pki.revoke_issuer("below", mount_point="below")
    pki.delete_issuer("below", mount_point="below")


def test_configuration_and_roles(client: hvac.Client) -> None:
    pki, at = client.secrets.pki, {"mount_point": "root"}
    pki.set_urls({"issuing_certificates": ["http://ca.example.com"]}, **at)
    assert pki.read_urls(**at)["data"]["issuing_certificates"] == ["http://ca.example.com"]
    pki.set_crl_configuration(expiry="24h", **at)
    assert pki.read_crl_configuration(**at)["data"]["expiry"] == "24h"
    assert pki.read_role("web", **at)["data"]["max_ttl"] == 72 * 3600
    assert pki.list_roles(**at)["data"]["keys"] == ["web"]
    assert pki.tidy({"tidy_cert_store": True}, **at).status_code == 202
    pki.create_or_update_role("brief", {"allow_any_name": True}, **at)
    pki.delete_role("brief", **at)
    with pytest.raises(exceptions.InvalidPath):
        pki.read_role("brief", **at)


def test_a_bundle_and_the_end_of_a_root(client: hvac.Client) -> None:
    client.sys.enable_secrets_engine("pki", path="own")
    pki = client.secrets.pki
    made = pki.generate_root("exported", "Own", {"key_type": "ec"}, mount_point="own")["data"]
    client.sys.enable_secrets_engine("pki", path="taken")
    pki.submit_ca_information(made["private_key"] + "\n" + made["certificate"], mount_point="taken")
    assert pki.read_ca_certificate(mount_point="taken").strip() == made["certificate"].strip()
    assert pki.sign_self_issued(made["certificate"], mount_point="taken")["data"]["certificate"]
    pki.delete_root(mount_point="taken")
    for path in ("own", "taken"):
        client.sys.disable_secrets_engine(path)
