"""`svault database`: credentials that live for a time."""

import sys
from typing import Annotated

import typer

from stratumiops.vault.cli.context import Field, Form, Mount, Pairs, client, group
from stratumiops.vault.cli.output import Format, print_keys, show
from stratumiops.vault.cli.values import fields

app = group("Credentials of databases that live for a time.")
Name = Annotated[str, typer.Argument(help="Its name.")]


@app.command("config")
def config(name: Name, pairs: Pairs = None, mount: Mount = "database") -> None:
    """Connect a database; the connection is tried at once.

    Example:

      svault database config app plugin_name=postgresql-database-plugin connection_url=@url.txt username=root password=-
    """
    client().write(f"{mount}/config/{name}", fields(pairs or []))
    sys.stdout.write(f"Success! Data written to: {mount}/config/{name}\n")


@app.command("role")
def role(name: Name, pairs: Pairs = None, mount: Mount = "database") -> None:
    """Say which statements make and drop a user."""
    client().write(f"{mount}/roles/{name}", fields(pairs or []))
    sys.stdout.write(f"Success! Data written to: {mount}/roles/{name}\n")


@app.command("creds")
def creds(name: Name, mount: Mount = "database", field: Field = "", form: Form = Format.TABLE) -> None:
    """A new user and password, for as long as the lease lives."""
    show(client().read(f"{mount}/creds/{name}"), form, field)


@app.command("static-creds")
def static_creds(name: Name, mount: Mount = "database", field: Field = "", form: Form = Format.TABLE) -> None:
    """The password of a static role."""
    show(client().read(f"{mount}/static-creds/{name}"), form, field)


@app.command("rotate-root")
def rotate_root(name: Name, mount: Mount = "database") -> None:
    """Give the connection's own user a password that nobody knows but the vault."""
    client().write(f"{mount}/rotate-root/{name}")
    sys.stdout.write(f"Success! Rotated the root credential of: {name}\n")


@app.command("list")
def list_(mount: Mount = "database", form: Form = Format.TABLE) -> None:
    """List the roles."""
    print_keys(client().names(f"{mount}/roles"), form)
