"""Which folders the server may read."""

from collections.abc import Sequence
from pathlib import Path

from stratumiops.graph.errors import BadInput, Forbidden, NotFound


def allowed(path: str, roots: Sequence[Path]) -> Path:
    """The folder or file at a path, when it lies in one of the roots, links resolved.

    A path that is not absolute is looked for in each root.

    Raises:
        Forbidden: there are no roots, or it lies in none of them.
        NotFound: nothing is there.
        BadInput: it is no path.
    """
    if not roots:
        message = "This server reads no files: ingest.roots is empty."
        raise Forbidden(message, hint="Name the folders it may read in ingest.roots, or use `kogral import`.")
    if not path or "\0" in path:
        raise BadInput("The path is empty, or has NUL in it.", field="path")
    real = [root.resolve() for root in roots]
    inside = [found for root in real if (found := (root / path).resolve()).is_relative_to(root)]
    if not inside:
        message = f"The server may not read {path[:200]!r}."
        raise Forbidden(message, hint="It reads below the folders in ingest.roots.")
    there = [found for found in inside if found.exists()]
    if not there:
        raise NotFound(f"There is no file or folder {path[:200]!r} below ingest.roots.", field="path")
    return there[0]


def shown(path: str, roots: Sequence[Path]) -> str:
    """A path as others may see it: from the name of its root on."""
    for root in roots:
        real = root.resolve()
        if Path(path).is_relative_to(real):
            return (Path(real.name) / Path(path).relative_to(real)).as_posix()
    return Path(path).name
