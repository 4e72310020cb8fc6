"""`kogral init`: a `.kogral` directory with its settings and folders."""

import re
from pathlib import Path

from stratumiops.graph.adapters.folder import check_inside, write_whole
from stratumiops.graph.adapters.markdown_file import FOLDERS
from stratumiops.graph.errors import BadInput, Unavailable
from stratumiops.graph.validation import check_graph_name
from stratumiops.ui.cli.kogral.choice import FOLDER
from stratumiops.ui.cli.output import print_json, print_note, print_text

IGNORED = """# What was, what was read of other folders, and what is being written: of this checkout alone.
/.history/
/.documents/
.*.tmp
"""
_NO_NAME = re.compile(r"[^a-z0-9._-]+")


def run(place: Path, *, graph: str | None, title: str, as_json: bool) -> None:
    """Make what is missing, and say what was made."""
    if place.exists() and not place.is_dir():
        raise BadInput(f"{place} is a file; a {FOLDER} directory belongs into a folder.", field="dir")
    root = place if place.name == FOLDER else place / FOLDER
    name = graph or _name(root.absolute().parent.name)
    made = make(root, check_graph_name(name), title)
    name = _named(root, name, graph)
    if as_json:
        print_json({"directory": str(root.absolute()), "graph": name, "created": bool(made), "files": made})
        return
    print_text(f"{root} is {'now ' if made else ''}the graph {name}.")
    if made:
        print_note("made: " + ", ".join(made))


def make(root: Path, name: str, title: str = "") -> list[str]:
    """Make what is missing of a directory; the paths of what was made, folders with a slash.

    Raises:
        Unavailable: it may not be written to.
        Conflict: a symbolic link or a file stands where a folder belongs.
    """
    from stratumiops.graph.local.config import FILE, template

    made = []
    for path, text in ((FILE, template(name, title)), (".gitignore", IGNORED)):
        check_inside(root, path)
        if not (root / path).exists():
            write_whole(root / path, text.encode())
            made.append(path)
    for folder in FOLDERS:
        check_inside(root, f"{folder}/x")
        if not (root / folder).is_dir():
            try:
                (root / folder).mkdir()
            except OSError as error:
                raise Unavailable(f"{root / folder} cannot be made: {error.strerror}.") from error
            made.append(f"{folder}/")
    return made


def _named(root: Path, name: str, asked: str | None) -> str:
    """The name that the graph has.

    Raises:
        BadInput: it has another name than the one asked for.
    """
    from stratumiops.graph.local.config import FILE, load_config

    found = load_config(root).graph.name
    if asked is not None and found != asked:
        message = f"{root} is the graph {found!r} already."
        raise BadInput(message, hint=f"Change [graph] name in {root / FILE}.", field="graph")
    return found or name


def _name(folder: str) -> str:
    """A legal name of a graph, made of a folder's."""
    return _NO_NAME.sub("-", folder.lower()).strip("._-")[:64].strip("._-") or "default"
