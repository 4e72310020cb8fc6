"""Options that commands share, described once, and the client that they make."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stratumiops.graph.models import NodeType, RelationType
from stratumiops.ingest.models import TaskState
from stratumiops.ui.cli.kogral.completion import complete_graph, complete_node

if TYPE_CHECKING:
    from stratumiops.ui.cli.client import Client


class Mode(StrEnum):
    """How nodes are looked for."""

    TEXT = "text"
    SEMANTIC = "semantic"
    HYBRID = "hybrid"


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
        autocompletion=complete_graph,
    ),
]
WriteGraph = Annotated[
    str,
    typer.Option(
        "--graph",
        "-g",
        envvar="KOGRAL_GRAPH",
        metavar="NAME",
        help="The named graph.",
        autocompletion=complete_graph,
    ),
]
ProjectGraph = Annotated[
    str | None,
    typer.Option(
        "--graph",
        "-g",
        envvar="KOGRAL_GRAPH",
        metavar="NAME",
        help="The named graph; without it that of .kogral/config.toml, else `default`.",
        autocompletion=complete_graph,
    ),
]
Node = Annotated[str, typer.Argument(help="A node's id; else its path or title.", autocompletion=complete_node)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")]
Content = Annotated[str | None, typer.Option("--content", metavar="TEXT", help="The text, markdown.")]
ContentFile = Annotated[
    Path | None, typer.Option("--content-file", metavar="FILE", help="A file with the text; - is standard input.")
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
KnownSource = Annotated[
    str | None,
    typer.Option("--source", metavar="NAME", help="The name under which a folder is known in the graph."),
]
Relation = Annotated[RelationType, typer.Argument(help="What joins them.")]


def client(server: str | None) -> "Client":
    """A client for the address given, or the default one."""
    from stratumiops.ui.cli.client import Client

    return Client(server)


def project_graph(given: str | None) -> str:
    """The named graph that is written to: as given, else the project's, else `default`."""
    if given:
        return given
    from stratumiops.ui.cli.project.reading import graph_name

    return graph_name() or "default"
