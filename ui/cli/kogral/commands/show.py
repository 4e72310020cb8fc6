"""`kogral show`: one node whole."""

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import Json, Node, ReadGraph, Server, client


@app.command()
def show(
    node: Node,
    *,
    graph: ReadGraph = None,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Show one node: its text, where it stands, what it is joined to.

    \b
    Examples:
      kogral show 0007-use-nats.md
      kogral show 0197f3c2-6f0e-7cc3-98c4-dc0c0c07398f --json
    """
    from stratumiops.ui.cli.kogral import nodes
    from stratumiops.ui.cli.kogral.documents import SHOW
    from stratumiops.ui.cli.kogral.reading import details, print_node
    from stratumiops.ui.cli.output import pager, print_json

    with client(server) as api:
        found = nodes.find(api, node, graph)
        whole = api.execute(SHOW, {"id": found["id"], "graph": found["graph"]})["node"]
    if as_json:
        print_json(details(whole))
        return
    with pager():
        print_node(whole)
