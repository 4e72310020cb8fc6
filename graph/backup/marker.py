"""The sign that a restore is under way, or was cut off: what is in the graph is then not to be used."""

from stratumiops.graph.backup import queries
from stratumiops.graph.errors import Unavailable
from stratumiops.graph.store.database import Database


async def interrupted(db: Database) -> str | None:
    """The file that is being restored, or whose restore was cut off; None when the graph is whole."""
    found = await db.read(queries.MARKED)
    return str(found[0]["file"]) if found else None


async def refuse_half_restored(db: Database) -> None:
    """Let a server go on only with a whole graph; part of its readiness.

    Raises:
        Unavailable: a restore is under way or was cut off.
    """
    file = await interrupted(db)
    if file is not None:
        raise Unavailable(
            f"the graph is being restored from {file}",
            hint="wait for `stratumiops restore` to end; if it was cut off, run it again",
        )
