"""`svault token`."""

import sys
from typing import Annotated

import typer

from stratumiops.vault.cli.context import Field, Form, WrapTtl, client, group
from stratumiops.vault.cli.output import Format, print_rows, show
from stratumiops.vault.cli.values import content, fields, flag_fields

app = group("Tokens: create, look up, renew, revoke.")
Which = Annotated[str | None, typer.Argument(help="@file or -; else your own.")]
Accessor = Annotated[str | None, typer.Option("--accessor", help="The token with this accessor.")]


@app.command("create")
def create(
    policy: Annotated[list[str] | None, typer.Option("--policy", help="May be repeated; else your own.")] = None,
    ttl: Annotated[str | None, typer.Option("--ttl", help="How long it lives, such as 1h.")] = None,
    explicit_max_ttl: Annotated[str | None, typer.Option("--explicit-max-ttl", help="The longest it can live.")] = None,
    period: Annotated[str | None, typer.Option("--period", help="It lives as long as it is renewed in time.")] = None,
    use_limit: Annotated[int | None, typer.Option("--use-limit", help="How often it may be used.")] = None,
    display_name: Annotated[str | None, typer.Option("--display-name", help="Shown in the audit.")] = None,
    metadata: Annotated[list[str] | None, typer.Option("--metadata", help="key=value; may be repeated.")] = None,
    orphan: Annotated[bool, typer.Option("--orphan", help="It outlives yours.")] = False,
    kind: Annotated[str, typer.Option("--type", help="service or batch.")] = "service",
    role: Annotated[str | None, typer.Option("--role", help="As this role says.")] = None,
    wrap_ttl: WrapTtl = "",
    field: Field = "",
    form: Form = Format.TABLE,
) -> None:
    """Create a token.

    Example:

      svault token create --policy app --ttl 1h
    """
    given = flag_fields(
        [
            ("policies", policy or None), ("ttl", ttl), ("explicit_max_ttl", explicit_max_ttl), ("period", period),
            ("num_uses", use_limit), ("display_name", display_name), ("meta", fields(metadata) if metadata else None),
            ("type", kind),
        ]
    )  # fmt: skip
    path = "auth/token/create-orphan" if orphan else "auth/token/create"
    show(client().write(f"{path}/{role}" if role else path, given, wrap_ttl=wrap_ttl), form, field)


@app.command("lookup")
def lookup(token: Which = None, accessor: Accessor = None, field: Field = "", form: Form = Format.TABLE) -> None:
    """What a token is."""
    to = client()
    if accessor:
        show(to.write("auth/token/lookup-accessor", {"accessor": accessor}), form, field)
    elif token:
        show(to.write("auth/token/lookup", {"token": content(token).strip()}), form, field)
    else:
        show(to.read("auth/token/lookup-self"), form, field)


@app.command("renew")
def renew(
    token: Which = None,
    increment: Annotated[str | None, typer.Option("--increment", "-i", help="For how long, such as 1h.")] = None,
    form: Form = Format.TABLE,
) -> None:
    """Renew a token."""
    given = flag_fields([("increment", increment), ("token", content(token).strip() if token else None)])
    show(client().write("auth/token/renew" if token else "auth/token/renew-self", given), form)


@app.command("revoke")
def revoke(
    token: Which = None,
    accessor: Accessor = None,
    own: Annotated[bool, typer.Option("--self", help="Your own.")] = False,
) -> None:
    """Revoke a token, with all that came from it."""
    to = client()
    if accessor:
        to.write("auth/token/revoke-accessor", {"accessor": accessor})
    elif token:
        to.write("auth/token/revoke", {"token": content(token).strip()})
    elif own:
        to.write("auth/token/revoke-self")
    else:
        raise typer.BadParameter("say which: a token, --accessor or --self")
    sys.stdout.write("Success! Revoked token (if it existed)\n")


@app.command("capabilities")
def capabilities(path: Annotated[str, typer.Argument(help="A path.")], token: Which = None) -> None:
    """What a token may do at a path."""
    given = flag_fields([("paths", [path]), ("token", content(token).strip() if token else None)])
    found = client().write("sys/capabilities" if token else "sys/capabilities-self", given)
    print_rows(("Path", "Capabilities"), [[path, ", ".join((found.get("data") or found)[path])]])
