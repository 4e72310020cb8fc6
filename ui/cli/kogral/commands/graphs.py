"""`kogral graphs`: the named graphs."""

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import Json, Server, client


@app.command()
def graphs(*, as_json: Json = False, server: Server = None) -> None:
    """List the named graphs.

    \b
    Examples:
      kogral graphs --json
    """
    from stratumiops.ui.cli.kogral.documents import GRAPHS
    from stratumiops.ui.cli.kogral.reading import print_graphs

    with client(server) as api:
        print_graphs(api.execute(GRAPHS)["graphs"], as_json=as_json)
