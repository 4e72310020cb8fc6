"""`svault lease`."""

import sys
from typing import Annotated

import typer

from stratumiops.vault.cli.context import Form, client, group
from stratumiops.vault.cli.output import Format, print_keys, show
from stratumiops.vault.cli.values import flag_fields

app = group("Leases: what was given for a time.")
Lease = Annotated[str, typer.Argument(help="The lease's id, or with --prefix the beginning of many.")]


@app.command("lookup")
def lookup(lease: Lease, form: Form = Format.TABLE) -> None:
    """How long a lease lives."""
    show(client().write("sys/leases/lookup", {"lease_id": lease}), form)


@app.command("list")
def list_(
    prefix: Annotated[str, typer.Argument(help="Such as database/creds/app.")], form: Form = Format.TABLE
) -> None:
    """List the leases below a path."""
    print_keys(client().names(f"sys/leases/lookup/{prefix.strip('/')}"), form)


@app.command("renew")
def renew(
    lease: Lease,
    increment: Annotated[str | None, typer.Option("--increment", "-i", help="For how long, such as 1h.")] = None,
    form: Form = Format.TABLE,
) -> None:
    """Renew a lease."""
    show(client().write("sys/leases/renew", flag_fields([("lease_id", lease), ("increment", increment)])), form)


@app.command("revoke")
def revoke(
    lease: Lease,
    prefix: Annotated[bool, typer.Option("--prefix", help="All whose ids begin so.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Also when what was given cannot be taken back.")] = False,
    sync: Annotated[bool, typer.Option("--sync", help="Wait until it is done.")] = False,
) -> None:
    """Revoke a lease: what was given is taken back."""
    to = client()
    if prefix:
        to.write(f"sys/leases/{'revoke-force' if force else 'revoke-prefix'}/{lease.strip('/')}", {"sync": sync})
    else:
        to.write("sys/leases/revoke", {"lease_id": lease, "sync": sync})
    sys.stdout.write(f"Success! Revoked {lease}\n")
