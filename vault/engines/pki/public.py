"""Routes that need no token: CA certificates, chains, lists, and single certificates."""

from collections.abc import Iterator
from typing import Final

from stratumiops.vault import clock
from stratumiops.vault.backend import JSON, Match, Route
from stratumiops.vault.engines.pki.encoding import armored, parse_serial, pem
from stratumiops.vault.engines.pki.parts import Pki
from stratumiops.vault.errors import NotFound, UnsupportedPath
from stratumiops.vault.request import Raw, Request, Response

DER: Final = "application/pkix-cert"
CHAIN: Final = "application/pem-certificate-chain"
LIST: Final = "application/pkix-crl"
LIST_PEM: Final = "application/x-pem-file"


class Public:
    """What clients fetch to check a certificate. Without an issuer most of it is 204."""

    def __init__(self, pki: Pki) -> None:
        self._pki = pki

    def routes(self) -> Iterator[Route]:
        """The routes."""
        for path, handler in {
            "ca": self.ca, "ca/pem": self.ca, "ca_chain": self.ca_chain, "crl": self.crl, "crl/pem": self.crl,
            "crl/delta": self.crl, "crl/delta/pem": self.crl, "cert/ca": self.cert_ca, "cert/ca_chain": self.cert_chain,
            "cert/crl": self.cert_crl, "cert/delta-crl": self.cert_crl, "cert/{serial}": self.cert,
            "cert/{serial}/raw": self.cert_raw, "cert/{serial}/raw/pem": self.cert_raw,
            "issuer/{ref}/pem": self.issuer, "issuer/{ref}/der": self.issuer, "issuer/{ref}/json": self.issuer_json,
            "issuer/{ref}/crl": self.issuer_list, "issuer/{ref}/crl/delta": self.issuer_list,
            "issuer/{ref}/crl/pem": self.crl, "issuer/{ref}/crl/der": self.crl,
            "issuer/{ref}/crl/delta/pem": self.crl, "issuer/{ref}/crl/delta/der": self.crl,
        }.items():  # fmt: skip
            kind = _kind(path)
            yield Route(path, read=handler, public=True, answers={200: kind, 204: ""} if kind != JSON else {})

    async def ca(self, request: Request, _match: Match) -> Response:
        """The default issuer's certificate."""
        as_pem = request.path.endswith("/pem")
        if not (await self._pki.authority.defaults()).issuer:
            return _nothing(CHAIN if as_pem else DER)
        issuer = await self._pki.authority.issuer("default")
        return _raw(pem(issuer.certificate).encode(), CHAIN) if as_pem else _raw(issuer.der, DER)

    async def ca_chain(self, _request: Request, _match: Match) -> Response:
        """The default issuer's chain in PEM."""
        if not (await self._pki.authority.defaults()).issuer:
            return _nothing(DER)
        return _raw((await self._chain()).encode(), DER)

    async def crl(self, request: Request, match: Match) -> Response:
        """A list of revoked certificates."""
        as_pem = request.path.endswith("/pem")
        if "ref" not in match and not (await self._pki.authority.defaults()).issuer:
            return _nothing(LIST_PEM if as_pem else LIST)
        der = await self._list(request, match)
        return _raw(armored(der, "X509 CRL").encode(), LIST_PEM) if as_pem else _raw(der, LIST)

    async def issuer_list(self, request: Request, match: Match) -> Response:
        """A list of revoked certificates as a field."""
        return Response({"crl": armored(await self._list(request, match), "X509 CRL") + "\n"})

    async def cert_ca(self, _request: Request, _match: Match) -> Response:
        """The default issuer's certificate as a field."""
        issuer = await self._pki.authority.issuer("default")
        return Response(_good(pem(issuer.certificate)))

    async def cert_chain(self, _request: Request, _match: Match) -> Response:
        """The default issuer's chain as a field."""
        chain = await self._chain()
        return Response({"ca_chain": chain} | _good(chain))

    async def cert_crl(self, request: Request, match: Match) -> Response:
        """The default issuer's list as a field."""
        return Response(_good(armored(await self._list(request, match), "X509 CRL")))

    async def cert(self, _request: Request, match: Match) -> Response:
        """A certificate, and whether it is revoked."""
        serial, der = await self._one(match)
        data = _good(armored(der, "CERTIFICATE"))
        revoked = await self._pki.certificates.revocation(serial)
        if revoked is None:
            return Response(data)
        data |= {"revocation_time": int(revoked.at), "revocation_time_rfc3339": clock.rfc3339(revoked.at)}
        return Response(data | ({"issuer_id": revoked.issuer} if revoked.issuer else {}))

    async def cert_raw(self, request: Request, match: Match) -> Response:
        """A certificate in PEM or DER."""
        as_pem = request.path.endswith("/pem")
        try:
            _, der = await self._one(match)
        except NotFound:
            return _nothing(CHAIN if as_pem else DER)
        return _raw(armored(der, "CERTIFICATE").encode(), CHAIN) if as_pem else _raw(der, DER)

    async def issuer(self, request: Request, match: Match) -> Response:
        """An issuer's certificate."""
        issuer = await self._pki.authority.issuer(match["ref"])
        if request.path.endswith("/der"):
            return _raw(issuer.der, DER)
        return _raw(pem(issuer.certificate).encode() + b"\n", CHAIN)

    async def issuer_json(self, _request: Request, match: Match) -> Response:
        """An issuer's certificate and chain as fields."""
        issuer = await self._pki.authority.issuer(match["ref"])
        chain = [pem(one.certificate) + "\n" for one in await self._pki.authority.chain(issuer)]
        certificate = pem(issuer.certificate) + "\n"
        return Response(
            {"ca_chain": chain, "certificate": certificate, "issuer_id": issuer.id, "issuer_name": issuer.name}
        )

    async def _one(self, match: Match) -> tuple[str, bytes]:
        serial = parse_serial(match["serial"])
        if serial is None:
            raise UnsupportedPath
        der = await self._pki.certificates.get(serial)
        if der is None:
            raise NotFound
        return serial, der

    async def _list(self, request: Request, match: Match) -> bytes:
        ref = match.get("ref", "default")
        if ref == "default":
            await self._pki.authority.issuer(ref)
        if "delta" in request.path.removeprefix(f"issuer/{ref}/"):
            return (await self._pki.delta_list(ref)).der
        return (await self._pki.complete_list(ref)).der

    async def _chain(self) -> str:
        chain = await self._pki.authority.chain(await self._pki.authority.issuer("default"))
        return "\n".join(pem(one.certificate) for one in chain)


def _kind(path: str) -> str:
    """The content type of a path; the certificates and lists in JSON have others."""
    parts = path.split("/")
    if parts[0] in {"ca", "ca_chain"}:
        return CHAIN if parts[-1] == "pem" else DER
    if parts[-1] == "raw" or parts[-2:] == ["raw", "pem"]:
        return CHAIN if parts[-1] == "pem" else DER
    if parts[0] == "crl" or ("crl" in parts[:-1] and parts[-1] in {"pem", "der"}):
        return LIST_PEM if parts[-1] == "pem" else LIST
    return {"pem": CHAIN, "der": DER}.get(parts[-1], JSON)


def _raw(body: bytes, content_type: str) -> Response:
    return Response(raw=Raw(body, content_type))


def _nothing(content_type: str) -> Response:
    return Response(raw=Raw(b"", content_type, 204))


def _good(certificate: str) -> dict[str, object]:
    return {"certificate": certificate, "revocation_time": 0, "revocation_time_rfc3339": ""}
