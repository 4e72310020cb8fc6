"""What the vault's audit device `graph` put on record, newest first. The vault writes it; here it is only read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from stratumiops.graph.store.database import Database

_PAGE: Final = (
    "MATCH (a:VaultAudit) WHERE a.at >= $since AND a.at < $until\n"
    "  AND ($at IS NULL OR a.at < $at OR (a.at = $at AND a.id < $id))\n"
    "  AND a.namespace STARTS WITH $namespace%s\n"
    "WITH a ORDER BY a.at DESC, a.id DESC LIMIT $first\n"
    "RETURN collect(properties(a)) AS found"
)
_CONDITIONS: Final = {
    "path": " AND a.path STARTS WITH $path",
    "operation": " AND a.operation = $operation",
    "allowed": " AND a.allowed = $allowed",
}
_FIRST: Final = ""
_LAST: Final = "~"
"""Behind every instant, as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuestion:
    """Which entries; None: whatever it is.

    Args:
        namespace: entries of it and of those below it; "": all.
        after: instant and id of the last entry seen.
    """

    namespace: str
    first: int
    after: tuple[str, str] | None = None
    path: str | None = None
    operation: str | None = None
    allowed: bool | None = None
    since: str | None = None
    until: str | None = None


async def audit_page(db: Database, asked: AuditQuestion) -> Sequence[Mapping[str, Any]]:
    """The stored properties of the entries."""
    wanted = {name: value for name in _CONDITIONS if (value := getattr(asked, name)) is not None}
    at, last = asked.after or (None, None)
    params = {
        **wanted,
        "namespace": asked.namespace,
        "first": asked.first,
        "since": asked.since or _FIRST,
        "until": min(asked.until or _LAST, f"{at}~" if at else _LAST),
        "at": at,
        "id": last,
    }
    text = _PAGE % "".join(_CONDITIONS[name] for name in wanted)
    return await db.read_one(text, params) or ()
