"""What is known of a secret beside its values: its versions, and how they are kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

from stratumiops.vault import clock, durations


@dataclass(frozen=True)
class Version:
    """One version. `deletion`: from when on it is deleted, seconds since 1970; 0: it is not."""

    created: str
    deletion: float = 0.0
    destroyed: bool = False

    def gone(self, now: float) -> bool:
        """Whether its value cannot be read."""
        return self.destroyed or 0 < self.deletion <= now

    @cached_property
    def deletion_time(self) -> str:
        """As clients see it."""
        return clock.rfc3339(self.deletion) if self.deletion else ""

    def shown(self) -> dict[str, Any]:
        """As the list of versions shows it."""
        return {"created_time": self.created, "deletion_time": self.deletion_time, "destroyed": self.destroyed}


@dataclass(slots=True)
class Metadata:
    """A secret without its values. Who changes it, changes a `copy`: what is here may be read meanwhile.

    `id` names it in the keys of its versions, so a secret made anew at the path shares nothing with the old one.
    """

    id: str
    created: str
    updated: str
    current: int = 0
    oldest: int = 0
    versions: dict[int, Version] = field(default_factory=dict)
    custom: dict[str, str] | None = None
    max_versions: int = 0
    cas_required: bool = False
    delete_version_after: int = 0
    revision: int = 0
    revision_required: bool = False

    def copy(self) -> Self:
        """One that may be changed."""
        return replace(self, versions=dict(self.versions))

    def deleted(self, numbers: Iterable[int], at: float) -> Self | None:
        """A copy whose versions of these numbers are deleted; None: they were, or there are none."""
        there = [number for number in numbers if number in self.versions and not self.versions[number].gone(at)]
        return self._changed({number: replace(self.versions[number], deletion=at) for number in there})

    def restored(self, numbers: Iterable[int]) -> Self | None:
        """A copy whose versions of these numbers are not deleted, save destroyed ones."""
        there = ((number, self.versions.get(number)) for number in numbers)
        return self._changed(
            {number: replace(one, deletion=0.0) for number, one in there if one and one.deletion and not one.destroyed}
        )

    def destroyed(self, numbers: Iterable[int]) -> Self | None:
        """A copy whose versions of these numbers are destroyed."""
        there = ((number, self.versions.get(number)) for number in numbers)
        return self._changed({number: replace(one, destroyed=True) for number, one in there if one is not None})

    def _changed(self, versions: dict[int, Version]) -> Self | None:
        return replace(self, versions={**self.versions, **versions}) if versions else None

    def excess(self, kept: int) -> list[int]:
        """The oldest versions, which go when so many are kept."""
        return list(self.versions)[: max(len(self.versions) - kept, 0)]

    def key(self, number: int) -> str:
        """Where a version's value is kept."""
        return f"versions/{self.id}/{number}"

    def of_version(self, number: int) -> dict[str, Any]:
        """What comes with a version's value."""
        version = self.versions[number]
        return {
            "created_time": version.created,
            "custom_metadata": self.custom,
            "deletion_time": version.deletion_time,
            "destroyed": version.destroyed,
            "version": number,
        }

    def shown(self) -> dict[str, Any]:
        """As clients see it."""
        return {
            "cas_required": self.cas_required,
            "created_time": self.created,
            "current_metadata_version": self.revision,
            "current_version": self.current,
            "custom_metadata": self.custom,
            "delete_version_after": durations.in_go_form(self.delete_version_after),
            "max_versions": self.max_versions,
            "metadata_cas_required": self.revision_required,
            "oldest_version": self.oldest,
            "updated_time": self.updated,
            "versions": {str(number): version.shown() for number, version in self.versions.items()},
        }

    def kept(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "id": self.id, "created": self.created, "updated": self.updated,
            "current": self.current, "oldest": self.oldest, "custom": self.custom,
            "max_versions": self.max_versions, "cas_required": self.cas_required,
            "delete_version_after": self.delete_version_after,
            "revision": self.revision, "revision_required": self.revision_required,
            "versions": [[number, one.created, one.deletion, one.destroyed] for number, one in self.versions.items()],
        }  # fmt: skip

    @classmethod
    def from_kept(cls, kept: dict[str, Any]) -> Self:
        """The inverse of `kept`."""
        versions = {number: Version(created, deletion, gone) for number, created, deletion, gone in kept["versions"]}
        return cls(**{**kept, "versions": versions})
