"""What a leaf certificate will say: of a request, its role and a CSR."""

from dataclasses import dataclass, field, replace
from typing import Final

from cryptography import x509

from stratumiops.vault.engines.pki import keys, subject, usages
from stratumiops.vault.engines.pki.allowed import check_common_name, check_sans, check_subject
from stratumiops.vault.engines.pki.encoding import UNREADABLE
from stratumiops.vault.engines.pki.roles import Role
from stratumiops.vault.engines.pki.sans import Sans, of_request, requested, unknown_names
from stratumiops.vault.engines.pki.signing import Template
from stratumiops.vault.engines.pki.validity import Validity
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields

Extension = tuple[x509.ExtensionType, bool]
IGNORED: Final = "specified CSR contained a Basic Constraints extension that was ignored during issuance"
_OWN: Final = (
    x509.BasicConstraints, x509.SubjectKeyIdentifier, x509.AuthorityKeyIdentifier, x509.AuthorityInformationAccess,
    x509.CRLDistributionPoints, x509.FreshestCRL, x509.NameConstraints,
)  # fmt: skip
"""Extensions that a CSR cannot ask for."""


@dataclass(slots=True)
class Csr:
    """A request that has been read, with the key that it is for."""

    request: x509.CertificateSigningRequest
    public_key: keys.PublicKey
    extensions: list[Extension] = field(default_factory=list)

    @property
    def common_name(self) -> str:
        """The first common name."""
        return subject.common_name(self.request.subject)

    @property
    def is_for_ca(self) -> bool:
        """Whether it speaks of being a CA."""
        return any(isinstance(one, x509.BasicConstraints) for one, _ in self.extensions)


def read_csr(text: str) -> Csr:
    """A CSR from PEM whose signature is good.

    Raises:
        BadRequest: it is empty, cannot be read, or its signature or key is bad.
    """
    if not text:
        raise BadRequest('"csr" is empty')
    if "-----BEGIN" not in text:
        raise BadRequest("csr contains no data")
    try:
        request = x509.load_pem_x509_csr(text.encode())
        extensions = [(one.value, one.critical) for one in request.extensions]
        good, key = request.is_signature_valid, request.public_key()
        _ = request.subject
    except UNREADABLE:
        raise BadRequest("certificate request could not be parsed") from None
    if not good:
        raise BadRequest("request signature invalid")
    return Csr(request, keys.public(key), extensions)


def check_key(role: Role, key: keys.PublicKey) -> None:
    """Refuse a key that the role does not allow.

    Raises:
        BadRequest: it is of another type, or too small.
    """
    found = keys.kind_of(key)
    if role.key_type not in {"any", found.type}:
        raise BadRequest(f"role requires keys of type {role.key_type}")
    if found.type == "rsa" and found.bits < 2048:
        raise BadRequest("RSA keys < 2048 bits are unsafe and not supported")
    if role.key_type != "any" and role.key_bits and found.bits < role.key_bits:
        raise BadRequest(f"role requires a minimum of a {role.key_bits}-bit key, but CSR's key is {found.bits} bits")


def leaf(request: Fields, role: Role, key: keys.PublicKey, csr: Csr | None, validity: Validity) -> Template:
    """A certificate for names that the role allows.

    Raises:
        BadRequest: it does not allow one of them, or a field is wrong.
    """
    common_name = csr.common_name if csr and role.use_csr_common_name else ""
    common_name = common_name or request.text("common_name")
    if not common_name and role.require_cn:
        raise BadRequest(
            'the common_name field is required, or must be provided in a CSR with "use_csr_common_name" set to true,'
            ' unless "require_cn" is set to false'
        )
    sans, source = _sans(request, role, csr)
    if common_name and not request.boolean("exclude_cn_from_sans"):
        own = Sans()
        own.add(common_name)
        own_first = source == "via the API"
        sans.dns = own.dns + sans.dns if own_first else sans.dns + own.dns
        sans.emails = own.emails + sans.emails if own_first else sans.emails + own.emails
    check_common_name(role, common_name)
    check_sans(role, sans, source)
    serial_number, user_ids = request.text("serial_number"), request.strings("user_ids")
    check_subject(role, serial_number, user_ids)
    return Template(
        subject=subject.name(common_name, role.subject, serial_number, user_ids),
        public_key=key,
        validity=validity,
        extensions=_extensions(role, key, sans),
    )


def _sans(request: Fields, role: Role, csr: Csr | None) -> tuple[Sans, str]:
    if csr and role.use_csr_sans:
        return of_request(csr.extensions), "via CSR"
    for one in unknown_names(request):
        raise BadRequest(f"subject alternate name {one} not allowed by this role")
    return requested(request), "via the API"


def _extensions(role: Role, key: keys.PublicKey, sans: Sans) -> list[Extension]:
    made: list[Extension] = []
    usage = usages.for_key(role.usage, key)
    if usage is not None:
        made.append((usage, True))
    if role.basic_constraints_valid_for_non_ca:
        made.append((x509.BasicConstraints(ca=False, path_length=None), True))
    made += role.extensions
    names = sans.extension()
    if names is not None:
        made.append((names, False))
    return made


def verbatim(request: Fields, key: keys.PublicKey, csr: Csr, validity: Validity) -> Template:
    """A certificate with the names and extensions of a CSR, save those that only an issuer may set.

    Raises:
        BadRequest: a field is wrong.
    """
    made = [(one, critical) for one, critical in csr.extensions if not isinstance(one, _OWN)]
    have = {type(one) for one, _ in made}
    names = request.strings("key_usage", ["DigitalSignature", "KeyAgreement", "KeyEncipherment"])
    usage = usages.for_key(usages.key_usage(names), key)
    extended = usages.extended(request.strings("ext_key_usage"), request.strings("ext_key_usage_oids"))
    if usage is not None and x509.KeyUsage not in have:
        made.insert(0, (usage, True))
    if extended is not None and x509.ExtendedKeyUsage not in have:
        made.append((extended, False))
    if request.boolean("basic_constraints_valid_for_non_ca"):
        made.append((x509.BasicConstraints(ca=False, path_length=None), True))
    return Template(csr.request.subject, key, validity, [_without_signing(one) for one in made])


def _without_signing(extension: Extension) -> Extension:
    value, critical = extension
    if isinstance(value, x509.KeyUsage) and (value.key_cert_sign or value.crl_sign):
        names = [name for name in ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
                                   "key_agreement") if getattr(value, name)]  # fmt: skip
        return usages.key_usage((), extra=names or ["digital_signature"]) or value, critical
    return extension


def for_verbatim(role: Role | None, request: Fields) -> Role:
    """The role that bounds a certificate of a CSR as it is: its times, its issuer and whether it is kept."""
    base = role or Role()
    return replace(
        base,
        key_type="any",
        key_bits=0,
        signature_bits=request.integer("signature_bits"),
        use_pss=request.boolean("use_pss"),
    )
