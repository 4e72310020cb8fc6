"""Routes of issuers: their list, their settings, and the end of one."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from stratumiops.vault import clock
from stratumiops.vault.backend import Match, Route
from stratumiops.vault.engines.pki.algorithms import algorithm
from stratumiops.vault.engines.pki.encoding import pem, serial_key
from stratumiops.vault.engines.pki.models import USAGES, Issuer, Urls
from stratumiops.vault.engines.pki.parts import ISSUING, Pki
from stratumiops.vault.engines.pki.revoking import revoke
from stratumiops.vault.engines.pki.settings import changed_urls
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Operation, Request, Response, listing

DELETED_ALL: Final = (
    "DELETE /root deletes all keys and issuers; prefer the new DELETE /key/:key_ref and DELETE /issuer/:issuer_ref for"
    " finer granularity, unless removal of all keys and issuers is desired."
)
SELF_SIGNED: Final = (
    "This issuer is a self-signed (potentially root) certificate. This means it may not be considered revoked if there"
    " is not an external, cross-signed variant of this certificate. This issuer's serial number will not appear on its"
    " own CRL."
)
NO_PARENT: Final = (
    "This issuer lacks another parent issuer within the mount. This means it will not appear on any other CRLs and may"
    " not be considered revoked by clients. Consider adding this issuer to its issuer's CRL as well if it is not"
    " self-signed."
)
_BEHAVIORS: Final = ("err", "truncate", "permit")


class IssuerRoutes:
    """Issuers."""

    def __init__(self, pki: Pki) -> None:
        self._pki = pki

    def routes(self) -> Iterator[Route]:
        """The routes."""
        yield Route("issuers", list=self.list)
        yield Route("root", delete=self.delete_all, sudo=True)
        yield Route("issuer/{ref}", read=self.read, write=self.change, patch=self.change, delete=self.delete)
        yield Route("issuer/{ref}/revoke", write=self.revoke)

    async def list(self, _request: Request, _match: Match) -> Response:
        """All issuers."""
        everyone, default = await self._pki.authority.issuers(), (await self._pki.authority.defaults()).issuer
        info = {
            one.id: {
                "issuer_name": one.name, "key_id": one.key_id, "serial_number": one.serial,
                "is_default": one.id == default,
            }
            for one in everyone.values()
        }  # fmt: skip
        return listing(list(everyone), info)

    async def read(self, _request: Request, match: Match) -> Response:
        """An issuer."""
        return Response(await described(self._pki, await self._pki.authority.issuer(match["ref"])))

    async def change(self, request: Request, match: Match) -> Response:
        """Set an issuer's fields; a write sets those that are absent to their defaults, a patch leaves them."""
        fields = Fields(request.data)
        async with self._pki.authority.changing:
            issuer = await self._pki.authority.issuer(match["ref"])
            before = issuer
            if request.operation is not Operation.PATCH:
                before = replace(Issuer(issuer.id, "", issuer.key_id, issuer.certificate), revoked_at=issuer.revoked_at)
            made = await self._changed(before, fields)
            if made.revoked_at and ISSUING in made.usage:
                made = made.with_usage(made.usage - {ISSUING}) if not fields.has("usage") else _refuse_revoked()
            await self._pki.authority.change(issuers=[made])
        return Response(await described(self._pki, made))

    async def _changed(self, issuer: Issuer, fields: Fields) -> Issuer:
        name = await self._pki.authority.free_issuer_name(fields.text("issuer_name", issuer.name), issuer.id)
        behavior = fields.text("leaf_not_after_behavior", issuer.leaf_not_after_behavior)
        if behavior not in _BEHAVIORS:
            raise BadRequest(
                "Unknown value for field `leaf_not_after_behavior`. Possible values are `err`, `truncate`, and"
                " `permit`."
            )
        usage = frozenset(fields.strings("usage", sorted(issuer.usage))) | {"read-only"}
        if not usage <= set(USAGES):
            raise BadRequest(
                f"Unable to parse specified usages: [{' '.join(sorted(usage - {'read-only'}))}] - valid values are"
                f" {','.join(USAGES)}"
            )
        chain = issuer.manual_chain
        if fields.has("manual_chain"):
            chain = tuple([(await self._pki.authority.issuer(ref)).id for ref in fields.strings("manual_chain")])
            if chain and chain[0] != issuer.id:
                raise BadRequest("the first issuer of manual_chain must be the issuer itself")
        signature = fields.text("revocation_signature_algorithm", issuer.revocation_signature_algorithm)
        key = await self._pki.authority.key_of(issuer)
        if signature and fields.has("revocation_signature_algorithm") and key is not None:
            signature = algorithm(signature, key.private).name
        return replace(
            issuer, name=name, leaf_not_after_behavior=behavior, usage=usage, manual_chain=chain,
            urls=changed_urls(issuer.urls, fields, "enable_aia_url_templating"),
            revocation_signature_algorithm=signature,
        )  # fmt: skip

    async def revoke(self, _request: Request, match: Match) -> Response:
        """End an issuer: it issues no more, and is on the list of its own issuer if that is here."""
        issuer = await self._pki.authority.issuer(match["ref"])
        if issuer.revoked_at:
            return Response(await described(self._pki, issuer))
        warnings = [SELF_SIGNED] if issuer.is_self_signed else []
        if await self._pki.authority.parent(issuer) is None:
            warnings.append(NO_PARENT)
        else:
            await revoke(self._pki, serial_key(issuer.certificate.serial_number), issuer.certificate)
        async with self._pki.authority.changing:
            issuer = await self._pki.authority.issuer(issuer.id)
            at = issuer.revoked_at or self._pki.system.now()
            made = replace(issuer, revoked_at=at, usage=issuer.usage - {ISSUING})
            await self._pki.authority.change(issuers=[made])
        return Response(await described(self._pki, made), warnings=warnings)

    async def delete(self, _request: Request, match: Match) -> Response:
        """Drop an issuer; its key stays."""
        ref = match["ref"]
        async with self._pki.authority.changing:
            try:
                issuer = await self._pki.authority.issuer(ref)
            except BadRequest:
                return Response(status=200)
            was_default = (await self._pki.authority.defaults()).issuer == issuer.id
            await self._pki.authority.change(without_issuers=[issuer.id])
        if not was_default:
            return Response(status=200)
        return Response(
            status=200,
            warnings=[
                f"Deleted issuer {issuer.id} (via issuer_ref {ref}); this was configured as the default issuer."
                " Operations without an explicit issuer will not work until a new default is configured."
            ],
        )

    async def delete_all(self, _request: Request, _match: Match) -> Response:
        """Drop every issuer and key."""
        async with self._pki.authority.changing:
            everyone, keys = await self._pki.authority.issuers(), await self._pki.authority.keys()
            await self._pki.authority.change(without_issuers=list(everyone), without_keys=list(keys))
        return Response(status=200, warnings=[DELETED_ALL])


def _refuse_revoked() -> Issuer:
    raise BadRequest("This issuer was revoked; unable to give it back the usage issuing-certificates.")


async def described(pki: Pki, issuer: Issuer) -> dict[str, Any]:
    """What clients see of an issuer."""
    data: dict[str, Any] = {
        "issuer_id": issuer.id, "issuer_name": issuer.name, "key_id": issuer.key_id,
        "certificate": pem(issuer.certificate) + "\n",
        "ca_chain": [pem(one.certificate) + "\n" for one in await pki.authority.chain(issuer)],
        "manual_chain": list(issuer.manual_chain) or None,
        "leaf_not_after_behavior": issuer.leaf_not_after_behavior,
        "revocation_signature_algorithm": issuer.revocation_signature_algorithm,
        "usage": ",".join(sorted(issuer.usage)), "revoked": bool(issuer.revoked_at), **issuer.urls.lists,
    }  # fmt: skip
    if issuer.urls != Urls():
        data["enable_aia_url_templating"] = issuer.urls.templated
    if issuer.revoked_at:
        data |= {
            "revocation_time": int(issuer.revoked_at),
            "revocation_time_rfc3339": clock.rfc3339(issuer.revoked_at),
        }
    return data
