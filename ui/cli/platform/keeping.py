"""`stratumiops backup` and `restore`."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

from stratumiops.graph.backup.format import Summary
from stratumiops.graph.backup.restore import restore
from stratumiops.graph.backup.save import backup
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.ui.cli.output import print_json
from stratumiops.ui.cli.platform.place import connection
from stratumiops.ui.cli.platform.screen import count_bar, say


def save(home: Path, file: Path, *, force: bool, as_json: bool) -> None:
    """Write the graph of this home to a file.

    Raises:
        StratumError: see `graph.backup.save.backup`.
    """
    with count_bar("saving") as progress:
        done = asyncio.run(_connected(connection(home), lambda db: backup(db, file, force=force, progress=progress)))
    _report("saved", done, as_json=as_json)


def bring_back(home: Path, file: Path, *, replace: bool, as_json: bool) -> None:
    """Fill the graph of this home from a file.

    Raises:
        StratumError: see `graph.backup.restore.restore`.
    """
    with count_bar("restoring") as progress:
        done = asyncio.run(
            _connected(connection(home), lambda db: restore(db, file, replace=replace, progress=progress))
        )
    _report("restored", done, as_json=as_json)


async def _connected(settings: Neo4jSettings, work: Callable[[Database], Awaitable[Summary]]) -> Summary:
    database = Database(settings)
    await database.connect()
    try:
        return await work(database)
    finally:
        await database.close()


def _report(verb: str, done: Summary, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(done))
    else:
        say(f"{verb} {done.nodes:,} nodes and {done.relationships:,} relationships: {done.file}")
