"""A key with its versions, as it is kept and as it is shown."""

import base64
from dataclasses import dataclass, field, fields
from typing import Any, Final

from stratumiops.vault.engines.transit.kinds import KINDS, Kind
from stratumiops.vault.errors import BadRequest, Corrupt

TOO_OLD: Final = "ciphertext or signature version is disallowed by policy (too old)"


@dataclass(slots=True)
class Version:
    """One version: it never changes. `private` is empty where only the public key was imported.

    `parsed` holds what was read from the bytes, by purpose, so that a key is read once.
    """

    created: float
    private: bytes = field(repr=False)
    public: bytes
    hmac_key: bytes = field(repr=False)
    parsed: dict[str, Any] = field(default_factory=dict, repr=False)

    def record(self) -> dict[str, Any]:
        """As it is kept."""
        secret = {"private": self.private, "public": self.public, "hmac_key": self.hmac_key}
        return {"created": self.created, **{name: base64.b64encode(value).decode() for name, value in secret.items()}}

    @classmethod
    def of(cls, record: dict[str, Any]) -> "Version":
        """The inverse of `record`."""
        private, public, hmac_key = (base64.b64decode(record[name]) for name in ("private", "public", "hmac_key"))
        return cls(record["created"], private, public, hmac_key)


@dataclass(slots=True)
class Key:
    """A key. It is not changed: a change is another object, put in its place once it is stored.

    `versions` are those that were read so far; a version below `min_available_version` is gone for good.
    """

    name: str
    type: str
    derived: bool = False
    convergent_encryption: bool = False
    exportable: bool = False
    allow_plaintext_backup: bool = False
    deletion_allowed: bool = False
    soft_deleted: bool = False
    imported_key: bool = False
    allow_rotation: bool = False
    auto_rotate_period: int = 0
    key_size: int = 0
    latest_version: int = 1
    latest_created: float = 0.0
    min_available_version: int = 0
    min_decryption_version: int = 1
    min_encryption_version: int = 0
    backup_info: dict[str, Any] | None = None
    restore_info: dict[str, Any] | None = None
    versions: dict[int, Version] = field(default_factory=dict, repr=False)

    @property
    def kind(self) -> Kind:
        """What it can do."""
        return KINDS[self.type]

    @property
    def oldest(self) -> int:
        """The oldest version that is still kept."""
        return max(1, self.min_available_version)

    def record(self) -> dict[str, Any]:
        """As it is kept, without its versions."""
        return {name: getattr(self, name) for name in _KEPT}

    @classmethod
    def of(cls, record: dict[str, Any]) -> "Key":
        """The inverse of `record`."""
        if record.get("type") not in KINDS:
            raise Corrupt("a key of the storage has an unknown type")
        return cls(**{name: value for name, value in record.items() if name in _KEPT})

    def version_for(self, purpose: str, asked: int) -> int:
        """Which version new things are made with; 0 asks for the latest.

        Raises:
            BadRequest: that one may not be used for it.
        """
        if asked == 0:
            return self.latest_version
        if asked < 0:
            raise BadRequest(f"requested version for {purpose} is negative")
        if asked > self.latest_version:
            raise BadRequest(f"requested version for {purpose} is higher than the latest key version")
        if asked < max(self.min_encryption_version, self.oldest):
            raise BadRequest(f"requested version for {purpose} is less than the minimum encryption key version")
        return asked

    def readable(self, number: int, noun: str) -> int:
        """The same version, if what it made may still be read.

        Raises:
            BadRequest: it is too new, or too old.
        """
        if number > self.latest_version:
            raise BadRequest(f"invalid {noun}: version is too new")
        if number < max(self.min_decryption_version, self.oldest):
            raise BadRequest(TOO_OLD)
        return number


_KEPT: Final = tuple(one.name for one in fields(Key) if one.name != "versions")
