"""The `svault` command: runs a server, and speaks to one."""

import sys

from stratumiops.vault.cli.app import app
from stratumiops.vault.cli.failures import Failed
from stratumiops.vault.errors import ConfigError

__all__ = ["app", "main"]

USAGE = 1
"""Exit status when a command, a file or a configuration is wrong; 2: what the server said, or that there is none."""


def main() -> None:
    """Run the command line; an error becomes one sentence and an exit status."""
    try:
        app(standalone_mode=True)
    except Failed as failed:
        sys.stderr.write(f"{failed}\n")
        sys.exit(failed.status)
    except ConfigError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(USAGE)
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
