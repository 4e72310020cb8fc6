"""What the supervisor says, on the screen and in its log."""

from pathlib import Path

from stratumiops.graph.ids import utc_now
from stratumiops.ui.cli.platform.screen import say


class Journal:
    """Lines with an instant in `log`; without one on the screen, unless nobody looks at it."""

    def __init__(self, log: Path, *, echo: bool) -> None:
        self._log = log
        self._echo = echo

    def say(self, text: str) -> None:
        """One line."""
        with self._log.open("a", encoding="utf-8") as file:
            file.write(f"{utc_now()} {text}\n")
        if self._echo:
            try:
                say(text)
            except BrokenPipeError:  # the reader has gone; what runs goes on
                self._echo = False
