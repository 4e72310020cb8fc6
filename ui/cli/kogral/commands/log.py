"""`kogral log` and `kogral diff`: the history of a node."""

from typing import Annotated

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import Json, Node, ReadGraph, Server, client

_MOST = 1_000


@app.command()
def log(
    node: Node,
    *,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=_MOST, help="How many states at the most.")] = 50,
    graph: ReadGraph = None,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Show the states of a node, newest first: when, by whom, and what changed. Deleted nodes by their id.

    \b
    Examples:
      kogral log 0007-use-nats.md
      kogral log 0007-use-nats.md -n 5 --json
    """
    from stratumiops.ui.cli.kogral.comparing import changed_parts
    from stratumiops.ui.cli.kogral.past import states
    from stratumiops.ui.cli.output import pager, print_json, print_table

    with client(server) as api:
        past = states(api, node, graph, min(limit + 1, _MOST))
    shown = []
    for newer, older in zip(past, [*past[1:], None], strict=True):
        first = older is None and newer["rev"] == 1
        changes = ["created"] if first else changed_parts(older, newer) if older else []
        shown.append((newer, changes or ["restored" if older and older["endedBy"] == "DELETED" else "same"]))
    shown = shown[:limit]
    if as_json:
        print_json(
            [
                {
                    "rev": one["rev"],
                    "title": one["title"],
                    "status": one["status"],
                    "valid_from": one["validFrom"],
                    "valid_to": one["validTo"],
                    "ended_by": one["endedBy"].lower() if one["endedBy"] else None,
                    "updated_by": one["updatedBy"],
                    "changes": changes,
                }
                for one, changes in shown
            ]
        )
        return
    rows = [
        (str(one["rev"]), one["validFrom"], one["updatedBy"], _told(one, changes), one["title"])
        for one, changes in shown
    ]
    with pager():
        print_table(("REV", "SINCE", "BY", "CHANGES", "TITLE"), rows, empty="Nothing there.")


def _told(state: dict[str, str | None], changes: list[str]) -> str:
    deleted = f"; deleted {state['validTo']}" if state["endedBy"] == "DELETED" else ""
    return ", ".join(changes) + deleted


@app.command()
def diff(
    node: Node,
    old: Annotated[int | None, typer.Argument(help="A revision; by default the one before the last.")] = None,
    new: Annotated[int | None, typer.Argument(help="A later one; by default the last.")] = None,
    *,
    graph: ReadGraph = None,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Show what differs between two revisions of a node.

    \b
    Examples:
      kogral diff 0007-use-nats.md
      kogral diff 0007-use-nats.md 1 4
    """
    from stratumiops.ui.cli.kogral.comparing import difference, print_difference
    from stratumiops.ui.cli.kogral.past import state, states
    from stratumiops.ui.cli.output import pager, print_json

    with client(server) as api:
        past = states(api, node, graph, _MOST)
    newest = past[0]["rev"]
    after = state(past, newest if new is None else new)
    before = state(past, max(1, after["rev"] - 1) if old is None else old)
    lines = difference(before, after, f"{after['id']} revision {before['rev']}", f"revision {after['rev']}")
    if as_json:
        print_json(
            {"id": after["id"], "graph": after["graph"], "old": before["rev"], "new": after["rev"], "diff": lines}
        )
        return
    with pager():
        print_difference(lines, as_json=False)
