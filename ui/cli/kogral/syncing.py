"""`kogral sync` and `kogral conflicts`: what they do, and how they tell it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from stratumiops.graph.errors import BadInput
from stratumiops.ingest.folder.report import SyncReport
from stratumiops.ui.cli.kogral.documents import ALL_CONFLICTS, RESOLVE_CONFLICT
from stratumiops.ui.cli.kogral.options import project_directory, project_graph
from stratumiops.ui.cli.output import console, one_line, print_json, print_table, print_text

if TYPE_CHECKING:
    from stratumiops.ui.cli.client import Client

_SHOWN = 20
_PAGE = 1_000


def meant(path: Path | None, graph: str | None) -> tuple[Path, str]:
    """The folder and the graph of a sync; without a folder those of the project, where it says so.

    Raises:
        BadInput: there is no folder, and none is meant.
    """
    if path is not None:
        return path, graph or "default"
    from stratumiops.ui.cli.project.reading import section

    directory = project_directory()
    if directory is None or section("storage", directory).secondary != "server":
        hint = "Name a folder: `kogral sync DIR --graph NAME`; or `kogral config set storage.secondary server`."
        raise BadInput("No folder is named, and no project says that it is synced.", hint=hint, field="path")
    return directory, project_graph(graph)


def run(
    api: "Client",
    path: Path,
    *,
    graph: str,
    source: str | None,
    adopt: bool | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Sync, or say what a sync would do; exit status 1 when a file was left out."""
    from stratumiops.ingest.folder.sync import sync_folder

    report = sync_folder(api, path, graph=graph, source=source, adopt=adopt, dry_run=dry_run)
    if as_json:
        print_json(report.as_dict())
    else:
        _summary(report)
    if report.errors:
        raise typer.Exit(1)


def _summary(report: SyncReport) -> None:
    err = console(stderr=True)
    for entries, colour in ((report.errors, "red"), (report.warnings, "yellow")):
        for one in entries[:_SHOWN]:
            place = one_line(one["path"]) + (f":{one['line']}" if one["line"] else "")
            err.print(f"{place}: {one_line(one['message'])}", style=colour, markup=False)
        if len(entries) > _SHOWN:
            err.print(f"and {len(entries) - _SHOWN} more; --json lists all", style="dim")
    for one in report.unsaid[:_SHOWN]:
        err.print(f"{one_line(one['path'])}: the file cannot say its {', '.join(one['fields'])}", markup=False)
    out = console()
    would = "would be " if report.dry_run else ""
    new = f" (the graph {would}created)" if report.graph_created else ""
    out.print(f"{report.files:,} files and the graph {report.graph}{new}", markup=False)
    out.print(
        f"  {would}imported {report.imported:,}, written {report.written:,}, merged {report.merged:,}, "
        f"renamed {report.renamed:,}"
    )
    out.print(
        f"  {would}deleted: nodes {report.deleted_nodes:,}, files {report.deleted_files:,}; "
        f"unchanged {report.unchanged:,}"
    )
    if report.unfiled:
        out.print(f"  {report.unfiled:,} nodes have no file: the graph has several folders; --adopt puts them here")
    for one in report.conflicts[:_SHOWN]:
        out.print(f"  conflict {one['id']}: {one_line(one['path'])} ({one['kind']})", style="yellow", markup=False)
    if report.conflicts:
        out.print("  edit the marks away, or use `kogral conflicts resolve`")


def print_conflicts(api: "Client", graph: str, *, as_json: bool) -> None:
    """Every open conflict of a graph."""
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        page = api.execute(ALL_CONFLICTS, {"graph": graph, "first": _PAGE, "after": after})["conflicts"]
        found += page
        if len(page) < _PAGE:
            break
        after = page[-1]["id"]
    if as_json:
        print_json([_shown(one) for one in found])
        return
    rows = [(one["id"], one["kind"].lower(), one["path"], one["source"], one["since"]) for one in found]
    print_table(("ID", "KIND", "PATH", "SOURCE", "SINCE"), rows, empty="No conflicts.")


def resolve(api: "Client", conflict: str, keep: str, *, as_json: bool) -> None:
    """Decide a conflict and say so."""
    given = {"id": conflict, "keep": keep.upper()}
    found = api.execute(RESOLVE_CONFLICT, {"input": given})["resolveConflict"]["conflict"]
    if as_json:
        print_json(_shown(found))
    else:
        print_text(f"resolved: {one_line(found['path'])} ({found['kind'].lower()}), kept: {keep}")


def _shown(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": one["id"],
        "graph": one["graph"],
        "source": one["source"],
        "path": one["path"],
        "kind": one["kind"].lower(),
        "node": one["nodeId"],
        "since": one["since"],
        "base": one["base"],
        "file": one["file"],
        "graph_side": one["node"],
    }
