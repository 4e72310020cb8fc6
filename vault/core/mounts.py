"""The mounts of one namespace: which engine or auth method is at which path."""

import secrets
import string
import uuid
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any, Final

from stratumiops.vault.backend import Mount
from stratumiops.vault.core.mounted import Mounted
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.view import View

_LETTERS: Final = string.ascii_lowercase + string.digits
_RESERVED: Final = ("sys/", "cubbyhole/", "identity/", "audit/")
_OWN: Final = ("sys/", "cubbyhole/", "identity/", "auth/token/")
_TABLE: Final = "mounts/"


class MountTable:
    """Mounts by path. What it answers is what is on disk; changes are there when they are acknowledged."""

    def __init__(self, view: View) -> None:
        self._view = view.below(_TABLE)
        self._by_path: dict[str, Mounted] = {}
        self._firsts: dict[str, list[str]] = {}
        self._unsure: dict[str, str] = {}

    def __iter__(self) -> Iterator[Mounted]:
        """All of them, in order of path."""
        return iter(self._by_path[path] for path in sorted(self._by_path))

    def get(self, path: str) -> Mounted | None:
        """The mount at just this path, which ends with `/`."""
        return self._by_path.get(path)

    def find(self, path: str) -> Mounted | None:
        """The mount that a request's path goes to."""
        for candidate in self._firsts.get(path.partition("/")[0], ()):
            if path.startswith(candidate) or path == candidate[:-1]:
                return self._by_path[candidate]
        return None

    async def load(self) -> list[Mount]:
        """What is kept."""
        return [Mount(**await self._view.read(key)) for key in await self._view.names()]

    def new(self, path: str, kind: str, **more: Any) -> Mount:
        """A mount to be kept and added. When the storage did not say whether it kept one before, it is that one."""
        made = new_mount(path, kind, **more)
        return replace(made, uuid=self._unsure.setdefault(path, made.uuid))

    async def keep(self, mount: Mount) -> None:
        """Write a mount."""
        await self._view.write(mount.uuid, asdict(mount))

    async def forget(self, mount: Mount) -> None:
        """Drop a mount from what is kept."""
        await self._view.delete(mount.uuid)

    def add(self, mounted: Mounted) -> None:
        """Serve a mount."""
        self._unsure.pop(mounted.mount.path, None)
        self._by_path[mounted.mount.path] = mounted
        self._index()

    def remove(self, path: str) -> None:
        """Serve it no more."""
        self._by_path.pop(path, None)
        self._index()

    def clear(self) -> None:
        """Serve nothing."""
        self._unsure.clear()
        self._by_path.clear()
        self._index()

    def check_free(self, path: str) -> None:
        """Whether something may be mounted there.

        Raises:
            BadRequest: the path is taken, reserved, or inside or above another mount.
        """
        if any(path.startswith(reserved) for reserved in _RESERVED):
            raise BadRequest(f"cannot mount under existing mount {path.partition('/')[0]!r}")
        if path in self._by_path:
            raise BadRequest(f"path is already in use at {path.removeprefix('auth/')}")
        for other in self._by_path:
            if path.startswith(other) or other.startswith(path):
                raise BadRequest(f"path is already in use at {other.removeprefix('auth/')}")

    def _index(self) -> None:
        firsts: dict[str, list[str]] = {}
        for path in sorted(self._by_path, key=len, reverse=True):
            firsts.setdefault(path.partition("/")[0], []).append(path)
        self._firsts = firsts


def new_mount(path: str, kind: str, **more: Any) -> Mount:
    """A mount with ids of its own."""
    accessor = "".join(secrets.choice(_LETTERS) for _ in range(8))
    prefix = f"auth_{kind}" if path.startswith("auth/") else kind
    return Mount(path=path, kind=kind, accessor=f"{prefix}_{accessor}", uuid=str(uuid.uuid4()), **more)


def clean_path(path: str) -> str:
    """A mount's path as it is kept.

    Raises:
        BadRequest: no mount can be there.
    """
    found = path.strip("/")
    bad = not found or any(ord(letter) < 32 or letter in "*+?#%\\" for letter in found)
    if bad or any(part in ("", ".", "..") for part in found.split("/")):
        raise BadRequest(f"path {path!r} cannot be mounted at")
    return found + "/"


def is_own(path: str) -> bool:
    """Whether the vault needs the mount itself, so that it cannot be removed or moved."""
    return path in _OWN
