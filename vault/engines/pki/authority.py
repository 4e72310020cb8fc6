"""The issuers and keys of a mount, found by id, by name or as the default, and the chains between them."""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TypeVar

from cryptography import x509

from stratumiops.vault.engines.pki import keys as kinds
from stratumiops.vault.engines.pki.kept import Kept, Setting
from stratumiops.vault.engines.pki.models import Defaults, Issuer, Key, checked_name, issued
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.view import View

Named = TypeVar("Named", Issuer, Key)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import has made, and what was there."""

    issuers: Sequence[str] = ()
    keys: Sequence[str] = ()
    known_issuers: Sequence[str] = ()
    known_keys: Sequence[str] = ()


class Authority:
    """Issuers and keys. Changes are made one after another."""

    def __init__(self, view: View) -> None:
        self._issuers = Kept(view.below("issuer/"), Issuer.read, Issuer.written)
        self._keys = Kept(view.below("key/"), Key.read, Key.written)
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

    async def put_issuer(self, issuer: Issuer) -> None:
        """Write an issuer, a new one or a changed one."""
        await self._issuers.put({issuer.id: issuer})
        self.version += 1

    async def put_key(self, key: Key) -> None:
        """Write a key, a new one or a changed one; the first is the default."""
        await self._keys.put({key.id: key})
        defaults = await self.defaults()
        if not defaults.key:
            await self.put_defaults(replace(defaults, key=key.id))
        self.version += 1

    async def put_defaults(self, defaults: Defaults) -> None:
        """Write which are the default ones."""
        await self._defaults.put(defaults)
        self.version += 1

    async def add_key(self, private: kinds.PrivateKey, name: str) -> tuple[Key, bool]:
        """Keep a key, and whether it is new; issuers that wait for it get it."""
        spki = kinds.spki(private.public_key())
        known = next((one for one in (await self.keys()).values() if one.spki == spki), None)
        key = known or Key(str(uuid.uuid4()), name, private, spki)
        if known is None:
            await self.put_key(key)
        for issuer in list((await self.issuers()).values()):
            if not issuer.key_id and kinds.spki(kinds.public(issuer.certificate.public_key())) == spki:
                await self.put_issuer(replace(issuer, key_id=key.id))
        return key, known is None

    async def add_issuer(self, certificate: x509.Certificate, name: str) -> tuple[Issuer, bool]:
        """Keep a CA certificate, and whether it is new; it gets its key if that is here."""
        known = next((one for one in (await self.issuers()).values() if one.certificate == certificate), None)
        if known is not None:
            return known, False
        spki = kinds.spki(kinds.public(certificate.public_key()))
        key = next((one.id for one in (await self.keys()).values() if one.spki == spki), "")
        issuer = Issuer(str(uuid.uuid4()), name, key, certificate)
        await self.put_issuer(issuer)
        return issuer, True

    async def take_default(self, added: Sequence[str]) -> None:
        """New issuers may become the default: the first ones do, or the latest when it was asked for."""
        everyone, defaults = await self.issuers(), await self.defaults()
        with_keys = [one for one in added if everyone[one].key_id]
        follows = defaults.follows_latest and len(with_keys) == 1
        if added and (follows or defaults.issuer not in everyone):
            await self.put_defaults(replace(defaults, issuer=(with_keys or list(added))[0]))

    async def remove_issuer(self, issuer: Issuer) -> bool:
        """Drop an issuer, and tell whether it was the default."""
        await self._issuers.remove(issuer.id)
        defaults = await self.defaults()
        if defaults.issuer == issuer.id:
            await self.put_defaults(replace(defaults, issuer=""))
        self.version += 1
        return defaults.issuer == issuer.id

    async def remove_key(self, key: Key) -> bool:
        """Drop a key, and tell whether it was the default."""
        await self._keys.remove(key.id)
        defaults = await self.defaults()
        if defaults.key == key.id:
            await self.put_defaults(replace(defaults, key=""))
        self.version += 1
        return defaults.key == key.id

    async def remove_all(self) -> None:
        """Drop every issuer and key."""
        await self.put_defaults(replace(await self.defaults(), issuer="", key=""))
        await self._issuers.remove(*(await self.issuers()))
        await self._keys.remove(*(await self.keys()))
        self.version += 1

    def forget(self) -> None:
        """Leave nothing in memory."""
        self._issuers.forget()
        self._keys.forget()
        self._defaults.forget()
        self.version += 1


def _found(everyone: Mapping[str, Named], ref: str) -> Named | None:
    return everyone.get(ref) or next((one for one in everyone.values() if one.name and one.name == ref), None)


def _is_parent(one: Issuer, child: Issuer) -> bool:
    return one.certificate.subject == child.certificate.issuer and issued(one.certificate, child.certificate)
