"""`kogral list`: nodes, those changed last first."""

from typing import Annotated, Any

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import Json, ReadGraph, Server, Status, Tags, Types, client


@app.command("list")
def list_(
    *,
    graph: ReadGraph = None,
    types: Types = None,
    tags: Tags = None,
    status: Status = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at the most.")] = 50,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """List nodes, those changed last first.

    \b
    Examples:
      kogral list --type decision --status accepted --graph project
      kogral list --tag storage --json
    """
    from stratumiops.ui.cli.kogral import nodes
    from stratumiops.ui.cli.kogral.documents import LIST
    from stratumiops.ui.cli.output import pager, print_json, print_table

    found: list[dict[str, Any]] = []
    variables: dict[str, Any] = {"graph": graph, "where": nodes.where(types, tags, status)}
    with client(server) as api:
        more = True
        while more and len(found) < limit:
            page = api.execute(LIST, {**variables, "first": min(limit - len(found), 1_000)})["nodes"]
            found += page["nodes"]
            variables["after"] = page["pageInfo"]["endCursor"]
            more = page["pageInfo"]["hasNextPage"]
    if as_json:
        print_json([nodes.summary(node) for node in found])
        return
    with pager():
        print_table(nodes.COLUMNS, map(nodes.row, found), empty="Nothing there.")
