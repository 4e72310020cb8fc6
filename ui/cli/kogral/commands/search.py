"""`kogral search`: nodes that match, best first."""

from pathlib import Path
from typing import Annotated

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import (
    Json,
    Mode,
    ReadGraph,
    Server,
    Status,
    Tags,
    Types,
    client,
    project_directory,
)


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
    limit: Annotated[
        int | None,
        typer.Option("--limit", "-n", min=1, max=1_000, help="How many at the most [default: query.max_results, 10]."),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold",
            min=-1,
            max=1,
            help="Least similarity of what is found by meaning [default: query.similarity_threshold of the project].",
        ),
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
    from stratumiops.ui.cli.project.reading import section

    project = section("query", project_directory())
    if threshold is None and "similarity_threshold" in project.model_fields_set:
        threshold = project.similarity_threshold
    wanted = Search(
        mode="semantic" if semantic else mode.value,
        graph=graph,
        where=nodes.where(types, tags, status),
        limit=limit or project.max_results,
        inherited=project.cross_graph,
        threshold=threshold,
        expand=expand,
        mmr=mmr,
        rerank=rerank,
        explain=explain,
        wait_s=wait,
    )
    run(client(server), query, batch, wanted, as_json=as_json)
