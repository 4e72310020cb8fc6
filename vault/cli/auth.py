"""`svault login`, and `svault auth`: how clients come by a token."""

import getpass
import sys
from typing import Annotated, Any

import typer

from stratumiops.vault.cli.client import keep_token, token_file
from stratumiops.vault.cli.context import Form, Pairs, client, group
from stratumiops.vault.cli.failures import Failed
from stratumiops.vault.cli.output import Format, show
from stratumiops.vault.cli.secret import print_mounts
from stratumiops.vault.cli.values import content, fields, flag_fields

app = group("Enable, list, tune and disable auth methods.")


def login(
    pairs: Pairs = None,
    method: Annotated[str, typer.Option("--method", help="token, userpass, approle or jwt.")] = "token",
    path: Annotated[str | None, typer.Option("--path", help="Where the method is enabled; else its name.")] = None,
    no_store: Annotated[bool, typer.Option("--no-store", help="Do not keep the token for the next commands.")] = False,
    form: Form = Format.TABLE,
) -> None:
    """Log in. The token is kept in a file that only you can read.

    Examples:

      svault login

      svault login --method userpass username=anna

      svault login --method approle role_id=@role secret_id=@secret
    """
    to = client()
    if method == "token":
        token = content((pairs or ["-"])[0]).strip() if pairs or not sys.stdin.isatty() else getpass.getpass("Token: ")
        found = to.call("GET", "auth/token/lookup-self", token=token)
    else:
        given: dict[str, Any] = fields(pairs or [])
        where = f"auth/{(path or method).strip('/')}/login"
        if method == "userpass":
            where += f"/{given.pop('username', '') or input('Username: ')}"
            given.setdefault("password", "") or given.update(password=getpass.getpass("Password (hidden): "))
        found = to.call("PUT", where, data=given, token="")
        token = (found.get("auth") or {}).get("client_token", "")
    if not token:
        raise Failed("error: the server gave no token")
    if not no_store:
        keep_token(token)
        sys.stderr.write(f"The token is kept in {token_file()}.\n")
    show(found, form)


@app.command("list")
def list_(form: Form = Format.TABLE) -> None:
    """List the auth methods."""
    print_mounts(client().read("sys/auth"), form)


@app.command("enable")
def enable(
    kind: Annotated[str, typer.Argument(help="approle, userpass or jwt.")],
    path: Annotated[str | None, typer.Option("--path", help="Where; else its type.")] = None,
    description: Annotated[str | None, typer.Option("--description", help="What it is for.")] = None,
) -> None:
    """Enable an auth method."""
    where = (path or kind).strip("/")
    client().write(f"sys/auth/{where}", {"type": kind, **flag_fields([("description", description)])})
    sys.stdout.write(f"Success! Enabled {kind} auth method at: {where}/\n")


@app.command("disable")
def disable(path: Annotated[str, typer.Argument(help="Its path.")]) -> None:
    """Disable an auth method. Its tokens end."""
    client().delete(f"sys/auth/{path.strip('/')}")
    sys.stdout.write(f"Success! Disabled the auth method (if it existed) at: {path.strip('/')}/\n")
