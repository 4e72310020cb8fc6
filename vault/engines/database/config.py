"""What is known of a database, as it is configured."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, Final, Self

from stratumiops.vault.engines.database.drivers import DRIVERS
from stratumiops.vault.engines.database.drivers.port import Target
from stratumiops.vault.engines.database.statements import given
from stratumiops.vault.engines.database.usernames import username
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields

_CONNECTIONS: Final = 4
_SECRET: Final = re.compile(r"(?<=://)([^/?#]*):([^/?#]*)@")


@dataclass(frozen=True, slots=True)
class Config:
    """A database. `next_password` is set while the password is being changed: one of the two is good then."""

    plugin_name: str = ""
    connection_url: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    next_password: str = field(default="", repr=False)
    max_open_connections: int = _CONNECTIONS
    allowed_roles: tuple[str, ...] = ()
    root_rotation_statements: tuple[str, ...] = ()
    password_policy: str = ""
    username_template: str = ""

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> Self:
        """One that was kept as `asdict` gives it."""
        lists = {name: tuple(kept[name]) for name in ("allowed_roles", "root_rotation_statements")}
        return cls(**{**kept, **lists})

    def changed(self, fields: Fields) -> Self:
        """With what the fields say.

        Raises:
            BadRequest: a value is wrong or missing.
        """
        old_name = given(fields, "root_credentials_rotate_statements", self.root_rotation_statements)
        config = replace(
            self,
            plugin_name=fields.text("plugin_name", self.plugin_name),
            connection_url=fields.text("connection_url", self.connection_url),
            username=fields.text("username", self.username),
            password=fields.text("password", self.password),
            next_password="" if fields.has("password") else self.next_password,
            max_open_connections=fields.integer("max_open_connections", self.max_open_connections) or _CONNECTIONS,
            allowed_roles=tuple(fields.strings("allowed_roles", self.allowed_roles)),
            root_rotation_statements=given(fields, "root_rotation_statements", old_name),
            password_policy=fields.text("password_policy", self.password_policy),
            username_template=fields.text("username_template", self.username_template),
        )
        if not config.plugin_name:
            raise BadRequest("empty plugin name")
        if config.plugin_name not in DRIVERS:
            raise _unusable(f"plugin not found in the catalog: {config.plugin_name}; there are {', '.join(DRIVERS)}")
        if not config.connection_url:
            raise _unusable("connection_url cannot be empty")
        if not 0 < config.max_open_connections <= 100:
            raise _unusable("max_open_connections is a number up to 100")
        username(config.username_template, {"DisplayName": "d", "RoleName": "r", "unix_time": "1"})
        return config

    def allows(self, role: str) -> bool:
        """Whether a role may use it."""
        return any(fnmatchcase(role, pattern) for pattern in self.allowed_roles)

    def target(self) -> Target:
        """What its driver needs."""
        return Target(self.connection_url, self.username, self.password, self.max_open_connections)

    def shown(self) -> dict[str, Any]:
        """As clients see it: without passwords, also where one stands in the URL."""
        details: dict[str, Any] = {"connection_url": masked(self.connection_url)}
        if self.username:
            details["username"] = self.username
        if self.max_open_connections != _CONNECTIONS:
            details["max_open_connections"] = self.max_open_connections
        if self.username_template:
            details["username_template"] = self.username_template
        return {
            "allowed_roles": list(self.allowed_roles),
            "connection_details": details,
            "password_policy": self.password_policy,
            "plugin_name": self.plugin_name,
            "plugin_version": "",
            "root_credentials_rotate_statements": list(self.root_rotation_statements),
        }


def masked(url: str) -> str:
    """A URL without the password that may stand in it."""
    return _SECRET.sub(lambda found: f"{found[1]}:{_place(found[2])}@", url)


def _place(text: str) -> str:
    return text if re.fullmatch(r"\{\{\s*password\s*\}\}", text) else "*****"


def _unusable(why: str) -> BadRequest:
    return BadRequest(f"error creating database object: {why}")
