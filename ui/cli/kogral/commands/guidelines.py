"""`kogral guidelines`: which guidelines apply in a graph, and where each comes from."""

from typing import Annotated, Any

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import Json, Server, WriteGraph, client


@app.command()
def guidelines(
    topic: Annotated[str | None, typer.Argument(help="Words that say what it is about; without them, all.")] = None,
    *,
    graph: WriteGraph = "default",
    own: Annotated[bool, typer.Option("--own", help="Without guidelines that the graph inherits.")] = False,
    overridden: Annotated[
        bool, typer.Option("--overridden", help="Also those that others override, or that are over.")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1_000, help="How many at the most.")] = 20,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Show the guidelines that apply: a project's override those it inherits, by priority.

    \b
    Examples:
      kogral guidelines --graph project
      kogral guidelines "error messages" --graph project --overridden --json
    """
    from stratumiops.ui.cli.kogral.documents import GUIDELINES
    from stratumiops.ui.cli.output import print_json, print_table

    variables = {"graph": graph, "topic": topic, "shared": not own, "overridden": overridden, "first": limit}
    with client(server) as api:
        found = api.execute(GUIDELINES, variables)["guidelinesFor"]
    if as_json:
        print_json([_entry(one) for one in found])
    else:
        print_table(("PRIORITY", "ID", "FROM", "TITLE", ""), map(_row, found), empty="No guideline applies.")


def _entry(one: dict[str, Any]) -> dict[str, Any]:
    """A guideline as JSON says it."""
    held = one["guideline"]
    return {
        "id": held["id"],
        "title": held["title"],
        "node_type": "guideline",
        "graph": held["graph"],
        "status": held["status"],
        "tags": held["tags"],
        "path": held["path"],
        "content": held["content"],
        "updated_at": held["updatedAt"],
        "priority": one["priority"],
        "topic": one["topic"],
        "score": one["score"],
        "inherited_from": one["inheritedFrom"],
        "applies": one["applies"],
        "overridden_by": one["overriddenBy"],
        "overrides": one["overrides"],
    }


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    held, winner, losers = one["guideline"], one["overriddenBy"], one["overrides"]
    remark = "" if one["applies"] else "does not apply"
    if winner is not None:
        remark = f"overridden by {winner['title']} ({winner['graph']})"
    elif losers:
        remark = "overrides " + ", ".join(f"{other['title']} ({other['graph']})" for other in losers)
    return str(one["priority"]), held["id"], held["graph"], held["title"], remark
