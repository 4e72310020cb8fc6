"""What Cedar policies can speak of. They are checked against it when they are written."""

from typing import Final

ACTIONS: Final = ("read", "create", "update", "patch", "delete", "list", "sudo")

SCHEMA: Final = """\
// A token is in a role for each of its policies' names, and in that of its login or token role.
entity Role;

// Tags are the token's metadata, and attributes of the login.
entity Token in [Role] = {
  accessor: String,
  display_name: String,
  kind: String,
  path: String,
  policies: Set<String>,
} tags String;

// A path, with its mount, is in each of the paths above it: Path::"kv/data/a/b" in Path::"kv/data/a".
// Tags are metadata of what lies there, such as the custom_metadata of kv.
entity Path in [Path] = {
  mount: String,
  path: String,
  engine: String,
} tags String;

// UTC. Weekday 1 is Monday.
type Time = { unix: Long, hour: Long, minute: Long, weekday: Long };

type Context = {
  time: Time,
  ip?: ipaddr,
  mfa: Bool,
  namespace: String,
  wrap_ttl: Long,
  parameters: Set<String>,
};

action read, create, update, patch, delete, list, sudo
  appliesTo { principal: Token, resource: Path, context: Context };
"""
