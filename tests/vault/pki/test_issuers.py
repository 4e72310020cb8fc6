"""Issuers: chains, names, keys of every kind, ends, and what is kept in memory."""

import re
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from tests.vault.mounted import Mounted, mounted
from tests.vault.pki.certs import csr, load

from stratumiops.vault.engines.pki import PkiBackend
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.request import Operation, Secret


@pytest.mark.parametrize("bits", [44, 65, 87])
async def test_ml_dsa_chains(bits: int) -> None:
    pki = mounted(PkiBackend, "pki/")
    root = await pki.write("root/generate/exported", common_name="PQ root", key_type=f"ml-dsa-{bits}")
    assert root["private_key_type"] == "mldsa"
    await pki.write("roles/r", allow_any_name=True, key_type="mldsa", key_bits=bits)
    assert (await pki.read("roles/r"))["key_bits"] == bits
    issued = await pki.write("issue/r", common_name="a.example.com", ttl="1h")
    certificate = load(issued["certificate"])
    certificate.verify_directly_issued_by(load(root["certificate"]))
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.key_encipherment, usage.key_agreement) == (True, False, False)
    key: Any = load_pem_private_key(issued["private_key"].encode(), None)
    assert key.public_key() == certificate.public_key()
    signed = await pki.write("sign/r", csr=csr("b.example.com", key=key), ttl="1h")
    load(signed["certificate"]).verify_directly_issued_by(load(root["certificate"]))
    with pytest.raises(BadRequest, match="role requires keys of type mldsa"):
        await pki.write("sign/r", csr=csr("b.example.com"))


async def test_cross_signing(pki: Mounted) -> None:
    other = mounted(PkiBackend, "other/")
    old = await other.write("root/generate/internal", common_name="Old", key_type="ec")
    wanted = await pki.write("intermediate/cross-sign", common_name="Root", key_ref="default")
    signed = await other.write("root/sign-intermediate", csr=wanted["csr"], use_csr_values=True)
    taken = await pki.write("issuers/import/cert", pem_bundle=f"{signed['certificate']}\n{old['certificate']}")
    assert len(taken["imported_issuers"]) == 2
    crossed = taken["imported_issuers"][0]
    assert taken["mapping"][crossed] == (await pki.read("config/keys"))["default"]
    assert [load(one).subject.rfc4514_string() for one in (await pki.read(f"issuer/{crossed}"))["ca_chain"]] == [
        "CN=Root", "CN=Old",
    ]  # fmt: skip
    issued = await pki.write(f"issuer/{crossed}/issue/any", common_name="a")
    load(issued["certificate"]).verify_directly_issued_by(load((await pki.read("issuer/root"))["certificate"]))
    load(issued["certificate"]).verify_directly_issued_by(load(signed["certificate"]))
    self_issued = await other.write("root/sign-self-issued", certificate=(await pki.read("issuer/root"))["certificate"])
    load(self_issued["certificate"]).verify_directly_issued_by(load(old["certificate"]))
    with pytest.raises(BadRequest, match="not self-issued"):
        await other.write("root/sign-self-issued", certificate=issued["certificate"])
    rsa = await other.write("root/generate/internal", common_name="RSA")
    with pytest.raises(BadRequest, match="does not match submitted"):
        await pki.write(
            "root/sign-self-issued", certificate=rsa["certificate"], require_matching_certificate_algorithms=True
        )


async def test_imports(pki: Mounted) -> None:
    other = mounted(PkiBackend, "other/")
    made = await other.write("root/generate/exported", common_name="Brought", key_type="ec")
    bundle = f"{made['private_key']}\n{made['certificate']}"
    with pytest.raises(BadRequest, match="use /issuers/import/bundle"):
        await pki.write("issuers/import/cert", pem_bundle=bundle)
    await pki.write("issuers/import/cert", pem_bundle=made["certificate"])
    taken = await pki.write("config/ca", pem_bundle=bundle)
    assert (len(taken["imported_keys"]), len(taken["existing_issuers"])) == (1, 1)
    issuer = taken["existing_issuers"][0]
    assert taken["mapping"] == {issuer: taken["imported_keys"][0]}, "the issuer has its key now"
    load((await pki.write(f"issuer/{issuer}/issue/any", common_name="a"))["certificate"])
    leaf = (await pki.write("issue/any", common_name="a"))["certificate"]
    with pytest.raises(BadRequest, match="not marked for CA use"):
        await pki.write("config/ca", pem_bundle=leaf)


