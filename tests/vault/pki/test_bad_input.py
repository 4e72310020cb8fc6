"""Whatever a client sends, it is refused as a bad request, or it is good."""

import base64
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.vault.mounted import Mounted
from tests.vault.pki.certs import csr

from stratumiops.vault.errors import BadRequest, NotFound, UnsupportedOperation
from stratumiops.vault.request import Operation

often = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
GOOD = csr("a.example.com", ["b.example.com"])


def mangled(at: int, byte: int) -> str:
    """A CSR with one byte of its DER changed."""
    lines = GOOD.strip().splitlines()
    der = bytearray(base64.b64decode("".join(lines[1:-1])))
    der[at % len(der)] ^= byte
    return "\n".join([lines[0], base64.b64encode(der).decode(), lines[-1]])


def armored(label: str, der: bytes) -> str:
    return f"-----BEGIN {label}-----\n{base64.b64encode(der).decode()}\n-----END {label}-----\n"


labels = st.sampled_from(["CERTIFICATE", "PRIVATE KEY", "EC PRIVATE KEY", "CERTIFICATE REQUEST", "X509 CRL"])
texts = st.one_of(
    st.text(max_size=200), st.builds(armored, labels, st.binary(max_size=300)),
    st.builds(mangled, st.integers(0, 400), st.integers(1, 255)), st.none(), st.integers(),
    st.lists(st.integers(), max_size=2), st.dictionaries(st.text(max_size=3), st.none()),
)  # fmt: skip
SIGNING = ["sign/any", "sign-verbatim", "root/sign-intermediate"]
PATHS = [
    *((path, "csr") for path in SIGNING), ("config/ca", "pem_bundle"), ("root/sign-self-issued", "certificate"),
    ("issuers/import/bundle", "pem_bundle"), ("keys/import", "pem_bundle"), ("issuers/import/cert", "pem_bundle"),
    ("intermediate/set-signed", "certificate"), ("revoke", "certificate"), ("revoke", "serial_number"),
    ("revoke-with-key", "private_key"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "name"), PATHS)
@often
@given(value=texts)
async def test_bad_pem(pki: Mounted, path: str, name: str, value: Any) -> None:
    fields = {name: value}
    if name == "private_key":
        fields["serial_number"] = (await pki.write("issue/any", common_name="a"))["serial_number"]
    try:
        await pki.write(path, **fields)
    except BadRequest:
        return
    assert path in SIGNING


FIELDS = {
    "issue/any": ["common_name", "alt_names", "ip_sans", "uri_sans", "other_sans", "ttl", "not_after", "format",
                  "serial_number", "user_ids", "exclude_cn_from_sans", "not_before", "remove_roots_from_chain"],
    "root/generate/internal": ["common_name", "ou", "country", "max_path_length", "permitted_dns_domains", "key_usage",
                               "signature_bits", "alt_names", "serial_number", "not_after", "use_pss", "ttl"],
    "intermediate/generate/internal": ["common_name", "alt_names", "add_basic_constraints", "signature_bits"],
    "tidy": ["safety_buffer", "page_size", "pause_duration", "tidy_cert_store"],
    "config/issuers": ["default", "default_follows_latest_issuer"],
    "issuer/root": ["usage", "manual_chain", "leaf_not_after_behavior", "ocsp_servers", "crl_distribution_points",
                    "revocation_signature_algorithm", "enable_aia_url_templating"],
    "key/default": ["key_name"], "roles/x": None, "config/crl": None, "config/urls": None, "config/auto-tidy": None,
    "config/acme": None, "config/cluster": None,
}  # fmt: skip
values = st.one_of(
    st.none(), st.booleans(), st.integers(-(1 << 70), 1 << 70), st.floats(), st.text(max_size=80), st.just({}),
    st.lists(st.one_of(st.text(max_size=80), st.integers(), st.none()), max_size=3), st.just("9" * 4000),
    st.sampled_from(["\0", "a\0b.example.com", "é.example.com", "1h", "*", "{{issuer_id}}", "http://[::1", "[]", "{"]),
    st.sampled_from(['[{"oid":5}]', '{"oid":"1.2.3"}', "99.1.2;utf8:x", "1.99;utf8:x", "1.2.3;utf8:" + "x" * 300]),
)  # fmt: skip


@pytest.mark.parametrize("path", FIELDS)
@often
@given(data=st.data())
async def test_ill_typed_fields(pki: Mounted, path: str, data: st.DataObject) -> None:
    names = FIELDS[path] or list(await pki.read(path.replace("roles/x", "roles/any")))
    fields = data.draw(st.dictionaries(st.sampled_from(names), values, min_size=1, max_size=4))
    base = {"key_type": "ec"} if "generate" in path else {"common_name": "a"} if path == "issue/any" else {}
    operation = Operation.PATCH if path == "issuer/root" else Operation.UPDATE
    try:
        await pki.data(operation, path, {**base, **fields})
        if path == "roles/x":
            await pki.write("issue/x", common_name="a", ttl="1h")
        if path.startswith("config/") or path == "issuer/root":
            await pki.read("crl/rotate")
            await pki.write("issue/any", common_name="a", ttl="1h")
    except BadRequest:
        return


@often
@given(path=st.text(max_size=40), data=st.dictionaries(st.text(max_size=8), values, max_size=2))
async def test_odd_paths(pki: Mounted, path: str, data: dict[str, Any]) -> None:
    for prefix in ("cert/", "issuer/", "key/", "roles/", "ocsp/", "issuer/root/", "eab/", ""):
        try:
            await pki.ask(Operation.READ, prefix + path, data)
        except (BadRequest, NotFound, UnsupportedOperation):
            continue
