"""Which engine or auth method a type is."""

from collections.abc import Callable, Mapping
from typing import Final

from stratumiops.vault.auth.catalogue import CATALOGUE, CatalogueOnly
from stratumiops.vault.backend import Backend, Mount, System
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.view import View

Maker = Callable[[Mount, View, System], Backend]


def _kv(mount: Mount, view: View, system: System) -> Backend:
    from stratumiops.vault.engines.kv import kv

    return kv(mount, view, system)


def _transit(mount: Mount, view: View, system: System) -> Backend:
    from stratumiops.vault.engines.transit.backend import TransitBackend

    return TransitBackend(mount, view, system)


def _pki(mount: Mount, view: View, system: System) -> Backend:
    from stratumiops.vault.engines.pki.backend import PkiBackend

    return PkiBackend(mount, view, system)


def _database(mount: Mount, view: View, system: System) -> Backend:
    from stratumiops.vault.engines.database.backend import DatabaseBackend

    return DatabaseBackend(mount, view, system)


def _approle(mount: Mount, view: View, system: System) -> Backend:
    from stratumiops.vault.auth.approle.backend import AppRoleBackend

    return AppRoleBackend(mount, view, system)


def _userpass(mount: Mount, view: View, system: System) -> Backend:
    from stratumiops.vault.auth.userpass.backend import UserpassBackend

    return UserpassBackend(mount, view, system)


def _jwt(mount: Mount, view: View, system: System) -> Backend:
    from stratumiops.vault.auth.jwt.backend import JwtBackend

    return JwtBackend(mount, view, system)


SECRETS: Final[Mapping[str, Maker]] = {"kv": _kv, "transit": _transit, "pki": _pki, "database": _database}
AUTH: Final[Mapping[str, Maker]] = {
    "approle": _approle, "userpass": _userpass, "jwt": _jwt, **dict.fromkeys(CATALOGUE, CatalogueOnly),
}  # fmt: skip


def maker(kind: str, *, auth: bool) -> Maker:
    """What makes a backend of a type.

    Raises:
        BadRequest: there is no such type.
    """
    found = (AUTH if auth else SECRETS).get(kind)
    if found is None:
        raise BadRequest(f"plugin not found in the catalog: {kind[:64]}")
    return found
