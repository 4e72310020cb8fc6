"""`kogral blocks`: bullets of outlines, tasks, and what ends with ^id."""

from typing import Annotated

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import BlockTag, Json, OfNode, ReadGraph, Server, States, client


@app.command()
def blocks(
    *,
    graph: ReadGraph = None,
    node: OfNode = None,
    tag: BlockTag = None,
    properties: Annotated[
        str | None,
        typer.Option("--property", metavar="NAME[=VALUE]", help="Blocks with this property, or with this value of it."),
    ] = None,
    state: States = None,
    marker: Annotated[str | None, typer.Option("--marker", help="Blocks with this marker, such as LATER.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="Blocks with this in their text.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at the most.")] = 50,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """List blocks: bullets of Logseq pages; in other notes tasks and what ends with ^id.

    \b
    Examples:
      kogral blocks --graph notes --tag project --limit 20
      kogral blocks --property type=book --json
      kogral blocks --node "Jan 5th, 2024"
    """
    from stratumiops.ui.cli.kogral.blocks import list_blocks

    list_blocks(
        client(server), graph, node, limit,
        tag=tag, properties=properties, states=state, marker=marker, text=text, as_json=as_json,
    )  # fmt: skip
