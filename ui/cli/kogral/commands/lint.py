"""`kogral lint`: what is wrong in a graph, as lines for people and programs, and safe corrections."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stratumiops.ingest.lint.models import LintCode
from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import Json, ReadGraph, Server, client

if TYPE_CHECKING:
    from stratumiops.ui.cli.client import Client

_PAGE = 500


@app.command()
def lint(
    *,
    graph: ReadGraph = None,
    codes: Annotated[
        list[LintCode] | None,
        typer.Option("--code", case_sensitive=False, help="Findings of this code only; may be repeated."),
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Correct what can be corrected safely, as new revisions.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --fix: say what would be, change nothing.")] = False,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """List what is wrong, or not as it should be: broken links, contradictory statuses, duplicates and more.

    The exit status is 1 when there is a finding of severity error, else 0.

    \b
    Examples:
      kogral lint --graph project
      kogral lint --graph project --code BROKEN_LINK --code BROKEN_SUPERSEDE --json
      kogral lint --graph project --fix --dry-run
    """
    from stratumiops.ui.cli.output import print_json

    with client(server) as api:
        found = [_entry(one) for one in _findings(api, graph, codes)]
        if fix:
            for one in found:
                one["fixed"] = one["fixable"] and (dry_run or _fixed(api, one))
    if as_json:
        print_json(found)
    else:
        _print(found, would=dry_run)
    if any(one["severity"] == "error" and not one.get("fixed") for one in found):
        raise typer.Exit(1)


def _findings(api: "Client", graph: str | None, codes: list[LintCode] | None) -> Iterator[dict[str, Any]]:
    from stratumiops.ui.cli.kogral.documents import LINT

    variables: dict[str, Any] = {"graph": graph, "codes": [code.value for code in codes] if codes else None}
    after = None
    while True:
        page = api.execute(LINT, {**variables, "first": _PAGE, "after": after})["lint"]
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def _entry(one: dict[str, Any]) -> dict[str, Any]:
    """A finding as JSON says it."""
    node, other = one["node"] or {}, one["other"] or {}
    return {
        "code": one["code"],
        "severity": one["severity"].lower(),
        "graph": one["graph"],
        "path": one["path"],
        "line": one["line"],
        "node": node.get("id"),
        "title": node.get("title"),
        "other": other.get("id"),
        "message": one["message"],
        "hint": one["hint"],
        "fixable": one["fixable"],
    }


def _fixed(api: "Client", one: dict[str, Any]) -> bool:
    """Correct a finding; False when it is gone by now, or its node changed at this moment."""
    from stratumiops.graph.errors import Conflict, NotFound
    from stratumiops.ui.cli.kogral.documents import FIX_FINDING

    try:
        api.execute(FIX_FINDING, {"input": {"graph": one["graph"], "code": one["code"], "node": one["node"]}})
    except (Conflict, NotFound):
        return False
    return True


def _print(found: list[dict[str, Any]], *, would: bool) -> None:
    """`place: severity CODE sentence`, a line for each, as compilers write them; a summary on stderr."""
    from stratumiops.ui.cli.output import console, one_line, print_note

    colours = {"error": "red", "warning": "yellow", "info": "dim"}
    out = console()
    for one in found:
        place = one["path"] or f"{one['title']} ({one['node']})"
        line = f":{one['line']}" if one["line"] else ""
        fixed = (" [would be fixed]" if would else " [fixed]") if one.get("fixed") else ""
        text = f"{place}{line}: {one['severity']} {one['code']} {one['message']}{fixed}"
        out.print(one_line(text), style=colours[one["severity"]], markup=False, soft_wrap=True)
    counts = {severity: sum(one["severity"] == severity for one in found) for severity in colours}
    parts = [f"{count} {severity}{'s' * (count != 1)}" for severity, count in counts.items() if count]
    print_note(", ".join(parts) if parts else "Nothing to complain about.")
