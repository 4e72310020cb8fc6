"""Names, options and help of every command; what they do is imported when one is called."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

app = typer.Typer(
    name="stratumiops",
    help="Start the platform, look after it, keep its data.",
    epilog="\b\nExamples:\n  stratumiops up                  start here, Ctrl-C stops\n"
    "  stratumiops up --detach         start in the background\n"
    "  stratumiops status --json       what runs, for scripts\n"
    "  stratumiops backup graph.backup save the whole graph while it runs",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=_SETTINGS,
)
neo4j = typer.Typer(
    help="The files of the managed Neo4j.", no_args_is_help=True, rich_markup_mode=None, add_completion=False
)
app.add_typer(neo4j, name="neo4j")

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="Data directory [default: STRATUMIOPS_HOME or ~/.local/share/stratumiops].",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


class LogName(StrEnum):
    """Whose log."""

    SUPERVISOR = "supervisor"
    API = "api"
    NEO4J = "neo4j"
    VAULT = "vault"
    DATABASE = "database"


def _home(home: Path | None) -> Path:
    from stratumiops.graph.server.settings import default_home

    # resolved: processes of a home are known by its name in their command lines
    return (home.expanduser() if home else default_home()).resolve()


@app.command(
    epilog="\b\nExamples:\n  stratumiops up\n  stratumiops up --port 9001 --detach\n"
    "  stratumiops up --load-decisions .kogral\n"
    "  stratumiops up --vault\n"
    "  NEO4J_URI=bolt://db:7687 NEO4J_PASSWORD=... stratumiops up"
)
def up(
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Port of the API on this machine [default: 8001].", show_default=False),
    ] = None,
    *,
    detach: Annotated[bool, typer.Option("--detach", "-d", help="Return when everything is ready.")] = False,
    home: HomeOption = None,
    load_decisions: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="Import this folder of decision records as the graph `stratumiops` once all is ready.",
        ),
    ] = None,
    vault: Annotated[
        bool | None,
        typer.Option(
            "--vault/--no-vault",
            help="Start a vault for secrets, too [default: vault.supervise].",
            show_default=False,
        ),
    ] = None,
    background: Annotated[bool, typer.Option("--background", hidden=True)] = False,
) -> None:
    """Start Neo4j and the API, and keep both running.

    The first start fetches Neo4j (176 MB). Both listen on this machine only and stop together. With
    NEO4J_URI, NEO4J_USER and NEO4J_PASSWORD another server is used and no Neo4j is started.

    The vault of --vault is `svault server` with vault/svault.toml of the data directory, which the first start
    writes. It starts sealed; `stratumiops status` says what to do next.
    """
    from stratumiops.ui.cli.platform.up import Request, start_detached, start_here

    request = Request(_home(home), port, load_decisions.absolute() if load_decisions else None, vault)
    raise typer.Exit(start_detached(request) if detach else start_here(request, background=background))


@app.command(epilog="\b\nExample:\n  stratumiops down --home ~/demo")
def down(home: HomeOption = None, *, as_json: JsonOption = False) -> None:
    """Stop everything that `up` started, in order, and whatever a crash left running."""
    from stratumiops.ui.cli.platform.down import stop_all

    stop_all(_home(home), as_json=as_json)


@app.command(epilog="\b\nExample:\n  stratumiops status --json")
def status(home: HomeOption = None, *, as_json: JsonOption = False) -> None:
    """Show what runs, where, since when. Exit status 0: all is ready; 6: something is not."""
    from stratumiops.ui.cli.platform.status import show

    raise typer.Exit(show(_home(home), as_json=as_json))


@app.command(epilog="\b\nExamples:\n  stratumiops logs api -f\n  stratumiops logs neo4j -n 200")
def logs(
    name: Annotated[
        LogName, typer.Argument(help="supervisor, api, vault, neo4j (console) or database (its own log).")
    ] = LogName.API,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many of the last lines.")] = 50,
    *,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on printing what is written; Ctrl-C ends.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Print the end of a log."""
    from stratumiops.ui.cli.platform.logs import show

    show(_home(home), name.value, lines, follow=follow)


@app.command(epilog="\b\nExample:\n  stratumiops doctor --json")
def doctor(home: HomeOption = None, *, as_json: JsonOption = False) -> None:
    """Check every part, and say how to mend what is wrong. Exit status 1 when something is."""
    from stratumiops.ui.cli.platform.doctor import examine

    raise typer.Exit(examine(_home(home), as_json=as_json))


@app.command(
    epilog="\b\nExample:\n  stratumiops backup graph-$(date +%F).backup",
)
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Save the whole graph to one file while the platform runs. Changes wait meanwhile.

    What a vault keeps is not in it, nor its audit: save the vault's own storage, such as the folder vault of the
    data directory while nothing runs.
    """
    from stratumiops.ui.cli.platform.keeping import save

    save(_home(home), file, force=force, as_json=as_json)


@app.command(epilog="\b\nExample:\n  stratumiops restore graph.backup --replace")
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.", exists=True, dir_okay=False)],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Delete what is in the graph now. There is no way back.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring the graph back from a backup. The whole file is checked before anything is touched."""
    from stratumiops.ui.cli.platform.keeping import bring_back

    bring_back(_home(home), file, replace=replace, as_json=as_json)


@app.command(epilog="\b\nExample:\n  stratumiops version --json")
def version(*, as_json: JsonOption = False) -> None:
    """Print the versions of the platform and of its parts."""
    from stratumiops.ui.cli.platform.version import show

    show(as_json=as_json)


@neo4j.command(epilog="\b\nExample:\n  STRATUMIOPS_MAVEN=https://mirror.example/maven2 stratumiops neo4j fetch")
def fetch() -> None:
    """Fetch what is missing or wrong among the files of Neo4j, without starting anything."""
    from stratumiops.ui.cli.platform.jars import fetch_jars

    fetch_jars()


@neo4j.command(epilog="\b\nExample:\n  stratumiops neo4j verify --json")
def verify(*, as_json: JsonOption = False) -> None:
    """Read every file of Neo4j and compare its sha256 with the pinned one."""
    from stratumiops.ui.cli.platform.jars import verify_jars

    verify_jars(as_json=as_json)
