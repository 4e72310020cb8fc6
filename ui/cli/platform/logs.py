"""`stratumiops logs`."""

import sys
import time
from collections import deque
from pathlib import Path

from stratumiops.graph.errors import NotFound
from stratumiops.graph.server.home import Home
from stratumiops.ui.cli.platform.screen import say

_POLL_S = 0.2


def show(root: Path, name: str, lines: int, *, follow: bool) -> None:
    """Print the last lines of a log; with `follow` go on until Ctrl-C.

    Raises:
        NotFound: nothing has been written yet.
    """
    home = Home(root)
    path = home.neo4j / "logs" / "neo4j.log" if name == "database" else home.log(name)
    if not path.exists():
        raise NotFound(f"there is no log of {name} at {path}", hint="`stratumiops up` starts everything")
    try:
        position = _tail(path, lines)
        while follow:
            position = _more(path, position)
            time.sleep(_POLL_S)
    except KeyboardInterrupt:
        sys.exit(0)


def _tail(path: Path, lines: int) -> int:
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in deque(file, lines):
            say(line.rstrip("\n"))
        return file.tell()


def _more(path: Path, position: int) -> int:
    if not path.exists():
        return 0
    with path.open(encoding="utf-8", errors="replace") as file:
        file.seek(position if position <= path.stat().st_size else 0)  # shorter: a new file took its place
        sys.stdout.write(file.read())
        sys.stdout.flush()
        return file.tell()
