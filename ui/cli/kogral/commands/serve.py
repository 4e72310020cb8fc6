"""`kogral serve`: the MCP server, for agents and editors."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import ReadGraph, Server, client, project_directory


class Transport(StrEnum):
    """How clients reach it."""

    STDIO = "stdio"
    HTTP = "http"


@app.command()
def serve(
    *,
    transport: Annotated[
        Transport, typer.Option("--transport", help="stdio: one client, which starts it; http: any number.")
    ] = Transport.STDIO,
    graph: ReadGraph = None,
    port: Annotated[
        int | None,
        typer.Option("--port", min=1, max=65_535, help="Port for http [default: mcp.port, 8010].", show_default=False),
    ] = None,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Address for http.")] = "127.0.0.1",
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="TOOL", help="Offer this tool only; may be repeated.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="TOOL", help="Do not offer this tool; may be repeated.")
    ] = None,
    max_tokens: Annotated[
        int | None,
        typer.Option(
            "--max-tokens",
            min=200,
            max=200_000,
            help="Longest result of a tool [default: mcp.max_tokens, 4000].",
            show_default=False,
        ),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option("--token-file", metavar="FILE", help="Token for http; made when it does not exist."),
    ] = None,
    no_token: Annotated[
        bool, typer.Option("--no-token", help="http on this machine for every program that runs here.")
    ] = False,
    allowed_hosts: Annotated[
        list[str] | None,
        typer.Option("--allowed-host", metavar="NAME", help="Name by which others reach it; may be repeated."),
    ] = None,
    allowed_origins: Annotated[
        list[str] | None,
        typer.Option("--allowed-origin", metavar="URL", help="Web page that may call it; may be repeated."),
    ] = None,
    server: Server = None,
) -> None:
    """Serve the graph to agents and editors by the Model Context Protocol.

    With stdio (the default) the client starts this command itself. With http it listens on
    http://127.0.0.1:8010/mcp and wants a bearer token, from KOGRAL_MCP_TOKEN or from a file that is
    made at the first start.

    \b
    Examples:
      kogral serve --graph project
      kogral serve --transport http --port 8010
      kogral serve --without add_note --without add_decision
    """
    from stratumiops.ui.cli.project.reading import graph_name, section
    from stratumiops.ui.mcp.settings import ServeSettings, chosen_tools

    directory = project_directory()
    config = section("mcp", directory)
    settings = ServeSettings(
        graph=graph or graph_name(directory),
        tools=chosen_tools(config, only or (), without or ()),
        max_tokens=max_tokens or config.max_tokens,
    )
    from stratumiops.ui.mcp.serve import serve_http, serve_stdio

    with client(server) as api:
        if transport is Transport.STDIO:
            serve_stdio(api, settings)
            return
        from stratumiops.ui.cli.output import print_note
        from stratumiops.ui.mcp.http import Listening
        from stratumiops.ui.mcp.token import read_token

        token, source = (None, "") if no_token else read_token(token_file)
        listening = Listening(
            host, port or config.port, token, tuple(allowed_hosts or ()), tuple(allowed_origins or ())
        )
        listening.check()
        print_note(f"{listening.url}, {f'token in {source}' if token else 'no token needed'}; Ctrl-C stops it")
        serve_http(api, settings, listening)
