"""The unmodified `bao` command sees the same of svault as of OpenBao, step by step."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ..postgresql import Postgresql, postgresql_in  # noqa: TID252 - servers of all tests of the vault
from ..servers import openbao, svault  # noqa: TID252 - servers of all tests of the vault
from .running import Run
from .script import SCRIPT

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("same as openbao")]


async def users(database: Postgresql, owner: str) -> dict[str, str]:
    """A user who may make others, and one that stays, for one server."""
    known = {"pg_url": database.url, "pg_admin": f"admin-of-{owner}", "pg_static": f"static-of-{owner}"}
    known["pg_password"] = f"password-of-{owner}"
    await database.ask(f"CREATE ROLE \"{known['pg_admin']}\" LOGIN SUPERUSER PASSWORD '{known['pg_password']}'")
    await database.ask(f"CREATE ROLE \"{known['pg_static']}\" LOGIN PASSWORD 'the first one'")
    return known


async def prepared(database: Postgresql) -> tuple[dict[str, str], dict[str, str]]:
    await database.guard()
    return await users(database, "svault"), await users(database, "openbao")


def observed(run: Run) -> list[dict[str, Any]]:
    return [run.step(step) for step in SCRIPT]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    ours, theirs = tmp_path_factory.mktemp("svault"), tmp_path_factory.mktemp("openbao")
    with (
        postgresql_in(tmp_path_factory.mktemp("postgresql")) as database,
        svault(ours) as one,
        openbao(theirs) as other,
        ThreadPoolExecutor(2) as threads,
    ):
        of_ours, of_theirs = asyncio.run(prepared(database))
        first = threads.submit(observed, Run(one.address, ours, database, of_ours))
        second = threads.submit(observed, Run(other.address, theirs, database, of_theirs))
        yield first.result(), second.result()
        left = asyncio.run(database.users())
        assert not [name for name in left if name.startswith("v-")]


def test_the_script_is_long_enough() -> None:
    assert len(SCRIPT) >= 150


@pytest.mark.parametrize("place", range(len(SCRIPT)), ids=[f"{n}:{step.line[:50]}" for n, step in enumerate(SCRIPT)])
def test_step(both: tuple[list[dict[str, Any]], list[dict[str, Any]]], place: int) -> None:
    ours, theirs = both
    assert ours[place] == theirs[place], SCRIPT[place].line
