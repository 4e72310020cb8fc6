"""`svault wrap` and `svault unwrap`: an answer in a token that opens once."""

from typing import Annotated

import typer

from stratumiops.vault.cli.context import Field, Form, Pairs, client
from stratumiops.vault.cli.output import Format, show
from stratumiops.vault.cli.values import content, fields


def wrap(
    pairs: Pairs = None,
    ttl: Annotated[str, typer.Option("--ttl", help="How long it can be opened.")] = "5m",
    field: Field = "",
    form: Form = Format.TABLE,
) -> None:
    """Put values into a token that opens once."""
    show(client().write("sys/wrapping/wrap", fields(pairs or []), wrap_ttl=ttl), form, field)


def unwrap(
    token: Annotated[str, typer.Argument(help="The wrapping token; @file and - read it from there.")],
    field: Field = "",
    form: Form = Format.TABLE,
) -> None:
    """Open a wrapping token, once."""
    show(client().call("PUT", "sys/wrapping/unwrap", data={}, token=content(token).strip()), form, field)
