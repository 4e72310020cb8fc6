"""A text in the user's own editor."""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from stratumiops.graph.errors import BadInput, NotFound

_FALLBACKS = ("nano", "vi", "vim")


def edit(text: str, name: str) -> str:
    """The text as it is after the user has edited it.

    Raises:
        BadInput: there is no terminal, or the editor failed.
        NotFound: there is no editor.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("An editor needs a terminal.", hint="Give the text with --content or --content-file.")
    command = _command()
    handle, file = tempfile.mkstemp(prefix="kogral-", suffix=f"-{_safe(name)}.md")
    path = Path(file)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
        out.write(text)
    try:
        done = subprocess.run([*command, str(path)], check=False)
    except OSError as error:
        path.unlink()
        raise NotFound(f"{command[0]} cannot be started: {error.strerror}.", hint="Set EDITOR to another.") from None
    if done.returncode != 0:
        message = f"{command[0]} ended with status {done.returncode}; nothing was changed."
        raise BadInput(message, hint=f"What you wrote is in {path}.")
    try:
        changed = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not UTF-8; nothing was changed.") from None
    path.unlink()
    return changed


def keep(text: str, name: str) -> Path:
    """A file with the text, for the user to go on with after a conflict."""
    handle, file = tempfile.mkstemp(prefix="kogral-", suffix=f"-{_safe(name)}.md")
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
        out.write(text)
    return Path(file)


def _command() -> list[str]:
    for variable in ("VISUAL", "EDITOR"):
        named = os.environ.get(variable)
        if named:
            return shlex.split(named)
    found = next((name for name in _FALLBACKS if shutil.which(name)), None)
    if found is None:
        raise NotFound("There is no editor.", hint="Set EDITOR, such as EDITOR=nano.")
    return [found]


def _safe(name: str) -> str:
    return "".join(char if char.isalnum() or char in "-_" else "-" for char in name)[:40] or "node"
