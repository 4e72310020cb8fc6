"""Migrations: applied once, recorded, safe to repeat, and never behind the graph."""

import asyncio

import pytest

from stratumiops.graph.errors import Conflict
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.migrations import applied, available, migrate, runner

ALL = [migration.version for migration in available()]


async def test_a_migrated_store_is_left_alone(database: Database) -> None:
    with database.record() as sent:
        assert await migrate(database) == []
    assert len(sent) == 1
    assert await applied(database) == [migration.version for migration in available()]


def test_versions_are_gapless_and_files_have_statements() -> None:
    migrations = available()
    assert [migration.version for migration in migrations] == list(range(1, len(migrations) + 1))
    assert all(migration.statements for migration in migrations)
    assert not any(";" in statement.splitlines()[-1] for m in migrations for statement in m.statements)


@pytest.mark.usefixtures("write_gate")  # another test that holds all writers would hold these, too
async def test_migrations_may_run_twice(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(_: Database) -> list[int]:
        return []

    monkeypatch.setattr(runner, "applied", nothing)
    found = await asyncio.gather(*(migrate(database) for _ in range(3)))
    assert [[migration.version for migration in each] for each in found] == [ALL] * 3
    assert await applied(database) == ALL
    assert await database.read_one("MATCH (t:MigrationTurn) RETURN count(t)") == 0
    assert await database.read_one("MATCH (g:WriteGate) RETURN count(g)") == 1


async def test_a_graph_newer_than_the_program_is_refused(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def newer(_: Database) -> list[int]:
        return [*ALL, ALL[-1] + 1]

    monkeypatch.setattr(runner, "applied", newer)
    with pytest.raises(
        Conflict, match=f"schema version {ALL[-1] + 1}; this program knows versions up to {ALL[-1]}"
    ) as error:
        await migrate(database)
    assert "newer stratumiops" in (error.value.hint or "")
