"""The same requests to a mount of ours and to one of OpenBao: the same statuses, texts and shapes."""

import re
import uuid
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from tests.vault.mounted import Mounted, mounted
from tests.vault.pki.certs import csr, load

from stratumiops.vault.engines.pki import PkiBackend
from stratumiops.vault.errors import VaultError
from stratumiops.vault.request import Operation

_OPERATIONS = {
    "GET": Operation.READ, "POST": Operation.UPDATE, "PATCH": Operation.PATCH, "DELETE": Operation.DELETE,
    "LIST": Operation.LIST,
}  # fmt: skip
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SERIAL = re.compile(r"([0-9a-f]{2}:){15,}[0-9a-f]{2}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_SHOWN = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)
Seen = tuple[int, Any]

ROLES: list[dict[str, Any]] = [
    {"allowed_domains": "example.com", "allow_subdomains": True, "key_type": "ec", "max_ttl": "72h"},
    {"allow_any_name": True, "key_type": "any"},
    {"key_type": "foo"}, {"key_bits": 1000}, {"key_type": "ec", "key_bits": 1}, {"key_type": "ed25519"},
    {"ttl": "2h", "max_ttl": "1h"}, {"ext_key_usage_oids": "1.2.x"}, {"policy_identifiers": "1.2.3"},
    {"allowed_other_sans": "xx"}, {"allowed_ip_sans_cidr": "xx"}, {"issuer_ref": "nope"}, {"not_after_bound": "zz"},
    {"not_before_bound": "forbid"}, {"issuer_ref": ""}, {"key_usage": []}, {"key_usage": ""}, {"cn_validations": "foo"},
    {"allowed_domains": 5}, {"generate_lease": True, "no_store": True}, {"key_type": "mldsa", "key_bits": 65},
    {"ou": "a,b", "country": ["US"], "not_before_duration": "1h", "ttl": 3600},
]  # fmt: skip
NAMES: list[tuple[dict[str, Any], list[str]]] = [
    (
        {"allowed_domains": "example.com", "allow_subdomains": True},
        [
            "a.example.com", "example.com", "*.example.com", "*.a.example.com", "a.*.example.com", "a*.example.com",
            "localhost", "localhost.localdomain", "a.localhost", "A.EXAMPLE.COM", "a.example.com.", "u@a.example.com",
            "u@example.com", "-a.example.com", "a_b.example.com", "münchen.example.com", "xn--mnchen-3ya.example.com",
            "1.2.3.4", "a..example.com", "aexample.com", "a.example.com,b.example.com", "a b.example.com",
            f"{'x' * 70}.example.com", "",
        ],
    ),
    (
        {"allow_any_name": True},
        ["foo", "a_b.c", "-a", "u@x", "*.com", "*", "münchen", "a b", "1.2.3.4", "a*b.c", "http://x", "a..b", ".a",
         "a.", "a/b"],
    ),
    ({"allow_any_name": True, "enforce_hostnames": False}, ["a b", "*", "münchen", ""]),
    (
        {"allowed_domains": "example.com,foo.org", "allow_bare_domains": True},
        ["example.com", "foo.org", "a.example.com", "u@example.com", "u@a.example.com", "*.example.com"],
    ),
    (
        {"allowed_domains": "*.example.com,ftp*.foo.org,b*r", "allow_glob_domains": True},
        ["a.example.com", "a.b.example.com", "*.example.com", "*.a.example.com", "ftp1.foo.org", "ftp.foo.org",
         "ftp.a.foo.org", "bar", "b.r", "ftp*.foo.org", "example.com", "u@ftp1.foo.org", "u@a.example.com"],
    ),
    (
        {"allowed_domains": "example.com", "allow_subdomains": True, "allow_wildcard_certificates": False,
         "allow_localhost": False},
        ["a.example.com", "*.example.com", "localhost", "a.localhost"],
    ),
    (
        {"allowed_domains": "*.example.com", "allow_subdomains": True, "allow_bare_domains": True},
        ["a.example.com", "*.example.com", "a.*.example.com", "*.*.example.com"],
    ),
    ({"allow_any_name": True, "cn_validations": "disabled"}, ["a b c !", "u@x", "a.b"]),
    ({"allow_any_name": True, "cn_validations": "email"}, ["a.b", "u@a.b"]),
    ({"allow_any_name": True, "cn_validations": "hostname"}, ["a.b", "u@a.b"]),
    ({"allow_any_name": True, "require_cn": False}, [""]),
]  # fmt: skip
SANS: list[dict[str, Any]] = [
    {"alt_names": "b.example.com,c.example.com"}, {"alt_names": "u@b.example.com"}, {"ip_sans": "10.1.2.3,::1"},
    {"ip_sans": "10.1.2.3"}, {"ip_sans": "11.1.2.3"}, {"ip_sans": "1.2.3"}, {"uri_sans": "spiffe://x/y/z"},
    {"uri_sans": "https://y/z"}, {"other_sans": "1.2.3.4;utf8:foobar"}, {"other_sans": "1.2.3.4;UTF-8:foo"},
    {"other_sans": "1.2.3.4;utf8:bar"}, {"other_sans": "1.2.3.5;utf8:foo"}, {"other_sans": "junk"},
    {"other_sans": "1.2.3.4;int:foo"}, {"serial_number": "55"}, {"serial_number": "6"}, {"user_ids": "u1"},
    {"user_ids": "x"}, {"ttl": "1h", "not_after": "2027-01-01T00:00:00Z"}, {"not_after": "junk"}, {"format": "zz"},
    {"exclude_cn_from_sans": True}, {"format": "der"}, {"format": "pem_bundle"}, {"private_key_format": "pkcs8"},
    {"remove_roots_from_chain": True},
]  # fmt: skip


class Pair:
    """A mount of each."""

    def __init__(self, theirs: httpx.Client) -> None:
        self.theirs = theirs
        self.path = f"pki-{uuid.uuid4()}"
        self.theirs.post(f"sys/mounts/{self.path}", json={"type": "pki", "config": {"max_lease_ttl": "87600h"}})
        self.ours: Mounted = mounted(PkiBackend, f"{self.path}/")
        self.ours.backend.mount.max_lease_ttl = 87_600 * 3600

    async def ask(self, method: str, path: str, /, **data: Any) -> tuple[Seen, Seen]:
        """What each answers: a status, and the data or the errors."""
        return await self._ours(method, path, data), self._theirs(method, path, data)

    async def same(self, method: str, path: str, /, **data: Any) -> Any:
        """What both answer; ours, when it is the same."""
        ours, theirs = await self.ask(method, path, **data)
        shown = (_general(ours), _general(theirs))
        assert shown[0] == shown[1], (method, path, data)
        return ours[1]

    async def _ours(self, method: str, path: str, data: dict[str, Any]) -> Seen:
        more = {"content_type": "application/merge-patch+json"} if method == "PATCH" else {}
        try:
            found = await self.ours.ask(_OPERATIONS[method], path, dict(data), **more)
        except VaultError as refused:
            return refused.status, list(refused.messages)
        if found is None:
            return 204, None
        if found.raw is not None:
            return found.raw.status, found.raw.content_type
        return found.status or (200 if found.data is not None else 204), found.data

    def _theirs(self, method: str, path: str, data: dict[str, Any]) -> Seen:
        headers = {"Content-Type": "application/merge-patch+json"} if method == "PATCH" else {}
        body = data if method in {"POST", "PATCH"} else None
        answer = self.theirs.request(method, f"{self.path}/{path}", json=body, headers=headers)
        content_type = answer.headers.get("content-type", "").split(";")[0]
        if not content_type.startswith("application/json"):
            return answer.status_code, content_type
        document = answer.json() if answer.content else {}
        return answer.status_code, document.get("errors", document.get("data"))


def _general(seen: Seen) -> Seen:
    """Without what differs by chance: ids, numbers, times, keys; a client's mistake is 400, where OpenBao says 500."""
    status, found = seen
    if isinstance(found, list):
        texts = [re.sub(r"^1 error occurred:\s+\* |\s+$", "", one) for one in found]
        return (400 if status == 500 else status), [_general_text(one) for one in texts]
    return status, _general_value(found)


def _general_value(value: Any) -> Any:
    if isinstance(value, dict):
        return {_general_text(name): _general_value(one) for name, one in sorted(value.items())}
    if isinstance(value, list):
        return [_general_value(one) for one in value]
    if isinstance(value, str):
        return _general_text(value)
    return "number" if isinstance(value, int) and value > 1_000_000_000 else value


def _general_text(text: str) -> str:
    text = _SHOWN.sub(lambda found: f"<{found[1]}>", text)
    text = _TIME.sub("<time>", _SERIAL.sub("<serial>", _ID.sub("<id>", text)))
    return "<base64>" if re.fullmatch(r"[A-Za-z0-9+/]{60,}={0,2}", text) else text


@pytest.fixture
async def pair(openbao: httpx.Client) -> Pair:
    return Pair(openbao)


@pytest.fixture
async def rooted(pair: Pair) -> Pair:
    await pair.same("POST", "root/generate/internal", common_name="Root", key_type="ec", ttl="87600h", issuer_name="r1")
    return pair


async def test_a_mount_without_an_issuer(pair: Pair) -> None:
    for path in ("ca", "ca/pem", "ca_chain", "crl", "crl/pem", "cert/ca", "cert/ca_chain", "cert/crl", "issuer/x/pem"):
        await pair.same("GET", path)
    for path in ("issuer/default", "issuer/default/json", "crl/rotate", "crl/rotate-delta"):
        await pair.same("GET", path)
    for path in ("issuers", "keys", "certs", "roles", "certs/revoked", "certs/detailed"):
        await pair.same("LIST", path)
    for name in ("crl", "urls", "issuers", "keys", "cluster", "auto-tidy", "acme"):
        await pair.same("GET", f"config/{name}")
    await pair.same("GET", "tidy-status")
    await pair.same("POST", "roles/r", allow_any_name=True)
    await pair.same("POST", "issue/r", common_name="a")
    await pair.same("GET", "roles/nope")
    await pair.same("PATCH", "roles/nope", ttl="1h")
    await pair.same("DELETE", "roles/nope")


@pytest.mark.parametrize("role", ROLES, ids=str)
async def test_roles(rooted: Pair, role: dict[str, Any]) -> None:
    await rooted.same("POST", "roles/r", **role)
    await rooted.same("GET", "roles/r")
    await rooted.same("PATCH", "roles/r", max_ttl="10h")
    await rooted.same("LIST", "roles")


@pytest.mark.parametrize(("role", "names"), NAMES, ids=lambda value: str(value)[:40])
async def test_common_names(rooted: Pair, role: dict[str, Any], names: list[str]) -> None:
    await rooted.same("POST", "roles/r", key_type="ec", **role)
    for name in names:
        ours, theirs = await rooted.ask("POST", "issue/r", common_name=name, ttl="1h")
        assert _general(ours) == _general(theirs), name
        if ours[0] == 200:
            one, other = load(ours[1]["certificate"]), load(theirs[1]["certificate"])
            assert _said(one) == _said(other), name


@pytest.mark.parametrize("fields", SANS, ids=str)
async def test_other_names_and_forms(rooted: Pair, fields: dict[str, Any]) -> None:
    await rooted.same(
        "POST", "roles/r", allow_any_name=True, key_type="ec", allowed_uri_sans="spiffe://x/*,https://y",
        allowed_other_sans="1.2.3.4;utf8:foo*", allowed_ip_sans_cidr="10.0.0.0/8,::/0", allowed_serial_numbers="5*",
        allowed_user_ids="u*",
    )  # fmt: skip
    ours, theirs = await rooted.ask("POST", "issue/r", common_name="a.example.com", **fields)
    assert _general(ours) == _general(theirs)
    if ours[0] == 200 and fields.get("format") not in {"der", "pem_bundle"}:
        assert _said(load(ours[1]["certificate"])) == _said(load(theirs[1]["certificate"]))
    await rooted.same("POST", "roles/none", key_type="ec", allow_any_name=True, allow_ip_sans=False)
    if fields.get("format") != "zz":
        await rooted.same("POST", "issue/none", common_name="a.example.com", **fields)


def _said(certificate: x509.Certificate) -> dict[str, Any]:
    """What a certificate says, whatever its keys are."""
    said: dict[str, Any] = {"subject": sorted(one.rfc4514_string() for one in certificate.subject)}
    for one in certificate.extensions:
        value: Any = one.value
        if isinstance(value, x509.SubjectKeyIdentifier | x509.AuthorityKeyIdentifier):
            value = "identifier"
        elif isinstance(value, x509.SubjectAlternativeName):
            value = [str(name) for name in value]
        said[one.oid.dotted_string] = (value, one.critical)
    lasts = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    return said | {"lasts": round(lasts.total_seconds() / 10), "version": certificate.version}


CSRS = {
    "good": csr("a.example.com", ["b.example.com"]), "other name": csr("a.example.com", ["b.example.org"]),
    "no common name": csr("", ["b.example.com"]),
    "rsa": csr("a.example.com", key=rsa.generate_private_key(65537, 2048)),
    "bigger": csr("a.example.com", key=ec.generate_private_key(ec.SECP384R1())),
    "ca": csr("a.example.com", extensions=[x509.BasicConstraints(ca=True, path_length=None)]),
    "usages": csr("a.example.com", extensions=[x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.2.3.4")])]),
    "unknown": csr("any", extensions=[x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.9"), b"\5\0")]),
    "empty": "", "junk": "junk",
}  # fmt: skip


@pytest.mark.parametrize("name", CSRS)
async def test_csrs(rooted: Pair, name: str) -> None:
    await rooted.same("POST", "roles/r", allowed_domains="example.com", allow_subdomains=True, key_type="ec")
    await rooted.same("POST", "roles/any", allow_any_name=True, key_type="any", use_csr_common_name=False,
                      use_csr_sans=False)  # fmt: skip
    await rooted.same("POST", "roles/big", allow_any_name=True, key_type="ec", key_bits=384)
    asked: list[tuple[str, dict[str, Any]]] = [
        ("sign/r", {}), ("sign/r", {"common_name": "z.example.com"}), ("sign/any", {}),
        ("sign/any", {"common_name": "q.r", "alt_names": "s.t"}), ("sign/big", {}), ("sign-verbatim", {}),
        ("sign-verbatim/r", {}), ("sign-verbatim/nope", {}), ("issuer/r1/sign/r", {}),
        ("sign-verbatim", {"key_usage": "DigitalSignature", "ext_key_usage": "ServerAuth", "ttl": "1h"}),
    ]  # fmt: skip
    for path, more in asked:
        ours, theirs = await rooted.ask("POST", path, csr=CSRS[name], **more)
        assert _general(ours) == _general(theirs), path
        if ours[0] == 200:
            assert _said(load(ours[1]["certificate"])) == _said(load(theirs[1]["certificate"])), path


@pytest.mark.parametrize(
    "fields",
    [
        {}, {"key_type": "foo"}, {"key_bits": 1024}, {"key_type": "ec", "key_bits": 222},
        {"key_type": "ec", "format": "x"},
        {"key_type": "ec", "issuer_name": "r1"}, {"key_type": "ec", "issuer_name": "default"},
        {"key_type": "ec", "issuer_name": "a b"}, {"key_type": "mldsa", "key_bits": 87}, {"key_type": "any"},
        {"key_type": "ec", "key_bits": 384, "ttl": "100000h"},
        {"key_type": "ed25519", "max_path_length": 0, "permitted_dns_domains": "example.com",
         "alt_names": "a@b.c,foo.example.com", "ip_sans": "1.2.3.4", "uri_sans": "http://x/y",
         "other_sans": "1.2.3.4;utf8:foo", "ou": "o1,o2", "organization": "org", "country": "US", "locality": "l",
         "province": "p", "street_address": "s", "postal_code": "1", "serial_number": "99"},
    ],
    ids=str,
)  # fmt: skip
async def test_roots(rooted: Pair, fields: dict[str, Any]) -> None:
    for path in ("root/generate/internal", "root/generate/exported"):
        ours, theirs = await rooted.ask("POST", path, common_name="Root two", **fields)
        assert _general(ours) == _general(theirs)
        if ours[0] == 200:
            one, other = load(ours[1]["certificate"]), load(theirs[1]["certificate"])
            assert _said(one) == _said(other)
            assert one.subject.rfc4514_string() == other.subject.rfc4514_string()
    await rooted.same("POST", "root/generate/foo", common_name="x")
    await rooted.same("POST", "root/generate/existing", common_name="x", key_ref="nope")
    await rooted.same("POST", "root/generate/existing", common_name="x y")


async def test_what_is_there_of_a_root(rooted: Pair) -> None:
    for path in (
        "issuer/default", "issuer/r1", "issuer/default/json", "key/default", "key/nope", "issuer/nope", "ca", "ca/pem",
        "ca_chain", "crl", "crl/pem", "crl/delta", "crl/delta/pem", "cert/ca", "cert/crl", "cert/ca_chain",
        "cert/delta-crl", "issuer/default/pem", "issuer/default/der", "issuer/default/crl", "issuer/default/crl/pem",
        "issuer/default/crl/der", "issuer/default/crl/delta", "cert/00:11", "cert/zz", "cert/00:11/raw/pem",
        "config/issuers", "config/keys", "nope", "issue/r", "root/generate/internal",
    ):  # fmt: skip
        await rooted.same("GET", path)
    for path in ("issuers", "keys", "certs", "certs/detailed"):
        await rooted.same("LIST", path)
    for _ in range(2):
        await rooted.same("DELETE", "root")
    await rooted.same("GET", "ca")


async def test_revocation(rooted: Pair) -> None:
    await rooted.same("POST", "roles/r", allow_any_name=True, key_type="ec")
    given = await rooted.ask("POST", "issue/r", common_name="a")
    for fields in ({}, {"serial_number": ""}, {"serial_number": "00:11"}, {"serial_number": "zz"},
                   {"serial_number": "x", "certificate": "y"}, {"certificate": "y"}):  # fmt: skip
        await rooted.same("POST", "revoke", **fields)
    for _ in range(2):
        ours = await rooted._ours("POST", "revoke", {"serial_number": given[0][1]["serial_number"]})
        theirs = rooted._theirs("POST", "revoke", {"serial_number": given[1][1]["serial_number"]})
        assert _general(ours) == _general(theirs)
    ours = await rooted._ours("GET", f"cert/{given[0][1]['serial_number']}", {})
    theirs = rooted._theirs("GET", f"cert/{given[1][1]['serial_number'].replace(':', '-')}", {})
    assert _general(ours) == _general(theirs)
    await rooted.same("LIST", "certs/revoked")
    for fields in ({}, {"private_key": "junk"}):
        await rooted.same("POST", "revoke-with-key", serial_number="00:11", **fields)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("urls", {"issuing_certificates": "http://x/ca", "crl_distribution_points": ["http://x/crl"]}),
        ("urls", {"issuing_certificates": "junk"}),
        ("urls", {"enable_templating": True, "issuing_certificates": "{{cluster_aia_path}}/issuer/{{issuer_id}}/der"}),
        ("cluster", {"path": "http://z/v1/pki", "aia_path": "http://aia"}), ("cluster", {"path": "junk"}),
        ("issuers", {"default": "nope"}), ("issuers", {}), ("issuers", {"default": ""}),
        ("issuers", {"default": "r1", "default_follows_latest_issuer": True}),
        ("keys", {"default": "nope"}), ("keys", {}),
        ("crl", {"expiry": "junk"}), ("crl", {"expiry": "10h"}), ("crl", {"enable_delta": True}),
        ("crl", {"auto_rebuild": True, "expiry": "1h"}), ("crl", {"delta_rebuild_interval": "zz"}),
        ("crl", {"auto_rebuild": True, "expiry": "48h", "auto_rebuild_grace_period": "47h"}),
        ("crl", {"auto_rebuild": True, "enable_delta": True, "delta_rebuild_interval": "1h"}),
        ("crl", {"disable": True}),
        ("auto-tidy", {"enabled": True}),
        ("auto-tidy", {"enabled": False, "tidy_cert_store": True, "interval_duration": "10m"}),
        ("acme", {"enabled": True}), ("acme", {"allowed_roles": []}), ("acme", {"allowed_issuers": "nope"}),
        ("acme", {"default_directory_policy": "foo"}), ("acme", {"default_directory_policy": "forbid"}),
        ("acme", {"eab_policy": "foo"}), ("acme", {"eab_policy": "always-required"}),
        ("acme", {"dns_resolver": "junk"}),
        ("acme", {"dns_resolver": "1.2.3.4:53"}),
    ],
    ids=str,
)  # fmt: skip
async def test_settings(rooted: Pair, name: str, fields: dict[str, Any]) -> None:
    await rooted.same("POST", f"config/{name}", **fields)
    await rooted.same("GET", f"config/{name}")


@pytest.mark.parametrize(
    "fields",
    [
        {"issuer_name": "other", "leaf_not_after_behavior": "truncate"}, {"usage": "read-only,crl-signing"},
        {"usage": "foo"}, {"leaf_not_after_behavior": "foo"}, {"issuer_name": "a b"}, {"issuer_name": "default"},
        {"usage": ""}, {"manual_chain": "nope"}, {"manual_chain": "r1"}, {"manual_chain": ""},
        {"issuing_certificates": "junk"}, {"revocation_signature_algorithm": "ECDSAWithSHA384"},
    ],
    ids=str,
)  # fmt: skip
async def test_settings_of_an_issuer(rooted: Pair, fields: dict[str, Any]) -> None:
    await rooted.same("PATCH", "issuer/r1", **fields)
    await rooted.same("GET", "issuer/default")
    await rooted.same("POST", "issuer/default", **fields)
    await rooted.same("GET", "issuer/default")


async def test_issuers_and_keys_end(rooted: Pair) -> None:
    await rooted.same("POST", "keys/generate/internal", key_type="ec", key_name="one")
    await rooted.same("POST", "keys/generate/exported", key_type="ed25519")
    await rooted.same("POST", "keys/generate/kms")
    await rooted.same("GET", "key/one")
    await rooted.same("POST", "key/one", key_name="two")
    await rooted.same("DELETE", "key/default")
    await rooted.same("DELETE", "key/two")
    await rooted.same("DELETE", "key/two")
    await rooted.same("POST", "root/rotate/internal", common_name="Root 2", key_type="ec")
    await rooted.same("POST", "root/replace")
    await rooted.same("POST", "root/replace", default="r1")
    for _ in range(2):
        await rooted.same("POST", "issuer/next/revoke")
    await rooted.same("GET", "issuer/next")
    await rooted.same("POST", "issuer/nope/revoke")
    await rooted.same("DELETE", "issuer/next")
    await rooted.same("DELETE", "issuer/next")
    await rooted.same("DELETE", "issuer/default")
    await rooted.same("GET", "config/issuers")


async def test_intermediates(openbao: httpx.Client, rooted: Pair) -> None:
    below = Pair(openbao)
    asked = await below.ask("POST", "intermediate/generate/internal", common_name="Int", key_type="ec", key_name="ik")
    await below.same("POST", "intermediate/generate/exported", common_name="Int 2", key_type="ed25519", format="der")
    await below.same("POST", "intermediate/generate/existing", common_name="Int 3", key_ref="ik")
    await below.same("POST", "intermediate/cross-sign", common_name="Int 3", key_ref="ik")
    assert _general(asked[0]) == _general(asked[1])
    options: list[dict[str, Any]] = [
        {"common_name": "Int CA", "ttl": "43800h"}, {"ttl": "43800h"}, {"use_csr_values": True, "ttl": "1h"},
        {"max_path_length": 0, "permitted_dns_domains": "a.b", "common_name": "x y"}, {"skid": "00:11:22"},
        {"ttl": "99999h", "common_name": "x"}, {"common_name": "Int CA", "format": "pem_bundle"},
    ]  # fmt: skip
    for fields in options:
        ours = await rooted._ours("POST", "root/sign-intermediate", {"csr": asked[0][1]["csr"], **fields})
        theirs = rooted._theirs("POST", "root/sign-intermediate", {"csr": asked[1][1]["csr"], **fields})
        assert _general(ours) == _general(theirs)
        if fields.get("format") is None:
            made = (_said(load(each[1]["certificate"])) for each in (ours, theirs))
            assert next(made) == next(made), fields
    for fields in ({"csr": "junk"}, {}):
        await rooted.same("POST", "root/sign-intermediate", common_name="x", **fields)
    for one, other in ((ours, theirs), (ours, theirs), await rooted.ask("GET", "cert/ca")):
        mine = await below._ours("POST", "intermediate/set-signed", {"certificate": load_text(one[1])})
        yours = below._theirs("POST", "intermediate/set-signed", {"certificate": load_text(other[1])})
        assert _general(mine) == _general(yours)
    await below.same("GET", "issuer/default")
    await below.same("GET", "cert/ca_chain")
    await below.same("POST", "roles/r", allow_any_name=True, key_type="ec")
    await below.same("POST", "issue/r", common_name="a")
    for fields in ({"pem_bundle": "junk"}, {}, {"pem_bundle": ""}, {"pem_bundle": "junk" * 40}):
        await below.same("POST", "config/ca", **fields)


def load_text(data: dict[str, Any]) -> str:
    """The first certificate of an answer."""
    found = _SHOWN.search(data["certificate"])
    assert found
    return found[0]


async def test_tidying(rooted: Pair) -> None:
    for fields in ({}, {"safety_buffer": "0s"}, {"tidy_cert_store": True, "pause_duration": "zz"}):
        await rooted.same("POST", "tidy", **fields)
    await rooted.same("GET", "roles/nope")
