"""What commands share: the options of the whole, and those that many have."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Annotated

import typer

from stratumiops.vault.cli.client import Client, target
from stratumiops.vault.cli.output import Format


@dataclass(frozen=True, slots=True)
class Options:
    """Options before the command."""

    address: str | None = None
    namespace: str | None = None


GIVEN: ContextVar[Options] = ContextVar("given")
"""What this run was given before its command."""


def client() -> Client:
    """The server that options and environment name."""
    found = GIVEN.get(Options())
    return Client(target(found.address, found.namespace))


def group(words: str) -> typer.Typer:
    """A group of commands."""
    return typer.Typer(help=words, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)


Form = Annotated[
    Format, typer.Option("--format", envvar="VAULT_FORMAT", help="How the answer is printed.", case_sensitive=False)
]
Field = Annotated[str, typer.Option("--field", help="Print only this field, with nothing around it.")]
WrapTtl = Annotated[str, typer.Option("--wrap-ttl", help="Wrap the answer in a token that lives so long, such as 60s.")]
Path = Annotated[str, typer.Argument(help="A path, such as secret/myapp.")]
Pairs = Annotated[
    list[str] | None,
    typer.Argument(
        help="key=value; key=@file and key=- read a file and standard input; - reads JSON.", metavar="[K=V]..."
    ),
]
Mount = Annotated[str, typer.Option("--mount", help="Where the engine is mounted.")]
