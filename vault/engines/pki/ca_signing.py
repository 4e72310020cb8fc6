"""Routes by which an issuer signs CA certificates."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.engines.pki import ca, keys, leaf
from stratumiops.vault.engines.pki.encoding import bundle, certificate, checked_format, in_format, pem
from stratumiops.vault.engines.pki.issuing import described
from stratumiops.vault.engines.pki.models import issued
from stratumiops.vault.engines.pki.parts import ISSUING, Pki
from stratumiops.vault.engines.pki.roles import Role
from stratumiops.vault.engines.pki.signing import Template, issue
from stratumiops.vault.engines.pki.validity import Validity
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response

PAST_THE_END: Final = (
    "The expiration time for the signed certificate is after the CA's expiration time. If the new certificate is not"
    " treated as a root, validation paths with the certificate past the issuing CA's expiration time will fail."
)


class CaSigning:
    """`sign-intermediate` and `sign-self-issued`, for the default issuer or one that the path names."""

    def __init__(self, pki: Pki) -> None:
        self._pki = pki

    def routes(self) -> Iterator[Route]:
        """The routes."""
        for prefix in ("root/", "issuer/{ref}/"):
            yield Route(prefix + "sign-intermediate", write=self.intermediate)
            yield Route(prefix + "sign-self-issued", write=self.self_issued, sudo=prefix == "root/")

    async def intermediate(self, request: Request, match: Match) -> Response:
        """A CA certificate for a CSR."""
        fields = Fields(request.data)
        form = checked_format(fields.text("format", "pem"))
        csr = leaf.read_csr(fields.text("csr"))
        leaf.check_key(Role(key_type="any"), csr.public_key)
        signer = await self._pki.signer(match.get("ref", "") or fields.text("issuer_ref", "default"), ISSUING)
        times = replace(Role(), not_before_duration=fields.duration("not_before_duration", 30))
        validity = self._pki.validity(fields, times)
        warnings = list(validity.warnings)
        if validity.not_after > signer.end:
            warnings.append(PAST_THE_END)
        template = ca.intermediate(fields, csr, signer, validity)
        bits, use_pss = fields.integer("signature_bits"), fields.boolean("use_pss")
        made = issue(template, signer, bits=bits, use_pss=use_pss)
        await self._pki.certificates.put(made)
        data = described(made, signer, form)
        data["ca_chain"] = [data["certificate"], *data.get("ca_chain", [])]
        if form == "pem_bundle":
            data["certificate"] = bundle(pem(made), signer.chain_pem)
        return Response(data, warnings=warnings + await self._pki.warnings())

    async def self_issued(self, request: Request, match: Match) -> Response:
        """The certificate of another root with this issuer's signature, so that trust in one reaches the other."""
        fields = Fields(request.data)
        given = certificate(fields.text("certificate"), "certificate could not be PEM-decoded")
        if given.subject != given.issuer or not issued(given, given):
            raise BadRequest("given certificate is not self-issued")
        constraints = [one.value for one in given.extensions if isinstance(one.value, x509.BasicConstraints)]
        if not constraints or not constraints[0].ca:
            raise BadRequest("given certificate is not a CA certificate")
        signer = await self._pki.signer(match.get("ref", "") or fields.text("issuer_ref", "default"), ISSUING)
        key = keys.public(given.public_key())
        own, theirs = keys.kind_of(signer.private).type, keys.kind_of(key).type
        if fields.boolean("require_matching_certificate_algorithms") and own != theirs:
            raise BadRequest(
                f"signing certificate's public key algorithm ({own}) does not match submitted certificate's ({theirs}),"
                " and require_matching_certificate_algorithms is true"
            )
        made = issue(_again(given, key), signer)
        form = checked_format(fields.text("format", "pem"))
        text = in_format(made.public_bytes(Encoding.DER), "CERTIFICATE", form)
        return Response({"certificate": text, "issuing_ca": signer.pem})


def _again(given: x509.Certificate, key: keys.PublicKey) -> Template:
    replaced = (
        x509.AuthorityKeyIdentifier, x509.SubjectKeyIdentifier, x509.AuthorityInformationAccess,
        x509.CRLDistributionPoints, x509.FreshestCRL,
    )  # fmt: skip
    times = Validity(given.not_valid_before_utc.timestamp(), given.not_valid_after_utc.timestamp())
    kept = [(one.value, one.critical) for one in given.extensions if not isinstance(one.value, replaced)]
    identifiers = [one.value.digest for one in given.extensions if isinstance(one.value, x509.SubjectKeyIdentifier)]
    return Template(given.subject, key, times, kept, identifiers[0] if identifiers else b"", given.serial_number)
