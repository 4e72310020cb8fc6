"""What holds for all secrets of a mount."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

from stratumiops.vault import durations
from stratumiops.vault.engines.kv2.metadata import Metadata
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response
from stratumiops.vault.view import View

USUAL_VERSIONS: Final = 10
"""How many versions are kept when neither the mount nor the secret says it."""
_MOST_VERSIONS: Final = (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class Config:
    """The configuration of a mount. A `delete_version_after` below 0 switches it off for all secrets."""

    max_versions: int = 0
    cas_required: bool = False
    delete_version_after: int = 0
    metadata_cas_required: bool = False

    def versions_of(self, metadata: Metadata) -> int:
        """How many versions of a secret are kept."""
        return max(self.max_versions, metadata.max_versions) or USUAL_VERSIONS

    def deletion_of(self, metadata: Metadata, now: float) -> float:
        """When a version made now will be deleted; 0: never by itself."""
        if self.delete_version_after < 0:
            return 0.0
        after = [each for each in (self.delete_version_after, metadata.delete_version_after) if each]
        return now + min(after) if after else 0.0

    def changed(self, fields: Fields) -> Self:
        """With what the fields say."""
        return replace(
            self,
            max_versions=max_versions(fields, self.max_versions),
            cas_required=fields.boolean("cas_required", self.cas_required),
            delete_version_after=_delete_after(fields, self.delete_version_after),
            metadata_cas_required=fields.boolean("metadata_cas_required", self.metadata_cas_required),
        )

    def shown(self) -> dict[str, Any]:
        """As clients see it."""
        after = self.delete_version_after
        text = durations.in_go_form(abs(after))
        return {**asdict(self), "delete_version_after": f"-{text}" if after < 0 else text}


def max_versions(fields: Fields, default: int) -> int:
    """The field of that name.

    Raises:
        BadRequest: it is negative or has more than 32 bits.
    """
    value: int = fields.integer("max_versions", default)
    if not 0 <= value <= _MOST_VERSIONS:
        raise BadRequest(f"'max_versions' must be between 0 and {_MOST_VERSIONS}")
    return value


def _delete_after(fields: Fields, default: int) -> int:
    value = fields.raw("delete_version_after")
    if isinstance(value, str) and value.startswith("-"):
        return -durations.parse(value[1:], "delete_version_after")
    if isinstance(value, int) and value < 0:
        return -durations.parse(-value, "delete_version_after")
    return fields.duration("delete_version_after", default)


class ConfigEntry:
    """The configuration where it is kept, read once."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._config: Config | None = None

    async def get(self) -> Config:
        """The configuration."""
        if self._config is None:
            self._config = Config(**(await self._view.read("config") or {}))
        return self._config

    async def read(self, *_: Any) -> Response:
        """Answer GET."""
        return Response((await self.get()).shown())

    async def write(self, request: Request, *_: Any) -> None:
        """Answer POST."""
        changed = (await self.get()).changed(Fields(request.data))
        self.forget()
        await self._view.write("config", asdict(changed))
        self._config = changed

    def forget(self) -> None:
        """Have it read anew."""
        self._config = None
