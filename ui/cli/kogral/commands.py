"""The commands. Each says what it takes, asks the API, and prints; what is heavy is imported when it runs."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from stratumiops.graph.models import RelationType
from stratumiops.ui.cli.kogral.options import (
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
    rich_markup_mode=None,  # the plain help needs a third of the time
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""The project's memory: notes, decisions, guidelines, patterns, journal and executions.

Works on a running platform (`stratumiops up`).

\b
Examples:
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


class Mode(StrEnum):
    """How nodes are looked for."""

    TEXT = "text"
    SEMANTIC = "semantic"
    HYBRID = "hybrid"


class Drawing(StrEnum):
    """How a graph is written."""

    DOT = "dot"
    JSON = "json"


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
    query: Annotated[str | None, typer.Argument(help="Words to look for, or a question.")] = None,
    *,
    mode: Annotated[
        Mode, typer.Option("--mode", "-m", help="text: by words; semantic: by meaning; hybrid: both.")
    ] = Mode.TEXT,
    semantic: Annotated[bool, typer.Option("--semantic", help="The same as --mode semantic.")] = False,
    graph: ReadGraph = None,
    types: Types = None,
    tags: Tags = None,
    status: Status = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1_000, help="How many at the most.")] = 10,
    threshold: Annotated[
        float | None, typer.Option("--threshold", min=-1, max=1, help="Least similarity of what is found by meaning.")
    ] = None,
    expand: Annotated[bool, typer.Option("--expand", help="Neighbours of the best hits take part.")] = False,
    mmr: Annotated[
        float | None, typer.Option("--mmr", min=0, max=1, help="Less than 1: prefer hits that differ from each other.")
    ] = None,
    rerank: Annotated[
        bool, typer.Option("--rerank", help="Let the server's cross-encoder read the best hits.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say why each hit stands where it does.")] = False,
    batch: Annotated[
        Path | None,
        typer.Option("--batch", metavar="FILE", help='Many queries: a line {"id": …, "query": …} each; - is stdin.'),
    ] = None,
    wait: Annotated[
        float,
        typer.Option("--wait", metavar="SECONDS", min=0, help="How long to wait for vectors of what was just written."),
    ] = 30.0,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Search titles, texts and tags; best first.

    By words, unless --mode says otherwise: by meaning, or by both, which finds most. With --batch each query
    gives one line of JSON, {"id": …, "hits": […]}.

    \b
    Examples:
      kogral search "message broker"
      kogral search "how do services talk to each other" --mode hybrid --explain
      kogral search storage --type decision --status accepted --json
      kogral search --batch questions.jsonl --mode hybrid --limit 10 > found.jsonl
    """
    from stratumiops.ui.cli.kogral import nodes
    from stratumiops.ui.cli.kogral.searching import Search, run

    wanted = Search(
        mode="semantic" if semantic else mode.value,
        graph=graph,
        where=nodes.where(types, tags, status),
        limit=limit,
        threshold=threshold,
        expand=expand,
        mmr=mmr,
        rerank=rerank,
        explain=explain,
        wait_s=wait,
    )
    run(client(server), query, batch, wanted, as_json=as_json)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in plain words.")],
    *,
    mode: Annotated[Mode, typer.Option("--mode", "-m", help="How passages are looked for.")] = Mode.HYBRID,
    graph: ReadGraph = None,
    types: Types = None,
    tags: Tags = None,
    status: Status = None,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Answer a question from what is known, with citations.

    A language model writes the answer: the server's setting `ask.model`. Numbers in brackets name the passages
    that it leans on, which are listed below it.

    \b
    Examples:
      kogral ask "Why did we leave RabbitMQ?" --graph project
    """
    from stratumiops.ui.cli.kogral import nodes
    from stratumiops.ui.cli.kogral.searching import answer

    answer(client(server), question, mode.value, graph, nodes.where(types, tags, status), as_json=as_json)


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
