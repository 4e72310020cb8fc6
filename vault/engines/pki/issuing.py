"""Routes that issue leaf certificates: for a new key, or for a CSR."""

from collections.abc import Iterator
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.engines.pki import keys, leaf
from stratumiops.vault.engines.pki.encoding import bundle, checked_format, in_format, serial_text
from stratumiops.vault.engines.pki.parts import ISSUING, Pki
from stratumiops.vault.engines.pki.roles import Role
from stratumiops.vault.engines.pki.signing import Signer, Template, issue
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response, Secret


class Issuing:
    """`issue`, `sign` and `sign-verbatim`, for the issuer of the role or one that the path names."""

    def __init__(self, pki: Pki) -> None:
        self._pki = pki

    def routes(self) -> Iterator[Route]:
        """The routes."""
        for prefix in ("", "issuer/{ref}/"):
            yield Route(prefix + "issue/{role}", write=self.issue)
            yield Route(prefix + "sign/{role}", write=self.sign)
            yield Route(prefix + "sign-verbatim/{role}", write=self.sign_verbatim)
            yield Route(prefix + "sign-verbatim", write=self.sign_verbatim)

    async def issue(self, request: Request, match: Match) -> Response:
        """A certificate and its new key."""
        fields = Fields(request.data)
        role = await self._pki.roles.needed(match["role"])
        checked_format(fields.text("format", "pem"))
        wanted = _key_kind(role, fields)
        signer = await self._pki.signer(match.get("ref", "") or role.issuer_ref, ISSUING)
        private = await keys.generate(wanted)
        validity = self._pki.validity(fields, role)
        template = leaf.leaf(fields, role, private.public_key(), None, validity)
        return await self._issued(fields, role, signer, template, private)

    async def sign(self, request: Request, match: Match) -> Response:
        """A certificate for a CSR, with names that the role allows."""
        fields = Fields(request.data)
        role = await self._pki.roles.needed(match["role"])
        csr = leaf.read_csr(fields.text("csr"))
        leaf.check_key(role, csr.public_key)
        signer = await self._pki.signer(match.get("ref", "") or role.issuer_ref, ISSUING)
        template = leaf.leaf(fields, role, csr.public_key, csr, self._pki.validity(fields, role))
        return await self._issued(fields, role, signer, template, csr=csr)

    async def sign_verbatim(self, request: Request, match: Match) -> Response:
        """A certificate for a CSR as it is."""
        fields = Fields(request.data)
        name = match.get("role", "")
        role = leaf.for_verbatim(await self._pki.roles.needed(name) if name else None, fields)
        csr = leaf.read_csr(fields.text("csr"))
        leaf.check_key(role, csr.public_key)
        ref = match.get("ref", "") or (role.issuer_ref if name else fields.text("issuer_ref", "default"))
        signer = await self._pki.signer(ref, ISSUING)
        template = leaf.verbatim(fields, csr.public_key, csr, self._pki.validity(fields, role))
        return await self._issued(fields, role, signer, template, csr=csr)

    async def _issued(
        self,
        fields: Fields,
        role: Role,
        signer: Signer,
        template: Template,
        private: keys.PrivateKey | None = None,
        csr: leaf.Csr | None = None,
    ) -> Response:
        template.validity.within(signer.end, signer.issuer.leaf_not_after_behavior)
        form = checked_format(fields.text("format", "pem"))
        certificate = issue(template, signer, bits=role.signature_bits, use_pss=role.use_pss)
        if not role.no_store:
            await self._pki.certificates.put(certificate)
        data = described(certificate, signer, form, without_roots=fields.boolean("remove_roots_from_chain"))
        data["not_before"] = int(template.validity.not_before)
        if private is not None:
            text = keys.private_text(private, form=form, key_form=fields.text("private_key_format"))
            data |= {"private_key": text, "private_key_type": keys.kind_of(private).type}
        if form == "pem_bundle":
            data["certificate"] = bundle(data["certificate"], signer.chain_pem, data.get("private_key", ""))
        warnings = template.validity.warnings + ([leaf.IGNORED] if csr and csr.is_for_ca else [])
        answer = Response(data, warnings=warnings)
        if role.generate_lease and not role.no_store:
            ttl = max(1, int(template.validity.not_after - self._pki.system.now()))
            answer.secret = Secret(ttl, ttl, renewable=False, internal={"serial_number": data["serial_number"]})
        return answer


def described(
    certificate: x509.Certificate, signer: Signer, form: str, *, without_roots: bool = False
) -> dict[str, Any]:
    """What an answer says of a certificate that was issued."""
    chain = [
        in_format(one.der, "CERTIFICATE", form) if form == "der" else text
        for one, text in zip(signer.chain, signer.chain_pem, strict=True)
        if not (without_roots and one.certificate.subject == one.certificate.issuer)
    ]
    data = {
        "certificate": in_format(certificate.public_bytes(Encoding.DER), "CERTIFICATE", form),
        "issuing_ca": in_format(signer.issuer.der, "CERTIFICATE", form) if form == "der" else signer.pem,
        "serial_number": serial_text(certificate.serial_number),
        "expiration": int(certificate.not_valid_after_utc.timestamp()),
    }
    return data | {"ca_chain": chain} if chain else data


def _key_kind(role: Role, fields: Fields) -> keys.KeyKind:
    if role.key_type != "any":
        return keys.KeyKind(role.key_type, role.key_bits)
    if not fields.text("key_type"):
        raise BadRequest(
            'role key type "any" not allowed for issuing certificates without providing key_type and/or key_bits'
            " request parameters"
        )
    return keys.kind(fields.text("key_type"), fields.integer("key_bits"))
