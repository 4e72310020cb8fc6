"""Policies that are there from the start."""

from typing import Final

ROOT_NAME: Final = "root"
DEFAULT_NAME: Final = "default"
WRAPPING_NAME: Final = "response-wrapping"
"""What wrapping tokens have; it is not listed."""
FIXED: Final = frozenset({ROOT_NAME, WRAPPING_NAME})
"""Policies that cannot be changed."""

DEFAULT: Final = """\
# What every token may do unless it is made without this policy.

# A token's own affairs: what it is, longer life, its end, what it may do.
path "auth/token/lookup-self" {
  capabilities = ["read"]
}
path "auth/token/renew-self" {
  capabilities = ["update"]
}
path "auth/token/revoke-self" {
  capabilities = ["update"]
}
path "sys/capabilities-self" {
  capabilities = ["update"]
}
path "sys/internal/ui/resultant-acl" {
  capabilities = ["read"]
}

# Leases, by those who know their ids. The second path is that of old clients.
path "sys/leases/lookup" {
  capabilities = ["update"]
}
path "sys/leases/renew" {
  capabilities = ["update"]
}
path "sys/renew" {
  capabilities = ["update"]
}

# A place of its own for each token.
path "cubbyhole/*" {
  capabilities = ["create", "read", "update", "delete", "list"]
}

# Response wrapping.
path "sys/wrapping/wrap" {
  capabilities = ["update"]
}
path "sys/wrapping/lookup" {
  capabilities = ["update"]
}
path "sys/wrapping/unwrap" {
  capabilities = ["update"]
}

# Hashes of what the token already has.
path "sys/tools/hash" {
  capabilities = ["update"]
}
path "sys/tools/hash/*" {
  capabilities = ["update"]
}

# The entity of the token itself.
path "identity/entity/id/{{identity.entity.id}}" {
  capabilities = ["read"]
}
path "identity/entity/name/{{identity.entity.name}}" {
  capabilities = ["read"]
}
"""

WRAPPING: Final = """\
path "cubbyhole/response" {
  capabilities = ["create", "read"]
}
path "sys/wrapping/unwrap" {
  capabilities = ["update"]
}
"""