async def test_the_default_may_follow_the_latest(pki: Mounted) -> None:
    root = (await pki.read("config/issuers"))["default"]
    await pki.write("config/issuers", default=root, default_follows_latest_issuer=True)
    made = await pki.write("root/generate/internal", common_name="Newer", key_type="ec")
    assert (await pki.read("config/issuers"))["default"] == made["issuer_id"]


async def test_where_a_leaf_may_end(pki: Mounted) -> None:
    made = await pki.write("root/generate/internal", common_name="Short", key_type="ec", ttl="10h", issuer_name="short")
    with pytest.raises(BadRequest, match="beyond the expiration of the CA certificate at"):
        await pki.write("issuer/short/issue/any", common_name="a", ttl="20h")
    await pki.patch("issuer/short", leaf_not_after_behavior="truncate")
    assert (await pki.write("issuer/short/issue/any", common_name="a"))["expiration"] == made["expiration"]
    await pki.patch("issuer/short", leaf_not_after_behavior="permit")
    assert (await pki.write("issuer/short/issue/any", common_name="a"))["expiration"] > made["expiration"]


async def test_path_lengths(pki: Mounted) -> None:
    await pki.write("root/generate/internal", common_name="One", key_type="ec", max_path_length=1, issuer_name="one")
    await pki.write("root/generate/internal", common_name="None", key_type="ec", max_path_length=0, issuer_name="none")
    wanted = await pki.write("intermediate/generate/internal", common_name="I", key_type="ec")
    signed = await pki.write("issuer/one/sign-intermediate", csr=wanted["csr"], common_name="I")
    constraints = load(signed["certificate"]).extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (constraints.ca, constraints.path_length) == (True, 0)
    with pytest.raises(BadRequest, match="max path length of zero"):
        await pki.write("issuer/none/sign-intermediate", csr=wanted["csr"], common_name="I")
    with pytest.raises(BadRequest, match="greater than what the signing certificate allows"):
        await pki.write("issuer/one/sign-intermediate", csr=wanted["csr"], common_name="I", max_path_length=1)


async def test_an_intermediate_is_revoked(pki: Mounted) -> None:
    wanted = await pki.write("intermediate/generate/internal", common_name="I", key_type="ec")
    signed = await pki.write("root/sign-intermediate", csr=wanted["csr"], common_name="I")
    taken = await pki.write("intermediate/set-signed", certificate=signed["certificate"])
    issuer = taken["imported_issuers"][0]
    await pki.write(f"issuer/{issuer}/issue/any", common_name="a", ttl="1h")
    found = await pki.write(f"issuer/{issuer}/revoke")
    assert (found["revoked"], found["usage"]) == (True, "crl-signing,ocsp-signing,read-only")
    assert await pki.names("certs/revoked") == [signed["serial_number"]]
    with pytest.raises(BadRequest, match="requested usage issuing-certificates"):
        await pki.write(f"issuer/{issuer}/issue/any", common_name="a", ttl="1h")
    with pytest.raises(BadRequest, match="was revoked"):
        await pki.patch(f"issuer/{issuer}", usage="issuing-certificates")


async def test_urls(pki: Mounted) -> None:
    await pki.write("config/cluster", path="http://vault/v1/pki", aia_path="http://aia")
    await pki.write(
        "config/urls", issuing_certificates="{{cluster_aia_path}}/issuer/{{issuer_id}}/der",
        crl_distribution_points="{{cluster_path}}/crl", ocsp_servers="{{cluster_path}}/ocsp", enable_templating=True,
    )  # fmt: skip
    issuer = (await pki.read("config/issuers"))["default"]
    certificate = load((await pki.write("issue/any", common_name="a"))["certificate"])
    access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    assert [one.access_location.value for one in access] == [
        "http://vault/v1/pki/ocsp", f"http://aia/issuer/{issuer}/der",
    ]  # fmt: skip
    await pki.patch("issuer/root", ocsp_servers="http://own")
    certificate = load((await pki.write("issue/any", common_name="a"))["certificate"])
    access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    assert [one.access_location.value for one in access] == ["http://own"]


async def test_policies(pki: Mounted) -> None:
    given = ["1.2.3", {"oid": "1.2.4", "cps": "http://cps", "notice": "mind"}, '{"oid":"1.2.5"}']
    role = await pki.write("roles/p", allow_any_name=True, key_type="ec", policy_identifiers=given)
    assert role["policy_identifiers"][0] == "1.2.3"
    certificate = load((await pki.write("issue/p", common_name="a"))["certificate"])
    policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    assert [one.policy_identifier.dotted_string for one in policies] == ["1.2.3", "1.2.4", "1.2.5"]
    for wrong in ([1 << 70], [{"oid": 5}], {"oid": "1.2"}, "{", "[", ["1"]):
        with pytest.raises(BadRequest):
            await pki.write("roles/p", policy_identifiers=wrong)


