"""What stands where a server would be: whoever uses it is told that it needs one."""

from typing import Any

from stratumiops.graph.errors import Unavailable


def server_only(what: str) -> Unavailable:
    """The error for what a directory cannot do."""
    message = f"{what} needs a server; this is a directory of files."
    return Unavailable(message, hint="Start one with `stratumiops up`, or name one with --server.")


class ServerOnly:
    """Anything of a server that a directory has not.

    Args:
        what: what needs it, as the beginning of a sentence.
    """

    def __init__(self, what: str) -> None:
        self._what = what

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise server_only(self._what)
