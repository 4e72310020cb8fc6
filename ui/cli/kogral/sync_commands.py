"""`kogral export`, `kogral sync` and `kogral conflicts`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from stratumiops.ui.cli.kogral.commands import app
from stratumiops.ui.cli.kogral.formats import ExportFormat
from stratumiops.ui.cli.kogral.options import Json, Server, WriteGraph, client

_DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")]
_Source = Annotated[
    str | None,
    typer.Option("--source", metavar="NAME", help="The name under which a folder is known in the graph."),
]


class Side(StrEnum):
    """Which side of a conflict is kept."""

    FILE = "file"
    GRAPH = "graph"
    BOTH = "both"


@app.command()
def export(
    export_format: Annotated[
        ExportFormat,
        typer.Argument(
            metavar="FORMAT",
            help="markdown or logseq: files as they were imported, with what the graph changed; json or yaml: one "
            "file of nodes and relations.",
        ),
    ],
    *,
    graph: WriteGraph = "default",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Where to; json and yaml go to stdout without it."),
    ] = None,
    source: _Source = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that differ.")] = False,
    dry_run: _DryRun = False,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Write a graph as files.

    Imported files come back byte for byte, at their paths; where the graph changed something, only those lines
    differ. Nodes that never had a file get one. Nothing is written outside DIR.

    \b
    Examples:
      kogral export markdown --graph project --out restored
      kogral export json --graph project > project.json
    """
    from stratumiops.graph.errors import BadInput
    from stratumiops.ui.cli.kogral import exporting

    one_file = export_format in (ExportFormat.JSON, ExportFormat.YAML)
    if one_file and source is not None:
        raise BadInput(f"{export_format.value} is of a whole graph.", hint="Leave --source out.", field="source")
    if out is None and not one_file:
        raise BadInput(f"{export_format.value} needs a folder.", hint="Give one with --out DIR.", field="out")
    with client(server) as api:
        if one_file:
            exporting.whole(api, out, export_format, graph=graph, force=force, dry_run=dry_run, as_json=as_json)
        elif out is not None:
            exporting.files(
                api, out, export_format, graph=graph, source=source, force=force, dry_run=dry_run, as_json=as_json
            )


@app.command()
def sync(
    path: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of markdown files.")],
    *,
    graph: WriteGraph = "default",
    source: _Source = None,
    adopt: Annotated[
        bool | None,
        typer.Option(
            "--adopt/--no-adopt",
            help="Whether nodes that have no file get one here; without it, when the graph has no other folder.",
        ),
    ] = None,
    dry_run: _DryRun = False,
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
    """
    from stratumiops.ui.cli.kogral import syncing

    with client(server) as api:
        syncing.run(api, path, graph=graph, source=source, adopt=adopt, dry_run=dry_run, as_json=as_json)


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
