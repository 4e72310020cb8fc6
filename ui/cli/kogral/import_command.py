"""`kogral import`: progress on a terminal, a summary for people, one object for programs."""

import sys
from contextlib import ExitStack
from pathlib import Path

import typer

from stratumiops.graph.errors import BadInput, Unavailable
from stratumiops.ui.cli.client import Client
from stratumiops.ui.cli.kogral.dry_run import preview
from stratumiops.ui.cli.kogral.importing import Progress, import_folder
from stratumiops.ui.cli.kogral.options import client
from stratumiops.ui.cli.kogral.report import ImportReport
from stratumiops.ui.cli.local_client import LocalClient
from stratumiops.ui.cli.output import console, one_line, print_json

_SHOWN = 20
_KINDS = {"logseq": "a Logseq graph", "obsidian": "an Obsidian vault"}


def run(
    path: Path,
    *,
    graph: str,
    file_format: str,
    source: str | None,
    server: str | None,
    dry_run: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Import, or say what an import would do; exit status 1 when a file could not be imported."""
    with ExitStack() as stack:
        api = stack.enter_context(_client(server, dry_run=dry_run))
        _check_source(api, path)
        progress = None if quiet or as_json or not sys.stderr.isatty() else _bar(stack)
        act = preview if dry_run else import_folder
        report = act(api, path, graph=graph, format=file_format, source=source, progress=progress)
    if as_json:
        print_json(report.as_dict())
    elif not quiet:
        _summary(report)
    if report.errors:
        raise typer.Exit(1)


def _client(server: str | None, *, dry_run: bool) -> Client:
    """What is imported into; a dry run needs nothing of the kind."""
    try:
        return client(server)
    except Unavailable:
        if not dry_run:
            raise
        return Client(server)


def _check_source(api: Client, path: Path) -> None:
    """Refuse to import a directory into itself: its files are its nodes already.

    Raises:
        BadInput: the path lies in the directory that is imported into.
    """
    if isinstance(api, LocalClient) and path.resolve().is_relative_to(api.directory.resolve()):
        message = f"{path} is in the directory that it would be imported into."
        raise BadInput(message, hint="Its files are nodes already: `kogral list` shows them.", field="path")


def _bar(stack: ExitStack) -> Progress:
    from stratumiops.ui.cli.platform.screen import count_bar

    return stack.enter_context(count_bar("importing"))


def _summary(report: ImportReport) -> None:
    """What happened, in a few lines on stdout; what is wrong, on stderr."""
    err = console(stderr=True)
    for problem in report.problems[:_SHOWN]:
        place = one_line(problem["path"]) + (f":{problem['line']}" if problem["line"] else "")
        colour = "red" if problem["severity"] == "error" else "yellow"
        err.print(f"{place}: {one_line(problem['message'])}", style=colour, markup=False)
    if len(report.problems) > _SHOWN:
        err.print(f"and {len(report.problems) - _SHOWN} more; --json lists all", style="dim")
    for link in report.unresolved[:_SHOWN]:
        place = f"{one_line(link['path'])}:{link['line']}"
        err.print(f"{place}: {one_line(link['target'])} leads nowhere ({link['reason']})", markup=False)
    if report.unresolved_links > _SHOWN:
        err.print(f"and {report.unresolved_links - _SHOWN} more links that lead nowhere", style="dim")
    out = console()
    would = "would be " if report.dry_run else ""
    new = f" (the graph {would}created)" if report.graph_created else ""
    kind = f" of {_KINDS[report.format]}" if report.format in _KINDS else ""
    out.print(f"{report.files:,} files{kind} into the graph {report.graph}{new}", markup=False)
    out.print(
        f"  nodes {would}created {report.created:,}, updated {report.updated:,}, deleted {report.deleted:,}; "
        f"unchanged {report.unchanged:,}"
    )
    out.print(f"  {report.nodes:,} nodes, {report.relations:,} relations, {report.unresolved_links:,} links open")
    if report.blocks:
        out.print(
            f"  {report.blocks:,} blocks, {report.tasks:,} tasks, {report.wikilinks:,} wikilinks, "
            f"{report.block_refs:,} references to blocks"
        )
    if report.errors or report.skipped:
        out.print(f"  {report.errors:,} files not imported, {report.skipped:,} skipped")
    if not report.compared:
        out.print("  no server answered: compared with nothing, as for a first import")
