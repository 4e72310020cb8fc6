"""The parts of a PKI mount, and what several of its routes need of them."""

from collections import OrderedDict
from typing import Final

from stratumiops.vault.backend import Mount, System
from stratumiops.vault.engines.pki.authority import Authority
from stratumiops.vault.engines.pki.lists import Lists, Made, Wanted
from stratumiops.vault.engines.pki.models import Issuer
from stratumiops.vault.engines.pki.roles import Role
from stratumiops.vault.engines.pki.settings import Settings, resolved
from stratumiops.vault.engines.pki.signing import Signer, signer
from stratumiops.vault.engines.pki.store import Certificates
from stratumiops.vault.engines.pki.validity import Validity, validity
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.locks import Locks
from stratumiops.vault.view import View

ISSUING: Final = "issuing-certificates"
CRL_SIGNING: Final = "crl-signing"
OCSP_SIGNING: Final = "ocsp-signing"
NO_URLS: Final = (
    "This mount hasn't configured any authority information access (AIA) fields; this may make it harder for systems to"
    " find missing certificates in the chain or to validate revocation status of certificates. Consider updating"
    " /config/urls or the newly generated issuer with this information."
)
_MOST_ROLES: Final = 1_000


class Roles:
    """Roles by name; those used last are kept in memory."""

    def __init__(self, view: View) -> None:
        self._view = view.below("role/")
        self._kept: OrderedDict[str, Role] = OrderedDict()

    async def get(self, name: str) -> Role | None:
        """A role; None: there is none."""
        found = self._kept.get(name)
        if found is None:
            kept = await self._view.read(name)
            if kept is None:
                return None
            found = self._kept.get(name) or Role.read(kept)
            self._keep(name, found)
        return found

    async def needed(self, name: str) -> Role:
        """A role.

        Raises:
            BadRequest: there is none.
        """
        found = await self.get(name)
        if found is None:
            raise BadRequest(f"unknown role: {name}")
        return found

    async def put(self, name: str, given: Role) -> None:
        """Write a role."""
        try:
            await self._view.write(name, given.written())
        except BaseException:
            self._kept.pop(name, None)  # it is not known whether it was written
            raise
        self._keep(name, given)

    async def remove(self, name: str) -> None:
        """Drop a role."""
        try:
            await self._view.delete(name)
        finally:
            self._kept.pop(name, None)

    async def names(self, after: str = "", limit: int = 0) -> list[str]:
        """Their names, sorted."""
        return await self._view.names("", after, limit)

    def forget(self) -> None:
        """Leave nothing in memory."""
        self._kept.clear()

    def _keep(self, name: str, found: Role) -> None:
        self._kept[name] = found
        while len(self._kept) > _MOST_ROLES:
            self._kept.popitem(last=False)


class Pki:
    """A PKI mount."""

    def __init__(self, mount: Mount, view: View, system: System) -> None:
        self.mount = mount
        self.view = view
        self.system = system
        self.authority = Authority(view)
        self.settings = Settings(view)
        self.certificates = Certificates(view)
        self.roles = Roles(view)
        self.lists = Lists(view, self.certificates)
        self.locks = Locks()
        self._signers: dict[str, Signer] = {}
        self._version = 0

    def forget(self) -> None:
        """Leave nothing in memory."""
        for part in (self.authority, self.settings, self.certificates, self.roles, self.lists):
            part.forget()
        self._signers.clear()

    def settings_changed(self) -> None:
        """Issuers have other URLs from now on."""
        self.authority.version += 1

    async def signer(self, ref: str, usage: str) -> Signer:
        """An issuer that is ready to sign.

        Raises:
            BadRequest: there is none, it has no key, or it may not be used so.
        """
        found = self._signers.get(ref) if self._version == self.authority.version else None
        if found is None:
            found = await self._new_signer(ref)
        if usage not in found.issuer.usage:
            one = found.issuer
            raise BadRequest(
                f"error fetching CA certificate: error while attempting to use issuer {one.id}: requested usage {usage}"
                f" for issuer [id:{one.id} / name:{one.name}] but only had usage {','.join(sorted(one.usage))}"
            )
        return found

    async def _new_signer(self, ref: str) -> Signer:
        version = self.authority.version
        try:
            issuer = await self.authority.issuer(ref)
        except BadRequest as none:
            raise BadRequest(f"could not fetch the CA certificate (was one set?): {none.messages[0]}") from None
        key = await self.authority.key_of(issuer)
        if key is None:
            raise BadRequest(
                f"error fetching CA certificate: unable to fetch corresponding key for issuer {issuer.id}; unable to"
                " use this issuer for signing"
            )
        urls = issuer.urls or await self.settings.urls.get()
        try:
            filled = resolved(urls, await self.settings.cluster.get(), issuer.id)
        except BadRequest as wrong:
            raise BadRequest(
                f"error fetching CA certificate: unable to fetch AIA URL information: {wrong.messages[0]}"
            ) from None
        made = signer(issuer, key.private, await self.authority.chain(issuer), filled)
        if version == self.authority.version:
            if self._version != version:
                self._signers.clear()
                self._version = version
            self._signers[ref] = made
        return made

    def validity(self, request: Fields, given: Role) -> Validity:
        """The times that a request asks for, bounded by its role and this mount."""
        return validity(
            request, given, now=self.system.now(), default_ttl=self.system.default_lease_ttl(self.mount),
            longest=self.system.max_lease_ttl(self.mount),
        )  # fmt: skip

    async def warnings(self) -> list[str]:
        """What is worth a word when an issuer is made."""
        return [] if await self.settings.urls.get() else [NO_URLS]

    async def complete_list(self, ref: str, *, force: bool = False) -> Made:
        """The list of what an issuer has revoked.

        Raises:
            BadRequest: there is no such issuer, or it may not sign lists.
        """
        settings = await self.settings.crl.get()
        return await self.lists.complete(
            await self._wanted(ref), self.system.now(), keep=settings.auto_rebuild,
            grace=settings.seconds("auto_rebuild_grace_period"), force=force,
        )  # fmt: skip

    async def delta_list(self, ref: str, *, force: bool = False) -> Made:
        """What was revoked since that list.

        Raises:
            BadRequest: there is no such issuer, or it may not sign lists.
        """
        settings = await self.settings.crl.get()
        return await self.lists.delta(
            await self._wanted(ref), await self.complete_list(ref), self.system.now(),
            interval=settings.seconds("delta_rebuild_interval"), force=force,
        )  # fmt: skip

    async def _wanted(self, ref: str) -> Wanted:
        signs = await self.signer(ref, CRL_SIGNING)
        settings = await self.settings.crl.get()
        together = await self.together(signs.issuer)
        default = (await self.authority.defaults()).issuer
        everyone = frozenset(await self.authority.issuers())
        return Wanted(
            signer=signs, everything=default in together, issuers=frozenset(together), known=everyone,
            expiry=settings.seconds("expiry"), version=self.authority.version, empty=settings.disable,
        )  # fmt: skip

    async def together(self, issuer: Issuer) -> list[str]:
        """The ids of the issuers that have this one's name and key."""
        everyone = (await self.authority.issuers()).values()
        same = [
            one for one in everyone
            if one.key_id == issuer.key_id and one.certificate.subject == issuer.certificate.subject
        ]  # fmt: skip
        return [one.id for one in same]
