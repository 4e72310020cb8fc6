"""How the vault is."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import strawberry

from stratumiops.graph.errors import Forbidden, StratumError, Unauthenticated, Unavailable
from stratumiops.graph.ids import format_instant
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.knowledge.reader import once
from stratumiops.resolvers.settings import VaultSection
from stratumiops.resolvers.vault.caller import NOBODY
from stratumiops.resolvers.vault.session import Vault
from stratumiops.resolvers.vault.values import instant, integer, text, texts
from stratumiops.schema.scalars import DateTime
from stratumiops.schema.vault.status import VaultState, VaultStatus, VaultToken


@strawberry.type
class StatusQuery:
    """Root field of the vault's status."""

    @strawberry.field(description="How the vault is: whether there is one, whether it is open, and what to do next.")
    async def vault_status(self, info: Info) -> VaultStatus:
        """How the vault is."""
        return await status(info.context.vault, info.context.services.settings.vault)


async def status(vault: Vault, settings: VaultSection) -> VaultStatus:
    """How the vault is; no error when it is not there."""
    address, supervised = vault.client.address, settings.supervise
    if address is None:
        hint = "Run one with `stratumiops up --vault`, or name one in vault.address."
        return _status(VaultState.ABSENT, supervised=supervised, hint=hint)
    try:
        said = await _seal_status(vault)
    except StratumError as error:
        hint = "`stratumiops logs vault` says why." if supervised else (error.hint or "Is vault.address right?")
        return _status(VaultState.UNREACHABLE, supervised=supervised, hint=hint, address=address, problem=error.message)
    state = _state(said)
    return _status(
        state,
        supervised=supervised,
        hint=_hint(state, said),
        address=address,
        version=text(said.get("version")),
        cluster_name=text(said.get("cluster_name")),
        storage_type=text(said.get("storage_type")),
        seal_type=text(said.get("type")),
        shares=integer(said.get("n")),
        threshold=integer(said.get("t")),
        progress=integer(said.get("progress")),
        nonce=said.get("nonce"),
        vault=vault if state is VaultState.UNSEALED else None,
    )


async def _seal_status(vault: Vault) -> Mapping[str, Any]:
    answer = await vault.client.ask(NOBODY, "GET", "sys/seal-status")
    if not answer.ok or "sealed" not in answer.body:
        raise Unavailable(f"What answers at {vault.client.address} is no vault: status {answer.status}.")
    return answer.body


def _status(state: VaultState, *, vault: Vault | None = None, **known: Any) -> VaultStatus:
    """The status; `vault` answers what only an open one can."""

    async def failing() -> bool | None:
        return None if vault is None else await audit_failing(vault)

    async def caller() -> VaultToken | None:
        return None if vault is None else await token_of(vault)

    return VaultStatus(state=state, failing=failing, caller=once(caller), **known)


def _state(said: Mapping[str, Any]) -> VaultState:
    if not said.get("initialized"):
        return VaultState.UNINITIALIZED
    return VaultState.SEALED if said["sealed"] else VaultState.UNSEALED


def _hint(state: VaultState, said: Mapping[str, Any]) -> str | None:
    if state is VaultState.UNINITIALIZED:
        return "Initialise it with `svault operator init`, and keep the shares that it shows apart from each other."
    if state is VaultState.SEALED:
        return f"Unseal it with {said.get('t')} of its {said.get('n')} shares: `svault operator unseal`."
    return None


async def audit_failing(vault: Vault) -> bool | None:
    """Whether the vault says that it cannot put anything on record."""
    try:
        answer = await vault.client.ask(NOBODY, "GET", "sys/health", query={"standbyok": "true"})
    except StratumError:
        return None
    return True if answer.body.get("problems") else None


async def token_of(vault: Vault) -> VaultToken | None:
    """The caller's token; None: see `VaultStatus.token`."""
    try:
        said = await vault.read("auth/token/lookup-self")
    except (Unauthenticated, Forbidden):
        return None
    return VaultToken(
        display_name=str(said.get("display_name") or ""),
        policies=[*texts(said.get("policies")), *texts(said.get("identity_policies"))],
        accessor=str(said.get("accessor") or ""),
        created_at=instant(said.get("issue_time")) or _since_1970(said.get("creation_time")),
        expires_at=instant(said.get("expire_time")),
        renewable=bool(said.get("renewable")),
        path=str(said.get("path") or ""),
        namespace=str(said.get("namespace_path") or ""),
    )


def _since_1970(value: Any) -> DateTime:
    return DateTime(format_instant(datetime.fromtimestamp(integer(value) or 0, UTC)))
