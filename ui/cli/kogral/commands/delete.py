"""`kogral delete` and `kogral undelete`."""

from typing import Annotated

import typer

from stratumiops.graph.errors import BadInput
from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import DryRun, Json, Node, ReadGraph, Server, client


@app.command()
def delete(
    node: Node,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    rev: Annotated[int | None, typer.Option("--rev", min=1, help="Delete this revision only.")] = None,
    graph: ReadGraph = None,
    dry_run: DryRun = False,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Delete a node and end its relations. History keeps both; `kogral undelete` brings them back.

    \b
    Examples:
      kogral delete 0007-use-nats.md
      kogral delete 0007-use-nats.md --yes --json
    """
    from stratumiops.ui.cli.kogral import nodes
    from stratumiops.ui.cli.kogral.asking import can_ask, confirmed
    from stratumiops.ui.cli.kogral.node_documents import DELETE, EDITED
    from stratumiops.ui.cli.output import one_line, print_json, print_note, print_text

    with client(server) as api:
        found = nodes.find(api, node, graph)
        whole = api.execute(EDITED, {"id": found["id"], "graph": found["graph"]})["node"]
        what = f"{whole['type'].lower()} {one_line(whole['title'])!r} ({whole['id']}, graph {whole['graph']})"
        joined = f" and its {whole['relationCount']} relations" if whole["relationCount"] else ""
        if dry_run:
            if as_json:
                print_json({"dry_run": True, "relations": whole["relationCount"], **nodes.summary(whole)})
            else:
                print_text(f"would delete the {what}{joined}")
            return
        if not yes:
            if not can_ask():
                raise BadInput("Deleting is asked about, and there is no terminal.", hint="Give --yes.", field="yes")
            if not confirmed(f"Delete the {what}{joined}?"):
                print_note("nothing was deleted")
                raise typer.Exit(1)
        given = {"id": whole["id"], "graph": whole["graph"], "rev": whole["rev"] if rev is None else rev}
        gone = api.execute(DELETE, {"input": given})["deleteNode"]
    if as_json:
        print_json({"id": gone["id"], "graph": gone["graph"], "rev": gone["rev"], "deleted_at": gone["deletedAt"]})
    else:
        print_text(f"deleted the {what}; `kogral undelete {gone['id']}` brings it back")


@app.command()
def undelete(
    node_id: Annotated[str, typer.Argument(metavar="ID", help="The deleted node's id.")],
    *,
    graph: ReadGraph = None,
    dry_run: DryRun = False,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Bring a deleted node back, with those of its relations whose other end lives.

    \b
    Examples:
      kogral undelete 0197f3c2-6f0e-7cc3-98c4-dc0c0c07398f --graph project
    """
    from stratumiops.ui.cli.kogral import nodes
    from stratumiops.ui.cli.kogral.node_documents import UNDELETE
    from stratumiops.ui.cli.kogral.past import states
    from stratumiops.ui.cli.output import print_json, print_text

    with client(server) as api:
        [last] = states(api, node_id, graph, 1)
        if dry_run:
            if as_json:
                print_json({"dry_run": True, "id": last["id"], "graph": last["graph"], "title": last["title"]})
            else:
                print_text(f"would bring back {last['title']!r} ({last['id']}, graph {last['graph']})")
            return
        back = api.execute(UNDELETE, {"input": {"id": last["id"], "graph": last["graph"]}})["undeleteNode"]["node"]
    if as_json:
        print_json(nodes.summary(back))
    else:
        print_text(f"{back['title']} is back ({back['id']}, graph {back['graph']}, revision {back['rev']})")
