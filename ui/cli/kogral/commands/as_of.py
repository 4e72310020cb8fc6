"""`kogral as-of`: the graph as it was."""

from typing import Annotated, Any

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import Json, ReadGraph, Server, Status, Tags, Types, client


@app.command("as-of")
def as_of(
    instant: Annotated[str, typer.Argument(help="2026-03-01 (its end) or 2026-03-01T12:00, local time.")],
    node: Annotated[
        str | None, typer.Argument(help="A node's id, path or title then; without it all are listed.")
    ] = None,
    *,
    graph: ReadGraph = None,
    types: Types = None,
    tags: Tags = None,
    status: Status = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at the most.")] = 50,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """List the nodes that there were at an instant, or show one as it was.

    \b
    Examples:
      kogral as-of 2026-03-01 --type decision --status accepted
      kogral as-of 2026-03-01T12:00 0007-use-nats.md
    """
    from stratumiops.ui.cli.kogral import nodes
    from stratumiops.ui.cli.kogral.past import instant as parsed
    from stratumiops.ui.cli.kogral.reading import details, print_node
    from stratumiops.ui.cli.output import pager, print_json, print_table

    at = parsed(instant)
    with client(server) as api:
        if node is not None:
            whole = _one(api, node, graph, at)
            if as_json:
                print_json(details(whole))
                return
            with pager():
                print_node(whole)
            return
        found = _all(api, graph, nodes.where(types, tags, status), at, limit)
    if as_json:
        print_json([nodes.summary(one) for one in found])
        return
    with pager():
        print_table(nodes.COLUMNS, map(nodes.row, found), empty="Nothing was there.")


def _all(api: Any, graph: str | None, where: dict[str, Any] | None, at: str, limit: int) -> list[dict[str, Any]]:
    from stratumiops.ui.cli.kogral.node_documents import LIST_AS_OF

    found: list[dict[str, Any]] = []
    after, more = None, True
    while more and len(found) < limit:
        first = min(limit - len(found), 1_000)
        variables = {"graph": graph, "where": where, "asOf": at, "first": first, "after": after}
        page = api.execute(LIST_AS_OF, variables)["nodes"]
        found += page["nodes"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    return found


def _one(api: Any, reference: str, graph: str | None, at: str) -> dict[str, Any]:
    """The node that answered to the reference then.

    Raises:
        NotFound: none did.
        Conflict: several did.
    """
    from stratumiops.graph.errors import Conflict, NotFound
    from stratumiops.ui.cli.kogral.documents import SHOW
    from stratumiops.ui.cli.kogral.node_documents import FIND_AS_OF

    found = api.execute(SHOW, {"id": reference, "graph": graph, "asOf": at})["node"]
    if found is not None:
        return dict(found)
    ends = {"path": {"endsWith": f"/{reference}"}}
    where = {"or": [{"path": {"eq": reference}}, ends, {"title": {"eq": reference}}]}
    hits = api.execute(FIND_AS_OF, {"where": where, "graph": graph, "asOf": at})["nodes"]["nodes"]
    if not hits:
        message = f"No node had the id, path or title {reference!r} at {at}."
        raise NotFound(message, hint="Without a node, `kogral as-of` lists what there was.")
    if len(hits) > 1:
        message = f"Several nodes answered to {reference!r}: {hits[0]['id']} and {hits[1]['id']} at least."
        raise Conflict(message, hint="Name one by its id, or give --graph.")
    return dict(api.execute(SHOW, {"id": hits[0]["id"], "graph": hits[0]["graph"], "asOf": at})["node"])
