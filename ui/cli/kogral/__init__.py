"""The `kogral` command: the project's memory from a terminal, through the GraphQL API."""

import sys

from stratumiops.graph.errors import StratumError
from stratumiops.ui.cli.kogral.commands import app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line; an error becomes one sentence, a hint and an exit status."""
    try:
        app()
    except StratumError as error:
        from stratumiops.ui.cli.output import print_error

        print_error(error, as_json="--json" in sys.argv)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        from stratumiops.ui.cli.output import close_output

        close_output()
