"""What the configuration wants mounted, at the first unseal."""

from typing import Final

from stratumiops.vault.config import EnginesSection
from stratumiops.vault.core.mounting import Mounting
from stratumiops.vault.core.mounts import clean_path
from stratumiops.vault.view import View

_DONE: Final = "configured"


async def mount_configured(mounting: Mounting, view: View, engines: EnginesSection) -> None:
    """Mount it, once in the life of a vault: what is unmounted later stays so."""
    if await view.read(_DONE) is not None:
        return
    for kind, section in (
        ("kv", engines.kv), ("transit", engines.transit), ("pki", engines.pki), ("database", engines.database),
    ):  # fmt: skip
        if section is not None:
            path = clean_path(section.path)
            options = {"version": "2" if engines.kv and engines.kv.versioned else "1"} if kind == "kv" else None
            if mounting.mount_at("", path) is None:
                await mounting.enable("", path, kind, options=options)
    await view.write(_DONE, {"done": True})
