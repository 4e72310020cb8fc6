"""Directories: what a client may ask for, and under which URLs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from stratumiops.vault.engines.pki.acme.problems import Problem
from stratumiops.vault.engines.pki.acme.settings import AcmeSettings
from stratumiops.vault.engines.pki.parts import ISSUING, Pki
from stratumiops.vault.engines.pki.roles import Role
from stratumiops.vault.engines.pki.signing import Signer
from stratumiops.vault.errors import BadRequest, NotFound

LONGEST_S: Final = 90 * 86_400
PREFIXES: Final = ("", "roles/{role}/", "issuer/{ref}/", "issuer/{ref}/roles/{role}/")
ANY_NAME: Final = Role(
    allow_any_name=True, allow_localhost=True, key_type="any", require_cn=False, client_flag=False, max_ttl=LONGEST_S,
    key_usage=["DigitalSignature", "KeyEncipherment"], ttl=LONGEST_S,
)  # fmt: skip
"""What the default directory issues by when it has no role: certificates of servers for any name that is shown."""


@dataclass(frozen=True, slots=True)
class Directory:
    """One directory; `path` is `acme/`, with the issuer and the role before it where the client named them."""

    path: str
    base: str
    role: Role
    signer: Signer
    settings: AcmeSettings

    def url(self, rest: str) -> str:
        """A URL below it."""
        return f"{self.base}/{self.path}{rest}"

    def document(self) -> dict[str, Any]:
        """As clients read it (RFC 8555, 7.1.1)."""
        return {
            "newNonce": self.url("new-nonce"), "newAccount": self.url("new-account"),
            "newOrder": self.url("new-order"), "revokeCert": self.url("revoke-cert"),
            "keyChange": self.url("key-change"),
            "meta": {"externalAccountRequired": self.settings.eab_policy != "not-required"},
        }  # fmt: skip


def path(match: Mapping[str, str]) -> str:
    """The path of the directory that a request's path lies below."""
    issuer = f"issuer/{match['ref']}/" if "ref" in match else ""
    role = f"roles/{match['role']}/" if "role" in match else ""
    return f"{issuer}{role}acme/"


async def directory(pki: Pki, settings: AcmeSettings, match: Mapping[str, str]) -> Directory:
    """The directory of a request.

    Raises:
        NotFound: ACME is off.
        Problem: the directory's role or issuer is not there or not allowed.
    """
    if not settings.enabled:
        raise NotFound
    role = await _role(pki, settings, match.get("role", ""))
    try:
        issuer = await pki.authority.issuer(match.get("ref", "") or role.issuer_ref)
    except BadRequest:
        raise Problem("malformed", "the request message was malformed: issuer does not exist") from None
    allowed = settings.allowed_issuers
    if "*" not in allowed and not {issuer.id, issuer.name or issuer.id} & set(allowed):
        default = (await pki.authority.defaults()).issuer
        if not ("default" in allowed and issuer.id == default):
            raise Problem("unauthorized", "the issuer is not allowed for ACME")
    try:
        signer = await pki.signer(issuer.id, ISSUING)
    except BadRequest:
        raise Problem("unauthorized", "the issuer cannot issue certificates") from None
    base = (await pki.settings.cluster.get()).path.rstrip("/")
    return Directory(path(match), base, role, signer, settings)


async def _role(pki: Pki, settings: AcmeSettings, name: str) -> Role:
    if not name:
        policy = settings.default_directory_policy
        if policy == "forbid":
            raise Problem("unauthorized", "the default directory is not allowed; use that of a role")
        if policy == "sign-verbatim":
            return ANY_NAME
        name = policy.removeprefix("role:")
    role = await pki.roles.get(name)
    if role is None:
        raise Problem("malformed", "the request message was malformed: role does not exist")
    if "*" not in settings.allowed_roles and name not in settings.allowed_roles:
        raise Problem("unauthorized", "the role is not allowed for ACME")
    usages: dict[str, Any] = {}
    if not settings.allow_role_ext_key_usage:
        usages = {
            "server_flag": True, "client_flag": False, "code_signing_flag": False, "email_protection_flag": False,
            "ext_key_usage": [], "ext_key_usage_oids": [],
        }  # fmt: skip
    return replace(
        role, **usages, no_store=False, generate_lease=False, require_cn=False, use_csr_common_name=True,
        use_csr_sans=True, max_ttl=min(role.max_ttl or LONGEST_S, LONGEST_S),
        ttl=min(role.ttl or LONGEST_S, role.max_ttl or LONGEST_S, LONGEST_S),
    )  # fmt: skip
