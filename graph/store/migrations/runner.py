"""Bring the schema of a store to the version of this code."""

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from stratumiops.graph.errors import Conflict
from stratumiops.graph.ids import utc_now
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.migrations.turn import turn

_FILE: Final = re.compile(r"(\d{4})_(\w+)\.cypher")
_STATEMENT_END: Final = re.compile(r";[ \t]*$", re.MULTILINE)
_TIMEOUT_S: Final = 120.0

_APPLIED: Final = "MATCH (v:SchemaVersion) RETURN v.version AS version ORDER BY version"
_RECORD: Final = "MERGE (v:SchemaVersion {version: $version}) ON CREATE SET v.applied_at = $at, v.name = $name"


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema: its number, its name and its statements."""

    version: int
    name: str
    statements: tuple[str, ...]


@cache
def available() -> tuple[Migration, ...]:
    """The migrations that this code brings, in order."""
    found = []
    for file in resources.files(__package__).iterdir():
        match = _FILE.fullmatch(file.name)
        if match:
            found.append(Migration(int(match[1]), match[2], _split(file.read_text(encoding="utf-8"))))
    return tuple(sorted(found, key=lambda migration: migration.version))


def _split(text: str) -> tuple[str, ...]:
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//"))
    return tuple(part.strip() for part in _STATEMENT_END.split(code) if part.strip())


async def applied(db: Database) -> list[int]:
    """The versions that the store has been through."""
    return [row["version"] for row in await db.read(_APPLIED)]


async def migrate(db: Database) -> list[Migration]:
    """Apply what is missing, in order, and return it; safe when several processes start at once.

    Raises:
        Conflict: the store has been through a migration that this code does not know.
    """
    if not _missing(await applied(db)):
        return []
    async with turn(db):
        missing = _missing(await applied(db))
        for migration in missing:
            await _apply(db, migration)
        return missing


def _missing(done: list[int]) -> list[Migration]:
    newest = available()[-1].version
    if done and done[-1] > newest:
        raise Conflict(
            f"The graph has schema version {done[-1]}; this program knows versions up to {newest}.",
            hint="Use a newer stratumiops, or restore a backup made with this one.",
        )
    return [migration for migration in available() if migration.version not in done]


async def _apply(db: Database, migration: Migration) -> None:
    values = {"at": utc_now()}
    for statement in migration.statements:
        await db.write(statement, values, retry=True, past_gate=True, timeout_s=_TIMEOUT_S)
    record = {"version": migration.version, "name": migration.name, "at": utc_now()}
    await db.write(_RECORD, record, retry=True, past_gate=True)
