"""`svault server`."""

from pathlib import Path
from typing import Annotated

import typer

from stratumiops.vault.cli.failures import Failed


def server(
    config: Annotated[Path | None, typer.Option("--config", "-c", help="The configuration, svault.toml.")] = None,
    dev: Annotated[
        bool, typer.Option("--dev", help="In memory, unsealed, with a root token: for trying out, never for secrets.")
    ] = False,
    dev_root_token_id: Annotated[
        str | None, typer.Option("--dev-root-token-id", help="The root token of --dev; one is made otherwise.")
    ] = None,
    address: Annotated[str | None, typer.Option("--listen", help="host:port, over that of the configuration.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Only say whether the configuration can work.")] = False,
) -> None:
    """Run the server until SIGTERM or Ctrl-C.

    Examples:

      svault server --config svault.toml

      svault server --dev --dev-root-token-id root
    """
    from stratumiops.vault.server import run

    if config is None and not dev:
        raise Failed("error: a server needs --config FILE, or --dev", 1)
    run(config, dev=dev, root_token=dev_root_token_id, address=address, check=check)
