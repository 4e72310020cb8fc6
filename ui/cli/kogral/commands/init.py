"""`kogral init`: a directory of markdown files to work on without a server."""

from pathlib import Path
from typing import Annotated

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import Json


@app.command()
def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The folder that gets a `.kogral`.")] = Path(),
    *,
    graph: Annotated[
        str | None,
        typer.Option("--graph", "-g", metavar="NAME", help="Name of its graph; without it made of the folder's name."),
    ] = None,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What people call it.")] = "",
    as_json: Json = False,
) -> None:
    """Make a `.kogral` directory: knowledge as markdown files, to be used without a server.

    Done again, it adds what is missing and changes nothing.

    \b
    Examples:
      kogral init
      kogral init ~/checkout --graph project --json
    """
    from stratumiops.ui.cli.kogral.init_command import run

    run(directory, graph=graph, title=title, as_json=as_json)
