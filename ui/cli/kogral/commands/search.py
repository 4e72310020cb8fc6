"""`kogral search`: nodes that match words, best first."""

from typing import Annotated

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import Json, ReadGraph, Server, Status, Tags, Types, client


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words to look for.")],
    *,
    graph: ReadGraph = None,
    types: Types = None,
    tags: Tags = None,
    status: Status = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1_000, help="How many at the most.")] = 10,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Search titles, texts and tags; best first.

    \b
    Examples:
      kogral search "message broker"
      kogral search storage --type decision --status accepted --json
    """
    from stratumiops.ui.cli.kogral import nodes
    from stratumiops.ui.cli.kogral.documents import SEARCH
    from stratumiops.ui.cli.kogral.reading import print_hits
    from stratumiops.ui.cli.output import print_json

    variables = {"query": query, "graph": graph, "where": nodes.where(types, tags, status), "first": limit}
    with client(server) as api:
        hits = api.execute(SEARCH, variables)["search"]
    if as_json:
        print_json([{**nodes.summary(hit["node"]), "score": hit["score"]} for hit in hits])
    else:
        print_hits(hits)
