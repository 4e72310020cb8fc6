"""`kogral graph`: a picture of a graph, for a drawing program or as JSON."""

from enum import StrEnum
from typing import Annotated

import typer

from stratumiops.graph.models import RelationType
from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import ReadGraph, Server, Tags, Types, client


class Drawing(StrEnum):
    """How a graph is written."""

    DOT = "dot"
    SVG = "svg"
    JSON = "json"


@app.command("graph")
def graph_(
    *,
    graph: ReadGraph = None,
    drawing: Annotated[Drawing, typer.Option("--format", "-f", help="How it is written.")] = Drawing.DOT,
    types: Types = None,
    tags: Tags = None,
    relations: Annotated[
        list[RelationType] | None,
        typer.Option("--relation", help="Relations of this type only; may be repeated."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=20_000, help="How many nodes at the most.")] = 2_000,
    server: Server = None,
) -> None:
    """Draw nodes and relations: as SVG, for a drawing program (DOT), or as JSON.

    \b
    Examples:
      kogral graph --graph project --format svg > project.svg
      kogral graph --graph project | dot -Tpng > project.png
      kogral graph --type decision --relation supersedes --format json
    """
    from stratumiops.ui.cli.kogral import nodes
    from stratumiops.ui.cli.kogral.documents import SLICE
    from stratumiops.ui.cli.kogral.drawing import write

    variables = {
        "graph": graph,
        "where": nodes.where(types, tags, None),
        "relations": [relation.name for relation in relations] if relations else None,
        "first": limit,
    }
    with client(server) as api:
        write(api.execute(SLICE, variables)["graphSlice"], drawing.value, name=graph or "kogral")
