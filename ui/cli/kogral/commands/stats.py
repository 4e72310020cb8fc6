"""`kogral stats`: how much there is of what."""

from typing import Annotated

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import Json, ReadGraph, Server, client


@app.command()
def stats(
    *,
    graph: ReadGraph = None,
    tags: Annotated[int, typer.Option("--tags", min=1, max=1_000, help="How many tags at the most.")] = 20,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Count nodes by type, decisions by status, and nodes by graph and tag.

    \b
    Examples:
      kogral stats --graph project
      kogral stats --json
    """
    from stratumiops.ui.cli.kogral.node_documents import COUNTED_STATUSES, COUNTED_TYPES, STATS
    from stratumiops.ui.cli.output import pager, print_json, print_table

    with client(server) as api:
        found = api.execute(STATS, {"graph": graph, "tags": tags})
    by_type = {name: found[name]["totalCount"] for name in COUNTED_TYPES}
    statuses = (*COUNTED_STATUSES, "unset")
    by_status = {name: found[name]["totalCount"] for name in statuses}
    by_status["other"] = by_type["decision"] - sum(by_status.values())
    counted = {
        "nodes": sum(by_type.values()),
        "types": by_type,
        "decisions": by_status,
        "graphs": {one["name"]: one["nodeCount"] for one in found["graphs"] if graph in {None, one["name"]}},
        "tags": {one["tag"]: one["count"] for one in found["tags"]},
    }
    if as_json:
        print_json(counted)
        return
    rows = [("nodes", "", f"{counted['nodes']:,}")]
    for group in ("types", "decisions", "graphs", "tags"):
        rows += [(group.rstrip("s"), name, f"{count:,}") for name, count in counted[group].items() if count]
    with pager():
        print_table(("WHAT", "NAME", "COUNT"), rows, empty="Nothing there.")
