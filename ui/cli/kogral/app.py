"""The application that every command registers with, and what its help says first."""

import typer

from stratumiops.ui.cli.kogral.options import Commands

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
  kogral add decision "Use NATS" --edit
  kogral graph --format svg > graph.svg""",
)
