"""What the vault has put on record."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from stratumiops.graph.errors import Forbidden
from stratumiops.graph.store.vault_audit import AuditQuestion, audit_page
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.engine.describe import first_of
from stratumiops.resolvers.rules import cursors
from stratumiops.resolvers.vault.paths import clean_path
from stratumiops.resolvers.vault.session import Vault
from stratumiops.resolvers.vault.values import text, texts
from stratumiops.schema.arguments import After, First
from stratumiops.schema.scalars import DateTime
from stratumiops.schema.vault.audit import VaultAuditConnection, VaultAuditDevice, VaultAuditEvent, VaultAuditWhere
from stratumiops.schema.vault.pages import page_of

_Where = Annotated[VaultAuditWhere | None, strawberry.argument(description="Which entries; without it, all.")]


@strawberry.type
class AuditQuery:
    """Root fields of the audit."""

    @strawberry.field(description="Where the vault puts requests on record; the token needs `sudo` for it.")
    async def vault_audit_devices(self, info: Info) -> list[VaultAuditDevice]:
        """Where the vault puts requests on record."""
        said = await info.context.vault.read("sys/audit")
        return [
            VaultAuditDevice(
                path=path, type=str(held.get("type") or ""), description=str(held.get("description") or "")
            )
            for path, held in sorted(said.items())
            if isinstance(held, dict)
        ]

    @strawberry.field(
        description="Requests to the vault and its answers as its audit device `graph` put them on record, newest "
        "first; the token needs `sudo` on `sys/audit`, and sees its own namespace and those below it."
    )
    async def vault_audit(
        self, info: Info, where: _Where = UNSET, first: First = 50, after: After = UNSET
    ) -> VaultAuditConnection:
        """Requests to the vault and its answers."""
        limit = first_of({"first": first}, info.context.scope)
        last = cursors.decode(after, str, str) if after else None
        namespace = await auditor_of(info.context.vault)
        asked = AuditQuestion(
            namespace=namespace,
            first=limit + 1,
            after=(last[0], last[1]) if last else None,
            **_conditions(where or None),
        )
        rows = await audit_page(info.context.services.db, asked)
        page = page_of(
            [_event(row) for row in rows[:limit]],
            lambda one: cursors.encode(one.at, one.id),
            more=len(rows) > limit,
            after=bool(after),
        )
        return VaultAuditConnection(edges=page.edges, nodes=page.nodes, page_info=page.page_info)


async def auditor_of(vault: Vault) -> str:
    """The namespace whose audit the caller may read, as the vault says.

    Raises:
        Forbidden: none.
        StratumError: the vault refuses.
    """
    said = (await vault.write("sys/capabilities-self", {"paths": ["sys/audit"]})).body
    told = said.get("data") or said
    if not {"sudo", "root"} & set(texts(told.get("sys/audit") or told.get("capabilities"))):
        hint = "A policy must give it: `vaultAccess` with the operation SUDO and the path sys/audit says more."
        raise Forbidden("Reading the audit needs `sudo` on sys/audit.", hint=hint)
    return str((await vault.read("auth/token/lookup-self")).get("namespace_path") or "")


def _conditions(where: VaultAuditWhere | None) -> dict[str, Any]:
    if where is None:
        return {}
    given = {name: getattr(where, name) for name in ("path", "operation", "allowed", "since", "until")}
    found = {name: value for name, value in given.items() if value is not UNSET and value is not None}
    return found | ({"path": clean_path(found["path"], "where.path", empty=True)} if "path" in found else {})


def _event(row: Mapping[str, Any]) -> VaultAuditEvent:
    return VaultAuditEvent(
        id=strawberry.ID(row["id"]),
        at=DateTime(row["at"]),
        kind=row["kind"],
        operation=row["operation"],
        path=row["path"],
        mount_type=text(row.get("mount_type")),
        namespace=row["namespace"],
        display_name=text(row.get("display_name")),
        accessor=text(row.get("accessor")),
        policies=texts(row.get("policies")),
        remote_address=text(row.get("remote_address")),
        allowed=row["allowed"],
        error=text(row.get("error")),
    )
