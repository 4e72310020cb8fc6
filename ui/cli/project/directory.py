"""Finds the `.kogral` directory, as git finds `.git`: here, or in the nearest folder above."""

import os
from pathlib import Path

from stratumiops.graph.errors import NotFound

NAME = ".kogral"
VARIABLE = "KOGRAL_DIR"
CONFIG = "config.toml"


def find_directory(start: Path | None = None) -> Path | None:
    """The directory that KOGRAL_DIR names, else the nearest `.kogral` from `start` upwards; None without one.

    KOGRAL_DIR may name the `.kogral` directory or the folder that holds it.

    Raises:
        NotFound: KOGRAL_DIR names no directory.
    """
    named = os.environ.get(VARIABLE)
    if named:
        path = Path(named).expanduser()
        for found in (path / NAME, path):
            if found.is_dir():
                return found
        raise NotFound(f"{VARIABLE} names {path}, which is no directory.", hint="Correct or unset it.", field=VARIABLE)
    here = (start or Path.cwd()).absolute()
    return next((folder / NAME for folder in (here, *here.parents) if (folder / NAME).is_dir()), None)


def config_file(directory: Path | None) -> Path | None:
    """Its `config.toml`, if there is one."""
    path = directory / CONFIG if directory else None
    return path if path is not None and path.is_file() else None
