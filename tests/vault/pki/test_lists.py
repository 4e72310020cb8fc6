"""Lists of revoked certificates: complete ones, deltas, when they are made, and what they hold."""

import asyncio
from typing import Any

import pytest
from cryptography import x509
from tests.vault.mounted import Mounted
from tests.vault.pki.certs import load

from stratumiops.vault.engines.pki.encoding import serial_text
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.request import Operation

HOUR = 3600


async def crl(pki: Mounted, path: str = "crl") -> x509.CertificateRevocationList:
    found = await pki.ask(Operation.READ, path, {})
    assert found is not None
    assert found.raw is not None
    assert found.raw.content_type == "application/pkix-crl"
    made = x509.load_der_x509_crl(found.raw.body)
    issuer: Any = load((await pki.read("cert/ca"))["certificate"]).public_key()
    assert made.is_signature_valid(issuer)
    return made


def number(made: x509.CertificateRevocationList) -> int:
    return made.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


def serials(made: x509.CertificateRevocationList) -> set[str]:
    return {serial_text(one.serial_number) for one in made}


async def revoked(pki: Mounted) -> str:
    serial = (await pki.write("issue/any", common_name="a"))["serial_number"]
    await pki.write("revoke", serial_number=serial)
    return str(serial)


async def test_a_list_is_as_new_as_the_last_revocation(pki: Mounted) -> None:
    first = await crl(pki)
    assert (serials(first), number(await crl(pki))) == (set(), number(first))
    one = await revoked(pki)
    second = await crl(pki)
    assert serials(second) == {one}
    assert number(second) > number(first)
    pki.system.at += 73 * HOUR
    later = await crl(pki)
    assert later.last_update_utc.timestamp() == int(pki.system.at)
    assert later.next_update_utc is not None
    assert later.next_update_utc.timestamp() == int(pki.system.at) + 72 * HOUR


async def test_numbers_never_go_back(pki: Mounted) -> None:
    before = number(await crl(pki))
    await pki.backend.stop()
    assert number(await crl(pki)) > before
    await pki.read("crl/rotate")
    assert number(await crl(pki)) > before + 1


async def test_deltas(pki: Mounted) -> None:
    await pki.write("config/crl", auto_rebuild=True, enable_delta=True, delta_rebuild_interval="1h")
    base = await crl(pki)
    assert serials(await crl(pki, "crl/delta")) == set()
    one = await revoked(pki)
    assert serials(await crl(pki)) == set(), "the complete list waits"
    assert serials(await crl(pki, "crl/delta")) == set(), "so does the delta, for an hour"
    pki.system.at += HOUR
    delta = await crl(pki, "crl/delta")
    assert serials(delta) == {one}
    indicator = delta.extensions.get_extension_for_class(x509.DeltaCRLIndicator)
    assert (indicator.critical, indicator.value.crl_number) == (True, number(base))
    two = await revoked(pki)
    assert await pki.read("crl/rotate-delta") == {"success": True}
    assert serials(await crl(pki, "crl/delta")) == {one, two}
    pki.system.at += 60 * HOUR
    assert serials(await crl(pki)) == {one, two}, "made anew within twelve hours of its end"
    assert serials(await crl(pki, "crl/delta")) == set()


async def test_a_disabled_list_is_empty(pki: Mounted) -> None:
    one = await revoked(pki)
    await pki.write("config/crl", disable=True)
    assert serials(await crl(pki)) == set()
    await pki.write("config/crl", disable=False)
    assert serials(await crl(pki)) == {one}


@pytest.mark.parametrize(
    ("kind", "bits", "algorithm"),
    [("rsa", 2048, "SHA384WithRSAPSS"), ("rsa", 2048, "SHA512WithRSA"), ("ec", 521, ""), ("ed25519", 0, ""),
     ("mldsa", 65, "MLDSA65"), ("ec", 256, "ECDSAWithSHA512")],
)  # fmt: skip
async def test_lists_of_every_kind_of_key(pki: Mounted, kind: str, bits: int, algorithm: str) -> None:
    made = await pki.write("root/generate/internal", common_name="Other", key_type=kind, key_bits=bits)
    await pki.write("config/issuers", default=made["issuer_id"])
    await pki.patch("issuer/default", revocation_signature_algorithm=algorithm)
    one = await revoked(pki)
    assert serials(await crl(pki)) == {one}
    with pytest.raises(BadRequest):
        await pki.patch("issuer/default", revocation_signature_algorithm="MLDSA44" if kind != "mldsa" else "Ed25519")


