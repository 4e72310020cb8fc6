"""`kogral conflicts`: what a sync could not decide."""

from enum import StrEnum
from typing import Annotated

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import Json, Server, WriteGraph, client


class Side(StrEnum):
    """Which side of a conflict is kept."""

    FILE = "file"
    GRAPH = "graph"
    BOTH = "both"


conflicts = typer.Typer(
    name="conflicts",
    rich_markup_mode=None,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""List what a sync could not decide, or decide it.

\b
Examples:
  kogral conflicts --graph mine
  kogral conflicts resolve 0197f3c2-6f0e-7cc3-98c4-dc0c0c07398f --keep file""",
)
app.add_typer(conflicts)


@conflicts.callback()
def list_conflicts(
    context: typer.Context,
    *,
    graph: WriteGraph = "default",
    as_json: Json = False,
    server: Server = None,
) -> None:
    """List what a sync could not decide, or decide it."""
    if context.invoked_subcommand is not None:
        return
    from stratumiops.ui.cli.kogral import syncing

    with client(server) as api:
        syncing.print_conflicts(api, graph, as_json=as_json)


@conflicts.command()
def resolve(
    conflict: Annotated[str, typer.Argument(metavar="ID", help="The conflict's id.")],
    *,
    keep: Annotated[Side, typer.Option("--keep", help="Which side is kept.")],
    graph: WriteGraph = "default",
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Decide a conflict; the file follows at the next sync. Editing the marks away and syncing does it, too.
    An id says which graph it is of, so that --graph is not needed.

    \b
    Examples:
      kogral conflicts resolve 0197f3c2-6f0e-7cc3-98c4-dc0c0c07398f --keep both
    """
    from stratumiops.ui.cli.kogral import syncing

    with client(server) as api:
        syncing.resolve(api, conflict, keep.value, as_json=as_json)
