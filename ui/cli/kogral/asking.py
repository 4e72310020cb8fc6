"""Questions to a person at a terminal, on stderr, so that stdout holds the answer alone."""

import sys

import typer


def can_ask() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask_line(question: str, default: str | None = None) -> str:
    """One line; asked again while it is empty and there is no default."""
    answer: str = typer.prompt(question, default=default, err=True, show_default=bool(default))
    return answer.strip()


def ask_text(question: str) -> str:
    """Several lines, ended by an empty one; nothing at once is no text."""
    typer.echo(f"{question} (an empty line ends it)", err=True)
    lines: list[str] = []
    while True:
        try:
            line = input()
        except EOFError:
            break
        if not line.strip():
            break
        lines.append(line)
    return "\n".join(lines)


def confirmed(question: str) -> bool:
    """Yes or no; no without an answer."""
    return typer.confirm(question, default=False, err=True)
