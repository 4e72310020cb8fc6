"""The issuers and keys of a mount, found by id, by name or as the default, and the chains between them."""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TypeVar

from cryptography import x509

from stratumiops.vault.engines.pki import keys as kinds
from stratumiops.vault.engines.pki.kept import Kept, Setting
from stratumiops.vault.engines.pki.models import Defaults, Issuer, Key, checked_name, issued
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.view import View

Named = TypeVar("Named", Issuer, Key)


@dataclass(slots=True)
class Import:
    """What comes in together: issuers and keys by id, and whether each is new."""

    issuers: dict[str, bool] = field(default_factory=dict)
    keys: dict[str, bool] = field(default_factory=dict)


class Authority:
    """Issuers and keys. Changes are made one after another."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._issuers = Kept(view, "issuer/", Issuer.read, Issuer.written)
        self._keys = Kept(view, "key/", Key.read, Key.written)
        self._defaults = Setting(view, "config/defaults", lambda kept: Defaults(**kept), asdict, Defaults())
        self.changing = asyncio.Lock()
        self.version = 0
        """Grows with every change; what was derived from issuers and keys is as old as this says."""

    async def issuers(self) -> Mapping[str, Issuer]:
        """All, by id."""
        return await self._issuers.all()

    async def keys(self) -> Mapping[str, Key]:
        """All, by id."""
        return await self._keys.all()

    async def defaults(self) -> Defaults:
        """Which are the default ones."""
        return await self._defaults.get()

    async def issuer(self, ref: str) -> Issuer:
        """The issuer that an id, a name or `default` means.

        Raises:
            BadRequest: there is none.
        """
        default = (await self.defaults()).issuer
        if ref == "default" and not default:
            raise BadRequest("no default issuer currently configured")
        found = _found(await self.issuers(), default if ref == "default" else ref)
        if found is None:
            raise BadRequest(f"unable to find PKI issuer for reference: {ref}")
        return found

    async def key(self, ref: str) -> Key:
        """The key that an id, a name or `default` means.

        Raises:
            BadRequest: there is none.
        """
        default = (await self.defaults()).key
        if ref == "default" and not default:
            raise BadRequest("no default key currently configured")
        found = _found(await self.keys(), default if ref == "default" else ref)
        if found is None:
            raise BadRequest(f"unable to find PKI key for reference: {ref}")
        return found

    async def key_of(self, issuer: Issuer) -> Key | None:
        """An issuer's key, if it is here."""
        return (await self.keys()).get(issuer.key_id)

    async def chain(self, issuer: Issuer) -> list[Issuer]:
        """The issuer, those that issued it, and so on up to roots; or the chain that was set by hand."""
        everyone = await self.issuers()
        if issuer.manual_chain:
            return [everyone[one] for one in issuer.manual_chain if one in everyone]
        chain = [issuer]
        for child in chain:
            if not child.is_self_signed:
                chain += [one for one in everyone.values() if one not in chain and _is_parent(one, child)]
        return chain

    async def parent(self, issuer: Issuer) -> Issuer | None:
        """Another issuer that issued this one, one with a key if there is one."""
        found = [one for one in (await self.issuers()).values() if one.id != issuer.id and _is_parent(one, issuer)]
        return next((one for one in found if one.key_id), found[0] if found else None)

    async def issuer_of(self, certificate: x509.Certificate) -> Issuer | None:
        """Which issuer has signed a certificate."""
        for one in (await self.issuers()).values():
            if one.certificate.subject == certificate.issuer and issued(one.certificate, certificate):
                return one
        return None

    async def free_issuer_name(self, name: str, but: str = "") -> str:
        """A name that no other issuer has.

        Raises:
            BadRequest: one has it, or it cannot be a name.
        """
        if checked_name("issuer", name) and any(
            one.name == name and one.id != but for one in (await self.issuers()).values()
        ):
            raise BadRequest("issuer name already in use")
        return name

    async def free_key_name(self, name: str, but: str = "") -> str:
        """A name that no other key has.

        Raises:
            BadRequest: one has it, or it cannot be a name.
        """
        if checked_name("key", name) and any(
            one.name == name and one.id != but for one in (await self.keys()).values()
        ):
            raise BadRequest("key name already in use")
        return name

    async def change(
        self,
        *,
        issuers: Sequence[Issuer] = (),
        keys: Sequence[Key] = (),
        without_issuers: Sequence[str] = (),
        without_keys: Sequence[str] = (),
        defaults: Defaults | None = None,
        also: Mapping[str, bytes | None] | None = None,
    ) -> None:
        """Write and drop issuers and keys, all or none. Whoever calls holds `changing`.

        Args:
            issuers: new ones, and changed ones.
            keys: new ones, and changed ones.
            without_issuers: ids of those that go.
            without_keys: ids of those that go.
            defaults: which are the default ones from now on; None: as before, where they are still here.
            also: other entries of the mount that belong to the change.
        """
        new_issuers, new_keys = {one.id: one for one in issuers}, {one.id: one for one in keys}
        before, known, known_keys = await self.defaults(), await self.issuers(), await self.keys()
        wanted = defaults or before
        if wanted.issuer not in {*known, *new_issuers}.difference(without_issuers):
            wanted = replace(wanted, issuer=_first([one for one in issuers if one.id not in known]))
        if wanted.key not in {*known_keys, *new_keys}.difference(without_keys):
            wanted = replace(wanted, key=next((one.id for one in keys if one.id not in known_keys), ""))
        changes = self._issuers.entries(new_issuers, without_issuers) | self._keys.entries(new_keys, without_keys)
        if wanted != before:
            changes |= self._defaults.entry(wanted)
        try:
            await self._view.apply({**changes, **(also or {})})
        except BaseException:
            self.forget()  # it is not known whether they were written
            raise
        self._issuers.note(new_issuers, without_issuers)
        self._keys.note(new_keys, without_keys)
        self._defaults.note(wanted)
        self.version += 1

    async def followed(self, added: Sequence[Issuer]) -> Defaults:
        """Which are the default ones after new issuers: the latest one, if that was asked for."""
        before = await self.defaults()
        with_keys = [one for one in added if one.key_id]
        return replace(before, issuer=with_keys[0].id) if before.follows_latest and len(with_keys) == 1 else before

    async def take(
        self, certificates: Sequence[x509.Certificate], private: Sequence[kinds.PrivateKey], key_name: str = ""
    ) -> Import:
        """Keep what is not here yet; an issuer gets its key, whichever of the two comes first."""
        found = Import()
        by_spki = {one.spki: one for one in (await self.keys()).values()}
        new_keys: list[Key] = []
        for one in private:
            spki = kinds.spki(one.public_key())
            is_new = spki not in by_spki
            if is_new:
                by_spki[spki] = Key(str(uuid.uuid4()), key_name, one, spki)
                new_keys.append(by_spki[spki])
            found.keys.setdefault(by_spki[spki].id, is_new)
        known = list((await self.issuers()).values())
        new_issuers: list[Issuer] = []
        for each in certificates:
            issuer = next((one for one in (*known, *new_issuers) if one.certificate == each), None)
            is_new = issuer is None
            if issuer is None:
                key = by_spki.get(kinds.spki(kinds.public(each.public_key())))
                issuer = Issuer(str(uuid.uuid4()), "", key.id if key else "", each)
                new_issuers.append(issuer)
            found.issuers.setdefault(issuer.id, is_new)
        completed = [
            replace(one, key_id=by_spki[spki].id)
            for one in known
            if not one.key_id and (spki := kinds.spki(kinds.public(one.certificate.public_key()))) in by_spki
        ]
        if new_issuers or new_keys or completed:
            await self.change(
                issuers=[*new_issuers, *completed], keys=new_keys, defaults=await self.followed(new_issuers)
            )
        return found

    def forget(self) -> None:
        """Leave nothing in memory."""
        self._issuers.forget()
        self._keys.forget()
        self._defaults.forget()
        self.version += 1


def _first(added: Sequence[Issuer]) -> str:
    return next((one.id for one in added if one.key_id), added[0].id if added else "")


def _found(everyone: Mapping[str, Named], ref: str) -> Named | None:
    return everyone.get(ref) or next((one for one in everyone.values() if one.name and one.name == ref), None)


def _is_parent(one: Issuer, child: Issuer) -> bool:
    return one.certificate.subject == child.certificate.issuer and issued(one.certificate, child.certificate)
