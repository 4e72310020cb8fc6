"""An issuer that is ready to sign, and certificates that it signs."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from stratumiops.vault.engines.pki import keys
from stratumiops.vault.engines.pki.encoding import UNREADABLE, new_serial, pem
from stratumiops.vault.engines.pki.models import Issuer, Urls
from stratumiops.vault.engines.pki.times import instant
from stratumiops.vault.engines.pki.validity import Validity
from stratumiops.vault.errors import BadRequest

Extensions = Sequence[tuple[x509.ExtensionType, bool]]


@dataclass(frozen=True, slots=True)
class Signer:
    """An issuer with its key, and what every certificate of it holds."""

    issuer: Issuer
    private: keys.PrivateKey = field(repr=False)
    chain: tuple[Issuer, ...]
    pem: str
    chain_pem: tuple[str, ...]
    end: float
    extensions: Extensions

    @property
    def certificate(self) -> x509.Certificate:
        """The issuer's certificate."""
        return self.issuer.certificate


@dataclass(slots=True)
class Template:
    """What a certificate will say; the extensions of the issuer come by themselves. `key_id` replaces the usual one."""

    subject: x509.Name
    public_key: keys.PublicKey
    validity: Validity
    extensions: list[tuple[x509.ExtensionType, bool]]
    key_id: bytes = b""
    serial: int = field(default_factory=new_serial)


def signer(issuer: Issuer, private: keys.PrivateKey, chain: Sequence[Issuer], urls: Urls) -> Signer:
    """An issuer that is ready to sign."""
    return Signer(
        issuer=issuer,
        private=private,
        chain=tuple(chain),
        pem=pem(issuer.certificate),
        chain_pem=tuple(pem(one.certificate) for one in chain),
        end=issuer.certificate.not_valid_after_utc.timestamp(),
        extensions=[(authority_key_id(issuer.certificate), False), *url_extensions(urls)],
    )


def authority_key_id(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    """The key identifier as the issuer's certificate has it, else made of its key."""
    try:
        known = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known)
    except x509.ExtensionNotFound:
        return x509.AuthorityKeyIdentifier(keys.key_id(keys.public(issuer.public_key())), None, None)


def url_extensions(urls: Urls) -> list[tuple[x509.ExtensionType, bool]]:
    """Where the issuer, its lists and its responder are found."""
    made: list[tuple[x509.ExtensionType, bool]] = []
    access = [(AuthorityInformationAccessOID.OCSP, one) for one in urls.ocsp_servers]
    access += [(AuthorityInformationAccessOID.CA_ISSUERS, one) for one in urls.issuing_certificates]
    if access:
        descriptions = [x509.AccessDescription(oid, x509.UniformResourceIdentifier(one)) for oid, one in access]
        made.append((x509.AuthorityInformationAccess(descriptions), False))
    if urls.crl_distribution_points:
        made.append((x509.CRLDistributionPoints(_points(urls.crl_distribution_points)), False))
    if urls.delta_crl_distribution_points:
        made.append((x509.FreshestCRL(_points(urls.delta_crl_distribution_points)), False))
    return made


def _points(urls: Sequence[str]) -> list[x509.DistributionPoint]:
    return [x509.DistributionPoint([x509.UniformResourceIdentifier(one)], None, None, None) for one in urls]


def issue(template: Template, by: Signer, *, bits: int = 0, use_pss: bool = False) -> x509.Certificate:
    """A certificate of this issuer.

    Raises:
        BadRequest: a value cannot be written in a certificate.
    """
    return _signed(template, by.certificate.subject, by.extensions, by.private, bits=bits, use_pss=use_pss)


def self_signed(
    template: Template, private: keys.PrivateKey, urls: Urls, *, bits: int = 0, use_pss: bool = False
) -> x509.Certificate:
    """A root.

    Raises:
        BadRequest: a value cannot be written in a certificate.
    """
    own = template.key_id or keys.key_id(template.public_key)
    extensions = [(x509.AuthorityKeyIdentifier(own, None, None), False), *url_extensions(urls)]
    return _signed(template, template.subject, extensions, private, bits=bits, use_pss=use_pss)


def _signed(
    template: Template, issuer: x509.Name, more: Extensions, private: keys.PrivateKey, *, bits: int, use_pss: bool
) -> x509.Certificate:
    identifier = x509.SubjectKeyIdentifier(template.key_id or keys.key_id(template.public_key))
    try:
        builder = x509.CertificateBuilder(
            issuer_name=issuer,
            subject_name=template.subject,
            public_key=template.public_key,
            serial_number=template.serial,
            not_valid_before=instant(template.validity.not_before).replace(tzinfo=None),
            not_valid_after=instant(template.validity.not_after).replace(tzinfo=None),
        )
        for extension, critical in (*template.extensions, (identifier, False), *more):
            builder = builder.add_extension(extension, critical)
        return builder.sign(private, keys.hash_for(private, bits), rsa_padding=keys.pss(private, wanted=use_pss))
    except UNREADABLE as wrong:
        raise BadRequest(f"the certificate cannot be written: {wrong}") from None
