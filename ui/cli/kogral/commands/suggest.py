"""`kogral suggest`: relations and tags that a person may accept."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import Json, Server, WriteGraph, client

if TYPE_CHECKING:
    from stratumiops.ui.cli.client import Client

_AT_ONCE = 500


@app.command()
def suggest(
    *,
    graph: WriteGraph = "default",
    node: Annotated[str | None, typer.Option("--node", help="Only for this node: its id, path or title.")] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Look first at what changed since the last look.")] = False,
    model: Annotated[
        bool, typer.Option("--model", help="Ask the server's language model: 10 nodes a call, or the --node.")
    ] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option("--accept", metavar="ID", help="Make this relation, or set this tag; repeatable."),
    ] = None,
    dismiss: Annotated[
        list[str] | None, typer.Option("--dismiss", metavar="ID", help="Never suggest this again; repeatable.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1_000, help="How many at the most.")] = 50,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Suggest links: nodes that texts mention without a link, and nodes that are alike.

    \b
    Examples:
      kogral suggest --refresh --graph project
      kogral suggest --node 0007-use-nats.md --graph project --json
      kogral suggest --accept 3f0f6d5c-6a6b-5a3e-9d0a-6b2f0e8f1c55 --graph project
    """
    from stratumiops.ui.cli.kogral import nodes
    from stratumiops.ui.cli.kogral.documents import ACCEPT_SUGGESTION, DISMISS_SUGGESTION, SUGGESTIONS
    from stratumiops.ui.cli.output import print_json, print_table

    with client(server) as api:
        if accept or dismiss:
            decided = _decide(api, graph, accept, ACCEPT_SUGGESTION, "acceptSuggestion")
            decided += _decide(api, graph, dismiss, DISMISS_SUGGESTION, "dismissSuggestion")
            _say(decided, as_json=as_json)
            return
        node_id = nodes.find(api, node, graph)["id"] if node else None
        if refresh or model:
            _refresh(api, graph, node_id, model=model)
        variables = {"graph": graph, "node": node_id, "state": "OPEN", "first": limit}
        found = api.execute(SUGGESTIONS, variables)["suggestions"]["nodes"]
    if as_json:
        print_json([_entry(one) for one in found])
    else:
        print_table(("SCORE", "ID", "SUGGESTION", "WHY"), map(_row, found), empty="No suggestion.")


def _refresh(api: "Client", graph: str, node_id: str | None, *, model: bool) -> None:
    """Look until nothing is left; one call at a time, so that stopping loses little."""
    from stratumiops.ui.cli.kogral.documents import REFRESH_SUGGESTIONS
    from stratumiops.ui.cli.output import print_note

    wanted: dict[str, Any] = {"graph": graph, "limit": 10 if model else _AT_ONCE, "useModel": model}
    if model and node_id:
        wanted["node"] = node_id
    created = scanned = 0
    while True:
        done = api.execute(REFRESH_SUGGESTIONS, {"input": wanted})["refreshSuggestions"]
        created, scanned = created + done["created"], scanned + done["scanned"]
        if not done["remaining"] or not done["scanned"]:
            break
        print_note(f"{scanned:,} nodes looked at, {done['remaining']:,} to go")
    print_note(f"{scanned:,} nodes looked at, {created:,} new suggestions")


def _decide(api: "Client", graph: str, ids: list[str] | None, document: str, name: str) -> list[dict[str, Any]]:
    decided = (api.execute(document, {"input": {"graph": graph, "id": one}}) for one in ids or ())
    return [one[name]["suggestion"] for one in decided]


def _say(decided: list[dict[str, Any]], *, as_json: bool) -> None:
    from stratumiops.ui.cli.output import one_line, print_json, print_text

    if as_json:
        print_json([{"id": one["id"], "state": one["state"].lower()} for one in decided])
        return
    for one in decided:
        print_text(one_line(f"{one['state'].lower()}: {_what(one)}"))


def _what(one: dict[str, Any]) -> str:
    """A suggestion in words."""
    if one["tag"]:
        return f"{one['source']['title']} #{one['tag']}"
    return f"{one['source']['title']} {one['relation'].lower()} {one['target']['title']}"


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    why = f"{one['why']} “{one['quote']}”" if one["quote"] else one["why"]
    return f"{one['score']:.2f}", one["id"], _what(one), why


def _entry(one: dict[str, Any]) -> dict[str, Any]:
    """A suggestion as JSON says it."""
    return {
        "id": one["id"],
        "graph": one["graph"],
        "kind": one["kind"].lower(),
        "score": one["score"],
        "why": one["why"],
        "quote": one["quote"],
        "relation": one["relation"].lower() if one["relation"] else None,
        "tag": one["tag"],
        "state": one["state"].lower(),
        "source": one["source"],
        "target": one["target"],
    }
