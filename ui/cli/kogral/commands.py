"""The commands. Each says what it takes, asks the API, and prints; what is heavy is imported when it runs."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from stratumiops.graph.models import RelationType
from stratumiops.ui.cli.kogral.options import (
    Commands,
    Json,
    ReadGraph,
    Relation,
    Server,
    Status,
    Tags,
    Types,
    WriteGraph,
    client,
)

app = typer.Typer(
    name="kogral",
    cls=Commands,
    rich_markup_mode=None,  # the plain help needs a third of the time
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""The project's memory: notes, decisions, guidelines, patterns, journal and executions.

Works on a running platform (`stratumiops up`), or on the files of a `.kogral` directory where none runs.

\b
Examples:
  kogral init
  kogral import docs/adr --graph project
  kogral list --type decision --status accepted
  kogral search "message broker" --json
  kogral show 0007-use-nats.md
  kogral graph --format dot | dot -Tsvg > graph.svg""",
)


class Format(StrEnum):
    """How files are read."""

    AUTO = "auto"
    ADR = "adr"
    MARKDOWN = "markdown"


class Drawing(StrEnum):
    """How a graph is written."""

    DOT = "dot"
    JSON = "json"


@app.command()
def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The folder that gets a `.kogral`.")] = Path(),
    *,
    graph: Annotated[
        str | None,
        typer.Option("--graph", "-g", metavar="NAME", help="Name of its graph; without it made of the folder's name."),
    ] = None,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What people call it.")] = "",
    as_json: Json = False,
) -> None:
    """Make a `.kogral` directory: knowledge as markdown files, to be used without a server.

    Done again, it adds what is missing and changes nothing.

    \b
    Examples:
      kogral init
      kogral init ~/checkout --graph project --json
    """
    from stratumiops.ui.cli.kogral.init_command import run

    run(directory, graph=graph, title=title, as_json=as_json)


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="A folder of markdown files, or one file.")],
    *,
    file_format: Annotated[
        Format,
        typer.Option("--format", "-f", help="adr: decisions by name alone; auto: by name and content."),
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
    """Read a folder of markdown and decision records into a graph.

    Files that did not change are skipped, nodes of files that are gone are deleted (history keeps them),
    links become relations. The folder itself is never written. A named graph that does not exist yet is
    created.

    \b
    Examples:
      kogral import docs/adr --graph project
      kogral import notes --dry-run
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


@app.command("list")
def list_(
    *,
    graph: ReadGraph = None,
    types: Types = None,
    tags: Tags = None,
    status: Status = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at the most.")] = 50,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """List nodes, those changed last first.

    \b
    Examples:
      kogral list --type decision --status accepted --graph project
      kogral list --tag storage --json
    """
    from stratumiops.ui.cli.kogral import nodes
    from stratumiops.ui.cli.kogral.documents import LIST
    from stratumiops.ui.cli.output import print_json, print_table

    found: list[dict[str, Any]] = []
    variables: dict[str, Any] = {"graph": graph, "where": nodes.where(types, tags, status)}
    with client(server) as api:
        more = True
        while more and len(found) < limit:
            page = api.execute(LIST, {**variables, "first": min(limit - len(found), 1_000)})["nodes"]
            found += page["nodes"]
            variables["after"] = page["pageInfo"]["endCursor"]
            more = page["pageInfo"]["hasNextPage"]
    if as_json:
        print_json([nodes.summary(node) for node in found])
    else:
        print_table(nodes.COLUMNS, map(nodes.row, found), empty="Nothing there.")


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words to look for.")],
    *,
    graph: ReadGraph = None,
    types: Types = None,
    tags: Tags = None,
    status: Status = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1_000, help="How many at the most.")] = 10,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Search titles, texts and tags; best first.

    \b
    Examples:
      kogral search "message broker"
      kogral search storage --type decision --status accepted --json
    """
    from stratumiops.ui.cli.kogral import nodes
    from stratumiops.ui.cli.kogral.documents import SEARCH
    from stratumiops.ui.cli.kogral.reading import print_hits
    from stratumiops.ui.cli.output import print_json

    variables = {"query": query, "graph": graph, "where": nodes.where(types, tags, status), "first": limit}
    with client(server) as api:
        hits = api.execute(SEARCH, variables)["search"]
    if as_json:
        print_json([{**nodes.summary(hit["node"]), "score": hit["score"]} for hit in hits])
    else:
        print_hits(hits)


@app.command()
def show(
    node: Annotated[str, typer.Argument(help="A node's id; else its path or title.")],
    *,
    graph: ReadGraph = None,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Show one node: its text, where it stands, what it is joined to.

    \b
    Examples:
      kogral show 0007-use-nats.md
      kogral show 0197f3c2-6f0e-7cc3-98c4-dc0c0c07398f --json
    """
    from stratumiops.ui.cli.kogral import nodes
    from stratumiops.ui.cli.kogral.documents import SHOW
    from stratumiops.ui.cli.kogral.reading import details, print_node
    from stratumiops.ui.cli.output import print_json

    with client(server) as api:
        found = nodes.find(api, node, graph)
        whole = api.execute(SHOW, {"id": found["id"], "graph": found["graph"]})["node"]
    if as_json:
        print_json(details(whole))
    else:
        print_node(whole)


@app.command()
def link(
    source: Annotated[str, typer.Argument(help="A node's id; else its path or title.")],
    target: Annotated[str, typer.Argument(help="The other node.")],
    relation: Relation,
    *,
    weight: Annotated[float, typer.Option("--weight", help="How strong it is.")] = 1.0,
    graph: WriteGraph = "default",
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Join two nodes of a graph. Joined already: the weight is changed.

    \b
    Examples:
      kogral link 0012-use-nats.md 0007-use-rabbitmq.md supersedes --graph project
    """
    from stratumiops.ui.cli.kogral.relating import join

    join(client(server), source, target, relation, weight=weight, graph=graph, as_json=as_json)


@app.command()
def unlink(
    source: Annotated[str, typer.Argument(help="A node's id; else its path or title.")],
    target: Annotated[str, typer.Argument(help="The other node.")],
    relation: Relation,
    *,
    graph: WriteGraph = "default",
    as_json: Json = False,
    server: Server = None,
) -> None:
    """End a relation between two nodes; history keeps it.

    \b
    Examples:
      kogral unlink 0012-use-nats.md 0007-use-rabbitmq.md relates_to --graph project
    """
    from stratumiops.ui.cli.kogral.relating import part

    part(client(server), source, target, relation, graph=graph, as_json=as_json)


@app.command("graph")
def graph_(
    *,
    graph: ReadGraph = None,
    drawing: Annotated[Drawing, typer.Option("--format", "-f", help="How it is written.")] = Drawing.DOT,
    types: Types = None,
    tags: Tags = None,
    relations: Annotated[
        list[RelationType] | None,
        typer.Option("--relation", help="Relations of this type only; may be repeated."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=20_000, help="How many nodes at the most.")] = 2_000,
    server: Server = None,
) -> None:
    """Write nodes and relations for a drawing program, or as JSON.

    \b
    Examples:
      kogral graph --graph project | dot -Tsvg > project.svg
      kogral graph --type decision --relation supersedes --format json
    """
    from stratumiops.ui.cli.kogral import nodes
    from stratumiops.ui.cli.kogral.documents import SLICE
    from stratumiops.ui.cli.kogral.drawing import write

    variables = {
        "graph": graph,
        "where": nodes.where(types, tags, None),
        "relations": [relation.name for relation in relations] if relations else None,
        "first": limit,
    }
    with client(server) as api:
        write(api.execute(SLICE, variables)["graphSlice"], drawing.value, name=graph or "kogral")


@app.command()
def graphs(*, as_json: Json = False, server: Server = None) -> None:
    """List the named graphs.

    \b
    Examples:
      kogral graphs --json
    """
    from stratumiops.ui.cli.kogral.documents import GRAPHS
    from stratumiops.ui.cli.kogral.reading import print_graphs

    with client(server) as api:
        print_graphs(api.execute(GRAPHS)["graphs"], as_json=as_json)
