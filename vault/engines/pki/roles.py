"""Roles: what may be issued, to whom, and for how long."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Final

from cryptography import x509

from stratumiops.vault.engines.pki import keys, usages
from stratumiops.vault.engines.pki.sans import parse_other
from stratumiops.vault.engines.pki.subject import PARTS
from stratumiops.vault.engines.pki.times import parse_time
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
BOUNDS: Final = ("permit", "ttl-limited", "forbid")
_DURATION: Final = {"duration": True}
_VALIDATIONS: Final = ("email", "hostname", "disabled")


@dataclass(frozen=True)
class Role:
    """The fields of a role, as they are kept and shown; what is made of them is made once."""

    allow_any_name: bool = False
    allow_bare_domains: bool = False
    allow_glob_domains: bool = False
    allow_globs_in_identity_templates: bool = False
    allow_ip_sans: bool = True
    allow_localhost: bool = True
    allow_subdomains: bool = False
    allow_token_displayname: bool = False
    allow_wildcard_certificates: bool = True
    allowed_domains: list[str] = field(default_factory=list)
    allowed_domains_template: bool = False
    allowed_ip_sans_cidr: list[str] = field(default_factory=list)
    allowed_other_sans: list[str] = field(default_factory=list)
    allowed_serial_numbers: list[str] = field(default_factory=list)
    allowed_uri_sans: list[str] = field(default_factory=list)
    allowed_uri_sans_template: bool = False
    allowed_user_ids: list[str] = field(default_factory=list)
    basic_constraints_valid_for_non_ca: bool = False
    client_flag: bool = True
    cn_validations: list[str] = field(default_factory=lambda: ["email", "hostname"])
    code_signing_flag: bool = False
    country: list[str] = field(default_factory=list)
    email_protection_flag: bool = False
    enforce_hostnames: bool = True
    ext_key_usage: list[str] = field(default_factory=list)
    ext_key_usage_oids: list[str] = field(default_factory=list)
    generate_lease: bool = False
    issuer_ref: str = "default"
    key_bits: int = 0
    key_type: str = "rsa"
    key_usage: list[str] = field(default_factory=lambda: ["DigitalSignature", "KeyAgreement", "KeyEncipherment"])
    locality: list[str] = field(default_factory=list)
    max_ttl: int = field(default=0, metadata=_DURATION)
    no_store: bool = False
    not_after: str = ""
    not_after_bound: str = "permit"
    not_before: str = ""
    not_before_bound: str = "permit"
    not_before_duration: int = field(default=30, metadata=_DURATION)
    organization: list[str] = field(default_factory=list)
    ou: list[str] = field(default_factory=list)
    policy_identifiers: list[str] = field(default_factory=list)
    postal_code: list[str] = field(default_factory=list)
    province: list[str] = field(default_factory=list)
    require_cn: bool = True
    server_flag: bool = True
    signature_bits: int = 0
    street_address: list[str] = field(default_factory=list)
    ttl: int = field(default=0, metadata=_DURATION)
    use_csr_common_name: bool = True
    use_csr_sans: bool = True
    use_pss: bool = False

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Role":
        """From what is kept."""
        return cls(**kept)

    def written(self) -> dict[str, Any]:
        """As it is kept, and shown."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @cached_property
    def extensions(self) -> tuple[tuple[x509.ExtensionType, bool], ...]:
        """The extended usages and policies of what is issued by it."""
        names = list(self.ext_key_usage)
        flags = {
            "serverauth": self.server_flag, "clientauth": self.client_flag,
            "codesigning": self.code_signing_flag, "emailprotection": self.email_protection_flag,
        }  # fmt: skip
        names = [name for name, wanted in flags.items() if wanted] + names
        made = (usages.extended(names, self.ext_key_usage_oids), usages.policies(self.policy_identifiers))
        return tuple((one, False) for one in made if one is not None)

    @cached_property
    def usage(self) -> x509.KeyUsage | None:
        """The key usage of what is issued by it."""
        return usages.key_usage(self.key_usage)

    @cached_property
    def subject(self) -> dict[str, list[str]]:
        """The parts of the subject that it prescribes."""
        return {part: getattr(self, part) for part in PARTS}

    @cached_property
    def networks(self) -> list[Network]:
        """Where the IP addresses have to be; none: anywhere."""
        return [ipaddress.ip_network(one, strict=False) for one in self.allowed_ip_sans_cidr]

    @cached_property
    def others(self) -> dict[str, list[str]]:
        """The patterns of allowed values by OID; `*` stands for all OIDs."""
        found: dict[str, list[str]] = {}
        for one in self.allowed_other_sans:
            oid, value = ("*", "*") if one == "*" else parse_other(one)
            found.setdefault(oid, []).append(value)
        return found


def role(given: Mapping[str, Any], before: Role | None = None) -> Role:
    """A role of the fields of a request; those that are absent are as `before`, or the defaults.

    Raises:
        BadRequest: a field is wrong, or two do not go together.
    """
    request = Fields(given)
    base = before or Role()
    values = {one.name: _value(request, one, getattr(base, one.name)) for one in fields(Role)}
    if request.has("policy_identifiers"):
        values["policy_identifiers"] = usages.policy_texts(request.raw("policy_identifiers"))
    made = Role(**values)
    if not made.issuer_ref:
        made = replace(made, issuer_ref="default")
    return _checked(made)


def _value(request: Fields, one: Any, default: Any) -> Any:
    if not request.has(one.name) or one.name == "policy_identifiers":
        return default
    if one.metadata.get("duration"):
        return request.duration(one.name)
    if isinstance(default, bool):
        return request.boolean(one.name)
    if isinstance(default, int):
        return request.integer(one.name)
    if isinstance(default, list):
        raw = request.raw(one.name)
        return [str(raw)] if isinstance(raw, int | float) else request.strings(one.name)
    return request.text(one.name)


def _checked(made: Role) -> Role:
    kind = keys.kind(made.key_type, made.key_bits, any_too=True)
    keys.signature_bits(made.signature_bits)
    if made.max_ttl and made.ttl > made.max_ttl:
        raise BadRequest('"ttl" value must be less than "max_ttl" value')
    for name in ("not_after_bound", "not_before_bound"):
        _bound(name, getattr(made, name))
    for one in made.cn_validations:
        if one not in _VALIDATIONS:
            raise BadRequest(f"cn_validations value incorrect: unknown type: `{one}`")
    for one in made.allowed_ip_sans_cidr:
        _network(one)
    try:
        _ = made.others
    except BadRequest as wrong:
        raise BadRequest(f"error parsing allowed_other_sans: {wrong.messages[0]}") from None
    _ = made.extensions, made.usage
    return replace(made, key_type=kind.type, key_bits=kind.bits)


def _network(text: str) -> None:
    try:
        ipaddress.ip_network(text if "/" in text else "", strict=False)
    except ValueError:
        raise BadRequest(f"error parsing allowed_ip_sans_cidr: invalid CIDR address: {text}") from None


def _bound(name: str, value: str) -> None:
    if value in BOUNDS:
        return
    try:
        parse_time(value)
    except BadRequest:
        raise BadRequest(
            f"Unknown value for field `{name}`. Possible values are `permit`, `ttl-limited`, `forbid`, or an explicit"
            " timestamp."
        ) from None
