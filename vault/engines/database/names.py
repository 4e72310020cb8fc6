"""Names of databases and roles: which ones there can be."""

import re
from typing import Final

from stratumiops.vault.backend import Match
from stratumiops.vault.errors import UnsupportedPath

_NAME: Final = re.compile(r"\w(?:[\w.-]*\w)?", re.ASCII)
_LONGEST: Final = 256


def named(match: Match) -> str:
    """The name in a path.

    Raises:
        UnsupportedPath: no route has such a name.
    """
    name = match["name"]
    if len(name) > _LONGEST or _NAME.fullmatch(name) is None:
        raise UnsupportedPath
    return name
