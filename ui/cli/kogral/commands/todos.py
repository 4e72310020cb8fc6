"""`kogral todos`: tasks of all notes."""

from typing import Annotated

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import BlockTag, Json, OfNode, ReadGraph, Server, States, client


@app.command()
def todos(
    *,
    graph: ReadGraph = None,
    node: OfNode = None,
    state: States = None,
    unfinished: Annotated[bool, typer.Option("--open", help="Without what is done or cancelled.")] = False,
    tag: BlockTag = None,
    priority: Annotated[str | None, typer.Option("--priority", help="Tasks of this priority, such as A.")] = None,
    due: Annotated[
        str | None, typer.Option("--due", metavar="DATE", help="Tasks that are scheduled or due until YYYY-MM-DD.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at the most.")] = 50,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """List tasks: TODO, DOING, DONE … of Logseq, and checkboxes.

    \b
    Examples:
      kogral todos --open --graph notes
      kogral todos --state doing --priority A --json
    """
    from stratumiops.ui.cli.kogral.blocks import list_todos

    list_todos(
        client(server), graph, node, limit,
        states=state, unfinished=unfinished, tag=tag, priority=priority, due=due, as_json=as_json,
    )  # fmt: skip
