"""What a command prints: tables and text for people, JSON for programs, errors on stderr."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, TextIO, cast

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
    console().print(text, style=style, markup=False, soft_wrap=True)


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
    stream.print(f"error: {error.message}", markup=False, style="red", soft_wrap=True)
    if error.hint:
        stream.print(f"  hint: {error.hint}", markup=False, soft_wrap=True)


def one_line(text: str) -> str:
    """Text without line breaks, tabs and control characters, so that it cannot disturb a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def terminal_safe(text: str) -> str:
    """A text of several lines without control characters, which could drive a terminal."""
    return "".join(char if char.isprintable() or char in "\n\t" else "\ufffd" for char in text)


@contextmanager
def pager() -> Iterator[None]:
    """What is printed meanwhile goes through KOGRAL_PAGER, PAGER or `less`, on a terminal only.

    `less` gets out of the way when it all fits on the screen. An empty variable, or `cat`, means no pager.
    """
    command = _pager_command()
    if command is None:
        yield
        return
    environ = {"LESS": "FRX", "LESSCHARSET": "utf-8", **os.environ}
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, env=environ, encoding="utf-8", errors="replace")
    except OSError:
        yield
        return
    assert process.stdin is not None  # noqa: S101  # a pipe was asked for
    terminal, sys.stdout = sys.stdout, cast("TextIO", _Paged(process.stdin))
    try:
        with suppress(BrokenPipeError):  # the reader has seen enough
            yield
    finally:
        sys.stdout = terminal
        with suppress(BrokenPipeError):
            process.stdin.close()
        while process.poll() is None:
            with suppress(KeyboardInterrupt):  # Ctrl-C is for the pager
                process.wait()


def _pager_command() -> list[str] | None:
    if not (_is_terminal() and sys.stdin.isatty()):
        return None
    named = next((os.environ[name] for name in ("KOGRAL_PAGER", "PAGER") if name in os.environ), "less")
    command = shlex.split(named)
    return command if command and command[0] != "cat" and shutil.which(command[0]) else None


class _Paged:
    """Standard output on its way through a pager: to a terminal, as far as colours are concerned."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def isatty(self) -> bool:
        return True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def close_output() -> None:
    """After the reader of a pipe has gone (`| head`), keep Python from complaining at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
