"""Secrets by path: the two versions of the engine, as the option `version` of a mount names them."""

from stratumiops.vault.backend import Backend, Mount, System
from stratumiops.vault.engines.kv1 import Kv1Backend
from stratumiops.vault.engines.kv2.backend import Kv2Backend
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.view import View


def kv(mount: Mount, view: View, system: System) -> Backend:
    """The engine of a mount of type `kv`; without a version it is version 1.

    Raises:
        BadRequest: the version is neither 1 nor 2.
    """
    version = (mount.options or {}).get("version") or "1"
    if version == "2":
        return Kv2Backend(mount, view, system)
    if version == "1":
        return Kv1Backend(mount, view, system)
    raise BadRequest(f"unsupported version {version!r} of the kv engine: it is 1 or 2")
