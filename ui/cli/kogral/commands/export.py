"""`kogral export`: a graph as files."""

from pathlib import Path
from typing import Annotated

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.formats import ExportFormat
from stratumiops.ui.cli.kogral.options import DryRun, Json, KnownSource, Server, WriteGraph, client


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
    source: KnownSource = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that differ.")] = False,
    dry_run: DryRun = False,
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