async def test_issuers_list_only_their_own(pki: Mounted) -> None:
    one = await revoked(pki)
    made = await pki.write("root/generate/internal", common_name="Other", key_type="ec")
    await pki.write("config/issuers", default=made["issuer_id"])
    two = await revoked(pki)
    assert serials(await crl(pki)) == {two}
    other = x509.load_pem_x509_crl((await pki.read("issuer/root/crl"))["crl"].encode())
    assert serials(other) == {one}
    await pki.delete("issuer/root")
    assert serials(await crl(pki)) == {one, two}, "the default issuer lists what has no issuer here"


async def test_an_issuer_that_comes_back_has_its_list(pki: Mounted) -> None:
    one = await revoked(pki)
    certificate = (await pki.read("issuer/root"))["certificate"]
    await pki.delete("issuer/root")
    await pki.write("issuers/import/cert", pem_bundle=certificate)
    issuer = (await pki.read("config/issuers"))["default"]
    assert (await pki.read(f"cert/{one}"))["issuer_id"] == issuer
    assert serials(await crl(pki)) == {one}


async def test_many_revocations_at_once(pki: Mounted) -> None:
    issued = [(await pki.write("issue/any", common_name="a"))["serial_number"] for _ in range(40)]
    answers = await asyncio.gather(
        *(pki.write("revoke", serial_number=one) for one in issued for _ in range(3)), *(crl(pki) for _ in range(5))
    )
    times = {one["revocation_time_rfc3339"] for one in answers if isinstance(one, dict)}
    assert len(times) == 1
    assert serials(await crl(pki)) == set(issued)
    assert len(await pki.names("certs/revoked")) == 40


async def test_a_long_list(pki: Mounted) -> None:
    certificates = pki.backend._pki.certificates  # type: ignore[attr-defined]
    issuer = (await pki.read("config/issuers"))["default"]
    changes = {f"{number:08x}": f'[1.5,"{issuer}"]'.encode() for number in range(0x7FFFFF00, 0x7FFFFF00 + 3000)}
    await certificates._revoked.apply(changes)
    assert {f"{one.serial_number:08x}" for one in await crl(pki)} == set(changes)


async def test_revoking_takes_the_right_certificate(pki: Mounted) -> None:
    issued = await pki.write("issue/any", common_name="a")
    other = await pki.write("issue/any", common_name="b")
    with pytest.raises(BadRequest, match="does not match"):
        await pki.write("revoke-with-key", serial_number=issued["serial_number"], private_key=other["private_key"])
    await pki.write("revoke-with-key", serial_number=issued["serial_number"], private_key=issued["private_key"])
    assert await pki.names("certs/revoked") == [issued["serial_number"]]
    own = (await pki.read("issuer/root"))["certificate"]
    with pytest.raises(BadRequest, match="to its own CRL is not allowed"):
        await pki.write("revoke", certificate=own)


async def test_a_certificate_that_was_not_kept_can_be_revoked(pki: Mounted) -> None:
    await pki.write("roles/none", allow_any_name=True, key_type="ec", no_store=True)
    issued = await pki.write("issue/none", common_name="a")
    with pytest.raises(BadRequest, match="not found"):
        await pki.write("revoke", serial_number=issued["serial_number"])
    await pki.write("revoke", certificate=issued["certificate"])
    assert serials(await crl(pki)) == {issued["serial_number"]}


async def test_certificates_of_others_are_not_revoked(pki: Mounted) -> None:
    made = await pki.write("root/generate/internal", common_name="Gone", key_type="ec")
    issued = await pki.write(f"issuer/{made['issuer_id']}/issue/any", common_name="a", ttl="1h")
    await pki.write("roles/none", allow_any_name=True, key_type="ec", no_store=True)
    unkept = await pki.write(f"issuer/{made['issuer_id']}/issue/none", common_name="a", ttl="1h")
    await pki.delete(f"issuer/{made['issuer_id']}")
    with pytest.raises(BadRequest, match="unable to verify signature"):
        await pki.write("revoke", certificate=unkept["certificate"])
    assert (await pki.write("revoke", certificate=issued["certificate"]))["state"] == "revoked"


async def test_what_has_ended_is_not_listed(pki: Mounted) -> None:
    issued = await pki.write("issue/any", common_name="a", ttl="1h")
    pki.system.at += 2 * HOUR
    refused = await pki.ask(Operation.UPDATE, "revoke", {"serial_number": issued["serial_number"]})
    assert refused is not None
    assert "already expired; refusing to add to CRL" in refused.warnings[0]
    await pki.write("config/crl", allow_expired_cert_revocation=True)
    await pki.write("revoke", serial_number=issued["serial_number"])
    assert serials(await crl(pki)) == {issued["serial_number"]}