async def test_leases(pki: Mounted) -> None:
    await pki.write("roles/leased", allow_any_name=True, key_type="ec", generate_lease=True, ttl="1h")
    found = await pki.ask(Operation.UPDATE, "issue/leased", {"common_name": "a"})
    assert found is not None
    assert found.data is not None
    assert isinstance(found.secret, Secret)
    assert (found.secret.ttl, found.secret.renewable) == (3600, False)
    for _ in range(2):
        await pki.backend.revoke(found.secret)
    assert await pki.names("certs/revoked") == [found.data["serial_number"]]
    await pki.backend.revoke(Secret(1, internal={"serial_number": "00:11"}))
    await pki.backend.revoke(Secret(1, internal={}))


async def test_nothing_is_left_in_memory_or_shown(pki: Mounted) -> None:
    made = await pki.write("keys/generate/exported", key_type="ec", key_name="shown")
    inner = "".join(made["private_key"].splitlines()[1:-1])
    assert inner not in repr(await pki.read("key/shown"))
    key = (await pki.backend._pki.authority.keys())[made["key_id"]]  # type: ignore[attr-defined]
    assert "private" not in repr(key)
    await pki.write("issue/any", common_name="a")
    await pki.backend.stop()
    assert not pki.backend._pki._signers  # type: ignore[attr-defined]
    assert pki.backend._pki.authority._keys._all is None  # type: ignore[attr-defined]
    await pki.write("issue/any", common_name="a")


async def test_a_key_of_somebody_else_is_no_error_text(pki: Mounted) -> None:
    made = await pki.write("keys/generate/exported", key_type="ec")
    broken = re.sub("[a-z]", "A", made["private_key"].replace("EC PRIVATE", "PRIVATE"))
    with pytest.raises(BadRequest) as refused:
        await pki.write("keys/import", pem_bundle=broken)
    assert refused.value.messages == ("failed to parse private key",)


async def test_certificates_are_listed_in_pages(pki: Mounted) -> None:
    for _ in range(5):
        await pki.write("issue/any", common_name="a")
    everything = await pki.names("certs")
    found, after = [], ""
    while True:
        try:
            page = (await pki.data(Operation.LIST, "certs", {"after": after, "limit": "2"}))["keys"]
        except NotFound:
            break
        found += page
        after = page[-1]
    assert found == everything
    assert len(everything) == 6


async def test_bounds_of_times(pki: Mounted) -> None:
    await pki.write("roles/bound", allow_any_name=True, key_type="ec", max_ttl="10h", not_after_bound="ttl-limited",
                    not_before_bound="forbid")  # fmt: skip
    with pytest.raises(BadRequest, match="not_after is not allowed"):
        await pki.write("issue/bound", common_name="a", not_after="2036-01-01T00:00:00Z")
    with pytest.raises(BadRequest, match="not_before is not allowed"):
        await pki.write("issue/bound", common_name="a", not_before="2026-01-01T00:00:00Z")
    await pki.patch("roles/bound", not_after_bound="2035-01-01T00:00:00Z", not_before_bound="2026-01-01T00:00:00Z")
    with pytest.raises(BadRequest, match="not_after is not allowed"):
        await pki.write("issue/bound", common_name="a", not_after="2036-01-01T00:00:00Z")
    issued = await pki.write(
        "issue/bound", common_name="a", not_after="2034-01-01T00:00:00Z", not_before="2026-02-01T00:00:00Z"
    )
    assert load(issued["certificate"]).not_valid_after_utc.year == 2034
    with pytest.raises(BadRequest, match="end before it begins"):
        await pki.write("issue/any", common_name="a", not_after="2001-01-01T00:00:00Z")


async def test_requests_at_once_make_names_once(pki: Mounted) -> None:
    import asyncio

    answers = await asyncio.gather(
        *(pki.write("root/generate/internal", common_name="x", key_type="ec", issuer_name="same") for _ in range(8)),
        return_exceptions=True,
    )
    assert sum(not isinstance(one, BadRequest) for one in answers) == 1
    assert len(await pki.names("issuers")) == 2
    assert len(await pki.names("keys")) == 2
