"""Options that commands share, described once, and the client that they make."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

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


_given: dict[str, tuple[str | None, bool]] = {}
"""By option, its value and whether it stands on the command line rather than in a variable."""


def _note(context: typer.Context, parameter: typer.CallbackParam, value: str | None) -> str | None:
    source = context.get_parameter_source(parameter.name or "")
    _given[parameter.name or ""] = value, source is not None and source.name == "COMMANDLINE"
    return value


Directory = Annotated[
    str | None,
    typer.Option(
        "--dir",
        envvar="KOGRAL_DIR",
        metavar="DIR",
        help="A `.kogral` directory, or the folder it is in: work on its files, without a server.",
        callback=_note,
        expose_value=False,
    ),
]


class Commands(TyperGroup):
    """Commands; each that takes `--server` takes `--dir` as well, also those of a group such as `add`."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        waiting = list(self.commands.values())
        for command in waiting:
            waiting += list(getattr(command, "commands", {}).values())
            place = next((i for i, one in enumerate(command.params) if "--server" in one.opts), None)
            if place is not None:
                command.params.insert(place + 1, _directory_option())


def _directory_option() -> Any:
    """The option as a command has it; it is noted, and no function takes it."""
    pattern = typer.Typer(add_completion=False)

    @pattern.command()
    def _only(directory: Directory = None) -> None:
        """A command with this one option."""

    return next(one for one in typer.main.get_command(pattern).params if "--dir" in one.opts)


Server = Annotated[
    str | None,
    typer.Option(
        "--server",
        envvar="STRATUMIOPS_URL",
        metavar="URL",
        help="Address of the server; without it http://127.0.0.1:8001, or the nearest `.kogral` where none answers.",
        callback=_note,
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
    """A client for what the command works on: the server or directory that is named, else what there is.

    Raises:
        BadInput, NotFound: what is named makes no sense, or is not there.
        Unavailable: nothing is named, no server answers, and there is no directory.
    """
    from stratumiops.ui.cli.kogral.choice import choose

    _, server_said = _given.get("server", (None, True))
    directory, directory_said = _given.get("directory", (None, True))
    chosen = choose(server, directory, server_said=server_said, directory_said=directory_said)
    if chosen.note:
        from stratumiops.ui.cli.output import print_note

        print_note(chosen.note)
    if chosen.directory is not None:
        from stratumiops.ui.cli.local_client import LocalClient

        return LocalClient(chosen.directory)
    from stratumiops.ui.cli.client import Client

    return Client(chosen.server)


def project_directory() -> Path | None:
    """The `.kogral` directory whose settings hold: that of `--dir`, else that of KOGRAL_DIR, else the nearest.

    Raises:
        NotFound: what is named is not there.
    """
    from stratumiops.ui.cli.kogral.choice import named
    from stratumiops.ui.cli.project.directory import find_directory

    directory, said = _given.get("directory", (None, False))
    return named(Path(directory)) if directory and said else find_directory()


def project_graph(given: str | None) -> str:
    """The named graph that is written to: as given, else the project's, else `default`."""
    if given:
        return given
    from stratumiops.ui.cli.project.reading import graph_name

    return graph_name(project_directory()) or "default"
