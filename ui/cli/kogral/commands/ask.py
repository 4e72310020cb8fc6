"""`kogral ask`: an answer from what is known, with citations."""

from typing import Annotated

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import Json, Mode, ReadGraph, Server, Status, Tags, Types, client


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
