"""`kogral export`: files as they were, or one JSON or YAML of everything."""

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import typer

from stratumiops.graph.errors import BadInput, Conflict
from stratumiops.ingest.models import DocumentFormat
from stratumiops.ui.cli.kogral.formats import ExportFormat
from stratumiops.ui.cli.output import console, one_line, print_json

if TYPE_CHECKING:
    from stratumiops.ui.cli.client import Client

_NODES = 200
_RELATIONS = 200
_MANY_RELATIONS = 1_000
_SHOWN = 20


def files(
    api: "Client",
    out: Path,
    wanted: ExportFormat,
    *,
    graph: str,
    source: str | None,
    force: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write files; exit status 1 when one could not be written."""
    from stratumiops.ingest.folder.export import export_folder

    known = wanted.name in DocumentFormat.__members__
    report = export_folder(
        api, out, graph=graph, source=source, document_format=wanted.name if known else None,
        force=force, dry_run=dry_run,
    )  # fmt: skip
    if as_json:
        print_json(report.as_dict())
    else:
        err = console(stderr=True)
        for one in report.errors[:_SHOWN]:
            err.print(f"{one_line(one['path'])}: {one_line(one['message'])}", style="red", markup=False)
        for one in report.unsaid[:_SHOWN]:
            err.print(f"{one_line(one['path'])}: no file can say its {', '.join(one['fields'])}", markup=False)
        would = "would be " if dry_run else ""
        line = f"{report.files:,} files of the graph {graph}: {would}written {report.written:,}, "
        console().print(line + f"there already {report.unchanged:,}, refused {len(report.errors):,}", markup=False)
    if report.errors:
        raise typer.Exit(1)


def whole(
    api: "Client", out: Path | None, wanted: ExportFormat, *, graph: str, force: bool, dry_run: bool, as_json: bool
) -> None:
    """Write nodes and relations of a graph as one object; to stdout without `out`. Memory: one page of nodes."""
    from stratumiops.ui.cli.kogral.documents import EXPORT_NODES

    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n") as relations:
        if out is None:
            import sys

            _object(sys.stdout, relations, _pages(api, EXPORT_NODES, graph), api, graph, wanted)
            return
        place = _place(out, graph, wanted)
        if place.exists() and not force and not dry_run:
            raise Conflict(f"{place} is there already.", hint="--force overwrites it.", field="out")
        place.parent.mkdir(parents=True, exist_ok=True) if not dry_run else None
        folder = tempfile.gettempdir() if dry_run else place.parent
        handle, name = tempfile.mkstemp(prefix=".kogral-", suffix=".tmp", dir=folder)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                counts = _object(file, relations, _pages(api, EXPORT_NODES, graph), api, graph, wanted)
                file.flush()
                os.fsync(file.fileno())
            if not dry_run:
                Path(name).chmod(0o666 & ~_umask())
                Path(name).replace(place)
        finally:
            Path(name).unlink(missing_ok=True)
    report = {"graph": graph, "out": str(place), "dry_run": dry_run, "nodes": counts[0], "relations": counts[1]}
    if as_json:
        print_json(report)
    else:
        would = "would be " if dry_run else ""
        console().print(f"{counts[0]:,} nodes and {counts[1]:,} relations {would}written to {place}", markup=False)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _place(out: Path, graph: str, wanted: ExportFormat) -> Path:
    """The file: `out` itself when it is named like one, else in the folder `out`, called after the graph."""
    if out.is_dir() or out.suffix.lower() not in (f".{wanted.value}", ".yml"):
        if out.exists() and not out.is_dir():
            raise BadInput(f"{out} is a file that is not called …{wanted.value}.", field="out")
        return out / f"{graph}.{wanted.value}"
    return out


def _pages(api: "Client", document: str, graph: str) -> Iterator[dict[str, Any]]:
    variables: dict[str, Any] = {"graph": graph, "first": _NODES, "relations": _RELATIONS}
    more = True
    while more:
        page = api.execute(document, variables)["nodes"]
        yield from page["nodes"]
        variables["after"] = page["pageInfo"]["endCursor"]
        more = page["pageInfo"]["hasNextPage"]


def _object(
    file: TextIO, spool: TextIO, nodes: Iterator[dict[str, Any]], api: "Client", graph: str, wanted: ExportFormat
) -> tuple[int, int]:
    """Write nodes as they come, and their relations, which wait in a file, behind them."""
    write = _yaml if wanted is ExportFormat.YAML else _json
    found: dict[str, int] = {"nodes": 0, "relations": 0}

    def shown() -> Iterator[dict[str, Any]]:
        for node in nodes:
            for relation in _leaving(api, graph, node):
                spool.write(json.dumps(relation, ensure_ascii=False) + "\n")
                found["relations"] += 1
            found["nodes"] += 1
            yield {
                "id": node["id"],
                "title": node["title"],
                "node_type": node["type"].lower(),
                "path": node["path"],
                "status": node["status"],
                "content": node["content"],
            }

    def joined() -> Iterator[dict[str, Any]]:
        spool.seek(0)
        for line in spool:
            yield json.loads(line)

    write(file, (("nodes", shown()), ("relations", joined())))
    return found["nodes"], found["relations"]


def _leaving(api: "Client", graph: str, node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The relations that leave a node to others of its graph."""
    from stratumiops.ui.cli.kogral.documents import EXPORT_RELATIONS

    relations = node["relations"]
    if len(relations) == _RELATIONS:
        variables = {"graph": graph, "id": node["id"], "relations": _MANY_RELATIONS}
        relations = api.execute(EXPORT_RELATIONS, variables)["node"]["relations"]
        if len(relations) == _MANY_RELATIONS:
            message = f"{node['id']} has {_MANY_RELATIONS:,} relations or more; so many cannot be exported."
            raise BadInput(message)
    for relation in relations:
        yield {"source": node["id"], "target": relation["node"]["id"], "relation": relation["type"].lower()}


def _json(file: TextIO, parts: tuple[tuple[str, Iterator[dict[str, Any]]], ...]) -> None:
    file.write("{")
    for number, (name, items) in enumerate(parts):
        file.write(f'{"," if number else ""}\n"{name}": [')
        for place, item in enumerate(items):
            file.write(("," if place else "") + "\n" + json.dumps(item, ensure_ascii=False))
        file.write("\n]")
    file.write("\n}\n")


def _yaml(file: TextIO, parts: tuple[tuple[str, Iterator[dict[str, Any]]], ...]) -> None:
    """YAML that is line by line what the JSON says: every value in JSON's own form, which YAML reads."""
    for name, items in parts:
        first = True
        for item in items:
            file.write(f"{name}:\n" if first else "")
            first = False
            lines = [f"{key}: {_scalar(value)}" for key, value in item.items()]
            file.write("- " + "\n  ".join(lines) + "\n")
        file.write(f"{name}: []\n" if first else "")


def _scalar(value: str | None) -> str:
    """A value in quotes with every character that YAML could take for something else escaped."""
    return json.dumps(value, ensure_ascii=True)
