"""How ACME is set for a mount."""

import ipaddress
from dataclasses import dataclass, field, replace
from typing import Any, Final

from stratumiops.vault.engines.pki.parts import Pki
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields

POLICIES: Final = ("not-required", "new-account-required", "always-required")


@dataclass(frozen=True, slots=True)
class AcmeSettings:
    """`*` in a list allows all. `default_directory_policy`: `forbid`, `sign-verbatim` or `role:<name>`."""

    enabled: bool = False
    allowed_issuers: list[str] = field(default_factory=lambda: ["*"])
    allowed_roles: list[str] = field(default_factory=lambda: ["*"])
    allow_role_ext_key_usage: bool = False
    default_directory_policy: str = "sign-verbatim"
    dns_resolver: str = ""
    eab_policy: str = "not-required"

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "AcmeSettings":
        """From what is kept."""
        return cls(**kept)


async def changed(before: AcmeSettings, request: Fields, pki: Pki) -> AcmeSettings:
    """The settings as a request changes them.

    Raises:
        BadRequest: a field is wrong, or what it names is not there.
    """
    made = replace(
        before,
        enabled=request.boolean("enabled", before.enabled),
        allowed_issuers=request.strings("allowed_issuers", before.allowed_issuers),
        allowed_roles=request.strings("allowed_roles", before.allowed_roles),
        allow_role_ext_key_usage=request.boolean("allow_role_ext_key_usage", before.allow_role_ext_key_usage),
        default_directory_policy=request.text("default_directory_policy", before.default_directory_policy),
        dns_resolver=request.text("dns_resolver", before.dns_resolver),
        eab_policy=request.text("eab_policy", before.eab_policy),
    )
    if made.enabled and not (await pki.settings.cluster.get()).path:
        raise BadRequest("ACME feature requires local cluster 'path' field configuration to be set")
    if made.eab_policy not in POLICIES:
        names = "', '".join(POLICIES)
        raise BadRequest(f"invalid eab policy name provided, valid values are '{names}'")
    resolver_address(made.dns_resolver)
    await _check_names(made, pki)
    await _check_policy(made, pki)
    return made


async def _check_names(made: AcmeSettings, pki: Pki) -> None:
    for name, values in (("allowed_roles", made.allowed_roles), ("allowed_issuers", made.allowed_issuers)):
        if not values:
            raise BadRequest(
                f"{name} must take a non-zero length value; specify '*' as the value to allow anything or specify"
                " enabled=false to disable ACME entirely"
            )
    for one in made.allowed_roles:
        if one != "*" and await pki.roles.get(one) is None:
            raise BadRequest(f"allowed_role {one} is not a valid acme role: role does not exist")
    for one in made.allowed_issuers:
        if one == "*":
            continue
        try:
            await pki.authority.issuer(one)
        except BadRequest as none:
            raise BadRequest(
                f"failed validating allowed_issuers: unable to fetch issuer: {one}: {none.messages[0]}"
            ) from None


async def _check_policy(made: AcmeSettings, pki: Pki) -> None:
    policy = made.default_directory_policy
    if policy in {"forbid", "sign-verbatim"}:
        return
    if not policy.startswith("role:"):
        raise BadRequest(f"invalid default_directory_policy: string {policy} not a valid Default Directory Policy")
    name = policy.removeprefix("role:")
    if await pki.roles.get(name) is None:
        raise BadRequest(f"default directory policy role {name} is not a valid ACME role: role does not exist")
    if "*" not in made.allowed_roles and name not in made.allowed_roles:
        raise BadRequest(f"default directory policy role {name} is not among the allowed_roles")


def resolver_address(text: str) -> tuple[str, int] | None:
    """The address and port of a resolver; "": None.

    Raises:
        BadRequest: it is no IP address with a port.
    """
    if not text:
        return None
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise BadRequest(f"failed to parse DNS resolver address: address {text}: missing port in address")
    try:
        return str(ipaddress.ip_address(host.strip("[]"))), int(port)
    except ValueError:
        raise BadRequest(f"failed to parse DNS resolver address: {host} is no IP address") from None
