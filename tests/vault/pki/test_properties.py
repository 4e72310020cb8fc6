"""What holds for every request: chains verify, names keep to their role, and bad input is refused as such."""

import string
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.x509 import DNSName
from cryptography.x509.verification import PolicyBuilder, Store
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.vault.mounted import Mounted, mounted
from tests.vault.pki.certs import csr, dns_names, load

from stratumiops.vault.engines.pki import PkiBackend
from stratumiops.vault.engines.pki.allowed import matches
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.request import Operation

often = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
rarely = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
KINDS = [("ec", 256), ("ec", 384), ("rsa", 2048), ("ed25519", 0), ("mldsa", 44), ("mldsa", 65), ("mldsa", 87)]
label = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8)
host = st.lists(label, min_size=1, max_size=3).map(".".join)


async def new_mount(kind: tuple[str, int]) -> Mounted:
    mount = mounted(PkiBackend, "pki/")
    mount.backend.mount.max_lease_ttl = 87_600 * 3600
    await mount.write("root/generate/internal", common_name="A root", key_type=kind[0], key_bits=kind[1], ttl="87600h")
    return mount


@rarely
@given(st.sampled_from(KINDS), st.sampled_from(KINDS), st.sampled_from(KINDS), host, st.booleans())
async def test_every_chain_verifies(
    root: tuple[str, int], middle: tuple[str, int], leaf: tuple[str, int], name: str, pss: bool
) -> None:
    above, below = await new_mount(root), mounted(PkiBackend, "below/")
    wanted = await below.write(
        "intermediate/generate/internal", common_name="The middle", key_type=middle[0], key_bits=middle[1]
    )
    signed = await above.write("root/sign-intermediate", csr=wanted["csr"], common_name="The middle", ttl="8760h")
    await below.write("intermediate/set-signed", certificate="\n".join(signed["ca_chain"]))
    await below.write("roles/r", allow_any_name=True, key_type=leaf[0], key_bits=leaf[1], use_pss=pss)
    issued = await below.write("issue/r", common_name=name, ttl="1h")
    chain = [load(issued["certificate"]), *(load(one) for one in issued["ca_chain"])]
    assert len(chain) == 3
    for one, issuer in zip(chain, [*chain[1:], chain[-1]], strict=True):
        one.verify_directly_issued_by(issuer)
        assert one.serial_number.bit_length() <= 159
    if not pss and {root[0], middle[0], leaf[0]} <= {"ec", "rsa"}:
        policy = PolicyBuilder().store(Store([chain[-1]])).time(datetime.now(UTC))
        assert policy.build_server_verifier(DNSName(name)).verify(chain[0], chain[1:-1]) == chain


def oracle(role: dict[str, Any], name: str) -> bool:
    """Whether a role means this host name: label by label, without the engine's own code."""
    labels = name.split(".")
    wild = "*" in name
    if wild and (not role["allow_wildcard_certificates"] or labels[0].count("*") != 1 or "*" in "".join(labels[1:])):
        return False
    rest = labels[1:] if wild else labels
    return (
        role["allow_any_name"]
        or (role["allow_localhost"] and is_local(role, rest, wild))
        or any(is_in(role, domain, name, rest, wild) for domain in role["allowed_domains"])
    )


def is_local(role: dict[str, Any], rest: list[str], wild: bool) -> bool:
    if rest in (["localhost"], ["localdomain"], ["localhost", "localdomain"]):
        return not wild or role["allow_subdomains"]
    return role["allow_subdomains"] and len(rest) > 1 and rest[-1] in {"localhost", "localdomain"}


def is_in(role: dict[str, Any], domain: str, name: str, rest: list[str], wild: bool) -> bool:
    parts = domain.split(".")
    below = rest[-len(parts) :] == parts and (wild or len(rest) > len(parts))
    return (
        (role["allow_bare_domains"] and name == domain)
        or (role["allow_subdomains"] and below)
        or (role["allow_glob_domains"] and "*" in domain and glob(domain, name))
    )


def glob(pattern: str, text: str) -> bool:
    """`*` for anything, by trying every end of it."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(glob(pattern[1:], text[at:]) for at in range(len(text) + 1))
    return text[:1] == pattern[0] and glob(pattern[1:], text[1:])


flags = st.fixed_dictionaries(
    {
        name: st.booleans()
        for name in (
            "allow_bare_domains", "allow_subdomains", "allow_glob_domains", "allow_wildcard_certificates",
            "allow_localhost",
        )
    }
)  # fmt: skip
domains = st.lists(st.sampled_from(["a.b", "b", "a*.b", "*.b", "*", "b.a.b"]), max_size=2)
names = st.one_of(
    st.lists(st.sampled_from(["a", "b", "*", "aa", "a*", "localhost", "localdomain", "x"]), min_size=1, max_size=4).map(
        ".".join
    ),
    host,
)


@often
@given(flags, domains, st.booleans(), names, st.lists(names, max_size=2))
async def test_names_outside_the_role_never_get_through(
    role: dict[str, Any], allowed: list[str], anything: bool, name: str, others: list[str]
) -> None:
    mount = await new_mount(("ec", 256))
    whole = {**role, "allowed_domains": allowed, "allow_any_name": anything}
    await mount.write("roles/r", key_type="ec", **whole)
    sound = all(oracle(whole, one) for one in [name, *others])
    try:
        issued = await mount.write("issue/r", common_name=name, alt_names=others, ttl="1h")
    except BadRequest:
        assert not sound or any("*" in one[1:] or one == "*" for one in others)
    else:
        certificate = load(issued["certificate"])
        assert sound
        assert set(dns_names(certificate)) <= {name, *others}
    asked = csr(name, [one for one in others if "*" not in one] or None)
    wanted = [name, *(one for one in others if "*" not in one)]
    try:
        issued = await mount.write("sign/r", csr=asked, ttl="1h")
    except BadRequest:
        assert not all(oracle(whole, one) for one in wanted)
    else:
        assert all(oracle(whole, one) for one in [name, *dns_names(load(issued["certificate"]))])


@often
@given(st.text("ab*", max_size=8), st.text("ab", max_size=8))
def test_patterns(pattern: str, text: str) -> None:
    assert matches([pattern], text) == glob(pattern, text)


@rarely
@given(st.data())
async def test_a_list_holds_exactly_what_is_revoked(data: st.DataObject) -> None:
    mount = await new_mount(("ec", 256))
    await mount.write("roles/r", allow_any_name=True, key_type="ec")
    issued = [(await mount.write("issue/r", common_name="a", ttl="1h"))["serial_number"] for _ in range(6)]
    revoked: set[str] = set()
    for step in data.draw(st.lists(st.sampled_from([*issued, "read", "rotate", "restart"]), max_size=12)):
        if step == "restart":
            await mount.backend.stop()
        elif step == "rotate":
            await mount.read("crl/rotate")
        elif step != "read":
            await mount.write("revoke", serial_number=step)
            revoked.add(step)
        assert await listed(mount) == revoked


async def listed(mount: Mounted) -> set[str]:
    """The serial numbers on the default issuer's list, whose signature is good."""
    found = await mount.ask(Operation.READ, "crl", {})
    assert found is not None
    assert found.raw is not None
    crl = x509.load_der_x509_crl(found.raw.body)
    issuer = load((await mount.read("cert/ca"))["certificate"])
    assert crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    texts = (f"{one.serial_number:x}" for one in crl)
    return {
        ":".join(text.zfill(len(text) + len(text) % 2)[at : at + 2] for at in range(0, len(text), 2)) for text in texts
    }
