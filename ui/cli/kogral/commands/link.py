"""`kogral link` and `kogral unlink`: joining and parting nodes."""

from typing import Annotated

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import Json, Node, Relation, Server, WriteGraph, client


@app.command()
def link(
    source: Node,
    target: Node,
    relation: Relation,
    *,
    weight: Annotated[float, typer.Option("--weight", help="How strong it is.")] = 1.0,
    graph: WriteGraph = "default",
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Join two nodes of a graph. Joined already: the weight is changed.

    \b
    Examples:
      kogral link 0012-use-nats.md 0007-use-rabbitmq.md supersedes --graph project
    """
    from stratumiops.ui.cli.kogral.relating import join

    join(client(server), source, target, relation, weight=weight, graph=graph, as_json=as_json)


@app.command()
def unlink(
    source: Node,
    target: Node,
    relation: Relation,
    *,
    graph: WriteGraph = "default",
    as_json: Json = False,
    server: Server = None,
) -> None:
    """End a relation between two nodes; history keeps it.

    \b
    Examples:
      kogral unlink 0012-use-nats.md 0007-use-rabbitmq.md relates_to --graph project
    """
    from stratumiops.ui.cli.kogral.relating import part

    part(client(server), source, target, relation, graph=graph, as_json=as_json)
