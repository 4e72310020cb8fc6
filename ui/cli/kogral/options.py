"""Options that commands share, described once, and the client that they make."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from stratumiops.graph.models import NodeType, RelationType

if TYPE_CHECKING:
    from stratumiops.ui.cli.client import Client

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
    """Commands; each that takes `--server` takes `--dir` as well."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for command in self.commands.values():
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
