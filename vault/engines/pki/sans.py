"""Subject alternative names: read from requests and CSRs, and written."""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import idna
from cryptography import x509

from stratumiops.vault.engines.pki.encoding import tlv
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_LABEL: Final = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_HOSTNAME: Final = re.compile(rf"(?:\*\.)?{_LABEL}(?:\.{_LABEL})*\.?")
_OID: Final = re.compile(r"[0-2](?:\.\d{1,20}){1,40}")
_UTF8: Final = 0x0C


@dataclass(slots=True)
class Sans:
    """Names of each kind; `others` are OIDs with their texts."""

    dns: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    uris: list[str] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str) -> None:
        """Take a host name or an e-mail address; what is neither is left out."""
        if "@" in name:
            self.emails.append(name)
        elif is_hostname(ascii_name := to_ascii(name)):
            self.dns.append(ascii_name)

    def extension(self) -> x509.SubjectAlternativeName | None:
        """The extension; None: there are no names.

        Raises:
            BadRequest: a name cannot be written.
        """
        try:
            names: list[x509.GeneralName] = [
                x509.OtherName(x509.ObjectIdentifier(oid), tlv(_UTF8, value.encode())) for oid, value in self.others
            ]
            names += [x509.DNSName(one) for one in dict.fromkeys(self.dns)]
            names += [x509.RFC822Name(one) for one in dict.fromkeys(self.emails)]
            names += [x509.IPAddress(one) for one in dict.fromkeys(self.addresses)]
            names += [x509.UniformResourceIdentifier(one) for one in dict.fromkeys(self.uris)]
        except ValueError as wrong:
            raise BadRequest(f"a subject alternative name cannot be written: {wrong}") from None
        return x509.SubjectAlternativeName(names) if names else None


def is_hostname(name: str) -> bool:
    """Whether a name can stand in a certificate as a DNS name, a wildcard for its first label included."""
    return len(name) <= 253 and _HOSTNAME.fullmatch(name) is not None


def to_ascii(name: str) -> str:
    """The form that DNS knows (RFC 5891); a wildcard stays.

    Raises:
        BadRequest: it has no such form.
    """
    wildcard, rest = ("*.", name[2:]) if name.startswith("*.") else ("", name)
    if not rest.isascii():
        try:
            rest = idna.encode(rest, uts46=True, std3_rules=True).decode()
        except (idna.IDNAError, UnicodeError):
            raise BadRequest(f'idna: invalid label "{name}"') from None
    labels = rest.split(".")
    if "" in labels or len(rest) > 253:
        raise BadRequest(f'idna: invalid label "{name}"')
    for label in labels:
        if len(label) > 63:
            raise BadRequest(f'idna: invalid label "{label}"')
    return wildcard + rest


def requested(request: Fields) -> Sans:
    """The names of a request, without its common name.

    Raises:
        BadRequest: one of them is none of its kind.
    """
    found = Sans()
    for name in sorted(set(request.strings("alt_names"))):
        found.add(name)
    found.addresses = addresses(request.strings("ip_sans"))
    found.uris = request.strings("uri_sans")
    try:
        found.others = [parse_other(one) for one in request.strings("other_sans")]
    except BadRequest as wrong:
        raise BadRequest(f"could not parse requested other SAN: {wrong.messages[0]}") from None
    return found


def unknown_names(request: Fields) -> list[str]:
    """The alternative names of a request that are neither host names nor e-mail addresses."""
    return [one for one in request.strings("alt_names") if "@" not in one and not is_hostname(to_ascii(one))]


def addresses(texts: Iterable[str]) -> list[Address]:
    """IP addresses.

    Raises:
        BadRequest: one is none.
    """
    found = []
    for text in texts:
        try:
            found.append(ipaddress.ip_address(text.strip()))
        except ValueError:
            raise BadRequest(f'the value "{text}" is not a valid IP address') from None
    return found


def of_request(extensions: Iterable[tuple[x509.ExtensionType, bool]]) -> Sans:
    """The names in a CSR.

    Raises:
        BadRequest: it has names of another kind, or they cannot be read.
    """
    found = Sans()
    for name in (one for value, _ in extensions if isinstance(value, x509.SubjectAlternativeName) for one in value):
        match name:
            case x509.DNSName():
                found.dns.append(name.value)
            case x509.RFC822Name():
                found.emails.append(name.value)
            case x509.IPAddress() if isinstance(name.value, Address):
                found.addresses.append(name.value)
            case x509.UniformResourceIdentifier():
                found.uris.append(name.value)
            case x509.OtherName():
                found.others.append((name.type_id.dotted_string, _utf8(name.value)))
            case _:
                raise BadRequest("the CSR has a subject alternative name of a kind that cannot be issued")
    return found


def parse_other(text: str) -> tuple[str, str]:
    """The OID and the text of `1.2.3;UTF8:text`.

    Raises:
        BadRequest: it has another form.
    """
    oid, semicolon, rest = text.partition(";")
    if not semicolon:
        raise BadRequest(f'expected a semicolon in other SAN "{text}"')
    kind, colon, value = rest.partition(":")
    if not colon:
        raise BadRequest(f'expected a colon in other SAN "{text}"')
    if kind.strip().lower() not in {"utf8", "utf-8"}:
        raise BadRequest(f'only utf8 other SANs are supported; found non-supported type in other SAN "{text}"')
    if not _OID.fullmatch(oid.strip()):
        raise BadRequest(f'the OID of other SAN "{text}" is none')
    return oid.strip(), value


def _utf8(der: bytes) -> str:
    try:
        content = der[2:].decode()
    except UnicodeDecodeError:
        content = ""
    if tlv(_UTF8, content.encode()) != der:
        raise BadRequest("only utf8 other SANs of up to 127 bytes are supported in a CSR")
    return content
