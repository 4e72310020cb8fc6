"""Whether a role lets a name into a certificate."""

import re
from collections.abc import Iterable
from typing import Final

from stratumiops.vault.engines.pki.roles import Role
from stratumiops.vault.engines.pki.sans import Sans, is_hostname, to_ascii
from stratumiops.vault.errors import BadRequest

_WILD_LABEL: Final = re.compile(r"(?:[a-zA-Z0-9-]*\*[a-zA-Z0-9-]*)")
_LOCAL: Final = ("localhost", "localdomain", "localhost.localdomain")


def check_common_name(role: Role, name: str) -> None:
    """Refuse a common name that the role does not allow.

    Raises:
        BadRequest: it does not.
    """
    if not name or "disabled" in role.cn_validations:
        return
    kind = "email" if "@" in name else "hostname"
    if kind not in role.cn_validations or not name_allowed(role, name):
        raise BadRequest(f"common name {name} not allowed by this role")


def check_sans(role: Role, sans: Sans, source: str) -> None:
    """Refuse alternative names that the role does not allow.

    Args:
        role: the role.
        sans: all names that will be in the certificate.
        source: where they came from, for the text: `via the API` or `via CSR`.

    Raises:
        BadRequest: it does not allow one of them.
    """
    for name in sans.dns:
        if not name_allowed(role, name):
            raise BadRequest(f"subject alternate name {name} not allowed by this role")
    for name in sans.emails:
        if not name_allowed(role, name):
            raise BadRequest(f"email address {name} not allowed by this role")
    _check_addresses(role, sans, source)
    _check_uris(role, sans, source)
    for oid, value in sans.others:
        patterns = role.others.get(oid, []) + role.others.get("*", [])
        if not patterns:
            raise BadRequest(f"other SAN OID {oid} not allowed by this role")
        if not matches(patterns, value):
            raise BadRequest(f"other SAN {value} not allowed for OID {oid} by this role")


def _check_addresses(role: Role, sans: Sans, source: str) -> None:
    if sans.addresses and not role.allow_ip_sans:
        raise BadRequest(f"IP Subject Alternative Names are not allowed in this role, but was provided {source}")
    for address in sans.addresses:
        if role.networks and not any(address in network for network in role.networks):
            raise BadRequest(f'the IP address "{address}" is not allowed in this role')


def _check_uris(role: Role, sans: Sans, source: str) -> None:
    if sans.uris and not role.allowed_uri_sans:
        raise BadRequest(f"URI Subject Alternative Names are not allowed in this role, but were provided {source}")
    if not all(matches(role.allowed_uri_sans, uri) for uri in sans.uris):
        raise BadRequest(f"URI Subject Alternative Names were provided {source} which are not valid for this role")


def check_subject(role: Role, serial_number: str, user_ids: Iterable[str]) -> None:
    """Refuse a serial number or user ids in the subject that the role does not allow.

    Raises:
        BadRequest: it does not.
    """
    if serial_number and not matches(role.allowed_serial_numbers, serial_number):
        raise BadRequest(f"serial_number {serial_number} not allowed by this role")
    for one in user_ids:
        if not matches(role.allowed_user_ids, one):
            raise BadRequest(f"user_id {one} is not allowed by this role")


def name_allowed(role: Role, name: str) -> bool:
    """Whether a host name or an e-mail address is allowed. Case counts; an e-mail address is judged by its domain."""
    mailbox, at, domain = name.rpartition("@")
    host = domain if at else name
    if at and (not mailbox or "@" in mailbox):
        return False
    wildcard, rest = "", host
    if "*" in host:
        wildcard, _, rest = host.partition(".")
        if at or not role.allow_wildcard_certificates or wildcard.count("*") != 1 or "*" in rest:
            return False
    if role.enforce_hostnames and not _well_formed(wildcard, rest):
        return False
    return (
        role.allow_any_name
        or (role.allow_localhost and _local(role, rest, wild=bool(wildcard)))
        or any(_in_domain(role, one, name, host, rest) for one in role.allowed_domains)
    )


def _well_formed(wildcard: str, rest: str) -> bool:
    if wildcard and not _WILD_LABEL.fullmatch(wildcard):
        return False
    if not rest:
        return bool(wildcard)
    try:
        return is_hostname(to_ascii(rest))
    except BadRequest:
        return False


def _local(role: Role, rest: str, *, wild: bool) -> bool:
    if rest in _LOCAL:
        return role.allow_subdomains or not wild
    return role.allow_subdomains and rest.endswith((".localhost", ".localdomain"))


def _in_domain(role: Role, domain: str, name: str, host: str, rest: str) -> bool:
    if not domain or (role.allowed_domains_template and "{{" in domain):
        return False  # a template of a token's identity, which no token has here
    if role.allow_bare_domains and host == domain:
        return True
    if role.allow_subdomains and (rest.endswith(f".{domain}") or (host != rest and rest == domain)):
        return True
    return role.allow_glob_domains and "*" in domain and matches([domain], name)


def matches(patterns: Iterable[str], text: str) -> bool:
    """Whether one of the patterns, in which `*` stands for anything, fits all of a text."""
    return any(_fits(one, text) for one in patterns)


def _fits(glob: str, text: str) -> bool:
    first, *rest = glob.split("*")
    if not rest:
        return glob == text
    *middle, last = rest
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    at, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
