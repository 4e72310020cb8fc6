"""Leases below a path: the vault lists folder by folder."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from stratumiops.resolvers.vault.session import Vault

MAX_LISTS: Final = 200
"""Folders, and parts of large ones, that one page looks into."""


@dataclass(slots=True)
class _Level:
    """A folder on the way down: the names still to be seen, last first, and behind which one there may be more."""

    folder: str
    behind: str | None = ""
    names: list[str] = field(default_factory=list)


class LeaseWalk:
    """The ids of leases below a path, sorted, behind `after`. `at` is how far it came.

    With `detailed` it also asks what they are; `about` has what svault said of them, and is empty for other vaults.
    """

    def __init__(self, vault: Vault, prefix: str, after: str, batch: int, *, detailed: bool = False) -> None:
        self.about: dict[str, Mapping[str, Any]] = {}
        self._detailed = detailed
        self._vault = vault
        self._prefix = prefix
        self._batch = batch
        self._lists = 0
        self._levels = _levels(after)
        self.at = after
        self.cut_off = False

    async def ids(self, most: int) -> list[str]:
        """The next ids below the path; fewer than `most`: that is all, or it is `cut_off`."""
        found: list[str] = []
        while self._levels and len(found) < most and not self.cut_off:
            level = self._levels[-1]
            if level.names:
                self.at = level.folder + level.names.pop()
                if self.at.endswith("/"):
                    self._levels.append(_Level(self.at))
                else:
                    found.append(self.at)
            elif level.behind is None:
                self._levels.pop()
            elif self._lists == MAX_LISTS:
                self.cut_off = True
            else:
                await self._fill(level, level.behind)
        return found

    async def _fill(self, level: _Level, behind: str) -> None:
        self._lists += 1
        path = f"sys/leases/lookup/{self._prefix}{level.folder}"
        detailed = "true" if self._detailed else None
        said = await self._vault.names(path, after=behind or None, limit=self._batch, detailed=detailed)
        self.about |= {level.folder + name: one for name, one in (said.get("key_info") or {}).items()}
        found = [str(name) for name in said.get("keys") or ()]
        names = sorted(name for name in found if name > behind)
        level.behind = names[-1] if names and len(found) >= self._batch else None
        level.names = names[::-1]


def _levels(after: str) -> list[_Level]:
    levels, folder = [], ""
    *folders, name = after.split("/")
    for each in folders:
        levels.append(_Level(folder, each + "/"))
        folder += each + "/"
    return [*levels, _Level(folder, name)]
