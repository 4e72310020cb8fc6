"""`kogral import`: a folder of markdown into a graph."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import Json, Server, WriteGraph


class Format(StrEnum):
    """How files are read."""

    AUTO = "auto"
    ADR = "adr"
    MARKDOWN = "markdown"
    LOGSEQ = "logseq"
    OBSIDIAN = "obsidian"


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="A folder of markdown files, or one file.")],
    *,
    file_format: Annotated[
        Format,
        typer.Option("--format", "-f", help="auto: look what the folder is; adr: decisions by name alone."),
    ] = Format.AUTO,
    graph: WriteGraph = "default",
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="NAME", help="Continue under this name, wherever the folder lies now."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")] = False,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Read a folder of notes into a graph: markdown, decision records, a Logseq graph, an Obsidian vault.

    Files that did not change are skipped, nodes of files that are gone are deleted (history keeps them),
    links become relations. The folder itself is never written. A named graph that does not exist yet is
    created.

    \b
    Examples:
      kogral import docs/adr --graph project
      kogral import notes --dry-run
      kogral import ~/logseq --graph notes --format logseq
      kogral import ~/checkout/docs --source docs --json
    """
    from stratumiops.ui.cli.kogral.import_command import run

    run(
        path,
        graph=graph,
        file_format=file_format.value,
        source=source,
        server=server,
        dry_run=dry_run,
        quiet=quiet,
        as_json=as_json,
    )
