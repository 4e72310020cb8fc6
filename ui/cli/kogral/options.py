"""Options that commands share, described once, and the client that they make."""

from typing import TYPE_CHECKING, Annotated

import typer

from stratumiops.graph.models import NodeType, RelationType
from stratumiops.ingest.models import TaskState

if TYPE_CHECKING:
    from stratumiops.ui.cli.client import Client

Server = Annotated[
    str | None,
    typer.Option(
        "--server",
        envvar="STRATUMIOPS_URL",
        metavar="URL",
        help="Address of the server; http://127.0.0.1:8001 without it.",
    ),
]
ReadGraph = Annotated[
    str | None,
    typer.Option(
        "--graph",
        "-g",
        envvar="KOGRAL_GRAPH",
        metavar="NAME",
        help="One named graph; without it, all of them.",
    ),
]
WriteGraph = Annotated[
    str, typer.Option("--graph", "-g", envvar="KOGRAL_GRAPH", metavar="NAME", help="The named graph.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Types = Annotated[list[NodeType] | None, typer.Option("--type", "-t", help="Nodes of this type only; may be repeated.")]
Tags = Annotated[
    list[str] | None, typer.Option("--tag", metavar="TAG", help="Nodes with this tag only; may be repeated.")
]
Status = Annotated[str | None, typer.Option("--status", metavar="WORD", help="Nodes of this status only.")]
OfNode = Annotated[
    str | None, typer.Option("--node", metavar="NODE", help="Of this node only: its id; else its path or title.")
]
BlockTag = Annotated[str | None, typer.Option("--tag", metavar="TAG", help="Blocks with this tag only.")]
States = Annotated[list[TaskState] | None, typer.Option("--state", help="Tasks in this state only; may be repeated.")]
Relation = Annotated[RelationType, typer.Argument(help="What joins them.")]


def client(server: str | None) -> "Client":
    """A client for the address given, or the default one."""
    from stratumiops.ui.cli.client import Client

    return Client(server)
