"""What CA certificates, and requests for them, say."""

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from stratumiops.vault.engines.pki import keys, subject, usages
from stratumiops.vault.engines.pki.leaf import Csr
from stratumiops.vault.engines.pki.sans import Sans, requested
from stratumiops.vault.engines.pki.signing import Signer, Template
from stratumiops.vault.engines.pki.validity import Validity
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields

Extension = tuple[x509.ExtensionType, bool]


def names(request: Fields, common_name: str) -> Sans:
    """The alternative names of a CA: those asked for, and its common name when that is a host name.

    Raises:
        BadRequest: one of them is none of its kind.
    """
    sans = requested(request)
    if common_name and not request.boolean("exclude_cn_from_sans"):
        own = Sans()
        own.add(common_name)
        sans.dns, sans.emails = own.dns + sans.dns, own.emails + sans.emails
    return sans


def root(request: Fields, key: keys.PublicKey, validity: Validity) -> Template:
    """A root of a request.

    Raises:
        BadRequest: a field is wrong.
    """
    common_name = request.text("common_name")
    length = path_length(request)
    extensions = _extensions(request, key, length)
    extensions += _named(names(request, common_name))
    name = subject.name(common_name, subject.parts(request), request.text("serial_number"))
    return Template(name, key, validity, extensions)


def intermediate(request: Fields, csr: Csr, by: Signer, validity: Validity) -> Template:
    """An intermediate for a CSR: with the values of the request, or with those of the CSR.

    Raises:
        BadRequest: a field is wrong, or the issuer may have no CA below it.
    """
    length = _below(by, path_length(request))
    extensions = _extensions(request, csr.public_key, length)
    if request.boolean("use_csr_values"):
        ours = {type(one) for one, _ in extensions}
        keep = (x509.SubjectAlternativeName, x509.CertificatePolicies, x509.ExtendedKeyUsage, x509.NameConstraints)
        extensions += [
            (one, critical) for one, critical in csr.extensions if isinstance(one, keep) and type(one) not in ours
        ]
        return Template(csr.request.subject, csr.public_key, validity, extensions, _key_id(request))
    common_name = request.text("common_name") or csr.common_name
    extensions += _named(names(request, common_name))
    name = subject.name(common_name, subject.parts(request), request.text("serial_number"))
    return Template(name, csr.public_key, validity, extensions, _key_id(request))


def request_for_ca(request: Fields, private: keys.PrivateKey) -> bytes:
    """A CSR for an intermediate, in DER.

    Raises:
        BadRequest: a field is wrong.
    """
    common_name = request.text("common_name")
    name = subject.name(common_name, subject.parts(request), request.text("serial_number"))
    builder = x509.CertificateSigningRequestBuilder(name)
    if request.boolean("add_basic_constraints"):
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    for extension, critical in _named(names(request, common_name)):
        builder = builder.add_extension(extension, critical)
    digest = keys.hash_for(private, request.integer("signature_bits"))
    padding = keys.pss(private, wanted=request.boolean("use_pss"))
    try:
        return builder.sign(private, digest, rsa_padding=padding).public_bytes(Encoding.DER)
    except ValueError as wrong:
        raise BadRequest(f"the request cannot be written: {wrong}") from None


def path_length(request: Fields) -> int | None:
    """How many CAs may follow; None: any number.

    Raises:
        BadRequest: it is no such number.
    """
    length = request.integer("max_path_length", -1)
    if not -1 <= length <= 1_000:
        raise BadRequest("max_path_length must be -1 for no limit, or between 0 and 1000")
    return None if length == -1 else length


def _below(by: Signer, wanted: int | None) -> int | None:
    try:
        most = by.certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length
    except x509.ExtensionNotFound:
        most = None
    if most is None:
        return wanted
    if most == 0:
        raise BadRequest("signing certificate has a max path length of zero, and cannot issue further CA certificates")
    if wanted is not None and wanted >= most:
        raise BadRequest(
            f"requested max path length is greater than what the signing certificate allows, which is {most - 1}"
        )
    return most - 1 if wanted is None else wanted


def _extensions(request: Fields, key: keys.PublicKey, length: int | None) -> list[Extension]:
    usage = usages.key_usage(request.strings("key_usage"), extra=("key_cert_sign", "crl_sign"))
    made: list[Extension] = []
    usage = usages.for_key(usage, key)
    if usage is not None:
        made.append((usage, True))
    made.append((x509.BasicConstraints(ca=True, path_length=length), True))
    extended = usages.extended(request.strings("ext_key_usage"), request.strings("ext_key_usage_oids"))
    if extended is not None:
        made.append((extended, False))
    domains = request.strings("permitted_dns_domains")
    if domains:
        made.append((_constraints(domains), True))
    return made


def _constraints(domains: list[str]) -> x509.NameConstraints:
    try:
        return x509.NameConstraints([x509.DNSName(one) for one in domains], None)
    except ValueError:
        raise BadRequest("permitted_dns_domains has a name that is no DNS name") from None


def _named(sans: Sans) -> list[Extension]:
    extension = sans.extension()
    return [] if extension is None else [(extension, False)]


def _key_id(request: Fields) -> bytes:
    try:
        return bytes.fromhex(request.text("skid").replace(":", "").replace("-", ""))
    except ValueError:
        raise BadRequest("skid is not hexadecimal") from None
