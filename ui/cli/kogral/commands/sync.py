"""`kogral sync`: a folder and a graph in step, both ways."""

from pathlib import Path
from typing import Annotated

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import DryRun, Json, KnownSource, ProjectGraph, Server, client


@app.command()
def sync(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="A folder of markdown files; without it the project's, if it says so.",
            show_default=False,
        ),
    ] = None,
    *,
    graph: ProjectGraph = None,
    source: KnownSource = None,
    adopt: Annotated[
        bool | None,
        typer.Option(
            "--adopt/--no-adopt",
            help="Whether nodes that have no file get one here; without it, when the graph has no other folder.",
        ),
    ] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Bring a folder and a graph into step, both ways.

    What changed on one side goes to the other; what changed on both is merged line by line, in outlines block by
    block. A true conflict keeps both sides, between marks, and stays listed until somebody decides. A file that only
    moved keeps its node. What is deleted goes to history.

    \b
    Examples:
      kogral sync notes --graph mine
      kogral sync notes --graph mine --dry-run
      kogral sync
    """
    from stratumiops.ui.cli.kogral import syncing

    path, graph = syncing.meant(path, graph)
    with client(server) as api:
        syncing.run(api, path, graph=graph, source=source, adopt=adopt, dry_run=dry_run, as_json=as_json)
