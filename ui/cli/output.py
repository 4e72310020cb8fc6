"""What a command prints: tables and text for people, JSON for programs, errors on stderr."""

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from stratumiops.graph.errors import StratumError

if TYPE_CHECKING:
    from rich.console import Console


def console(*, stderr: bool = False) -> "Console":
    """A console that colours only on a terminal, and never with NO_COLOR or TERM=dumb."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=not _is_terminal(stderr=stderr))


def _is_terminal(*, stderr: bool = False) -> bool:
    return (sys.stderr if stderr else sys.stdout).isatty()


def print_json(value: Any) -> None:
    """One JSON value on stdout; indented for a person at a terminal, one line in a pipe."""
    import orjson

    option = orjson.OPT_INDENT_2 if _is_terminal() else 0
    sys.stdout.write(orjson.dumps(value, option=option).decode() + "\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> None:
    """A table on a terminal; in a pipe one line a row, columns parted by tabs, without a head."""
    if not _is_terminal():
        for row in rows:
            sys.stdout.write("\t".join(one_line(cell) for cell in row) + "\n")
        return
    found = list(rows)
    if not found:
        console(stderr=True).print(empty, style="dim")
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        table.add_column(column, style="cyan" if index == 0 else None, overflow="fold")
    for row in found:
        table.add_row(*(Text(one_line(cell)) for cell in row))
    console().print(table)


def print_text(text: str, *, style: str | None = None) -> None:
    """Text on stdout as it is; brackets in it are no markup."""
    console().print(text, style=style, markup=False)


def print_note(text: str) -> None:
    """A remark for a person, on stderr."""
    console(stderr=True).print(text, style="dim", markup=False)


def print_error(error: StratumError, *, as_json: bool) -> None:
    """An error where its reader looks: a sentence and a hint on stderr, or one JSON object on stdout."""
    if as_json:
        parts = {"code": error.code.value, "message": error.message, "hint": error.hint, "field": error.field}
        print_json({"error": {name: value for name, value in parts.items() if value is not None}})
        return
    stream = console(stderr=True)
    stream.print(f"error: {error.message}", markup=False, style="red")
    if error.hint:
        stream.print(f"  hint: {error.hint}", markup=False)


def one_line(text: str) -> str:
    """Text without line breaks, tabs and control characters, so that it cannot disturb a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def close_output() -> None:
    """After the reader of a pipe has gone (`| head`), keep Python from complaining at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
