"""Names of roles and users: which ones there can be."""

import re
from typing import Final

from stratumiops.vault.errors import UnsupportedPath

_NAME: Final = re.compile(r"\w(?:[\w.@-]*\w)?", re.ASCII)
_LONGEST: Final = 256


def named(name: str) -> str:
    """The name as it is kept: in lower case.

    Raises:
        UnsupportedPath: no route has such a name.
    """
    if len(name) > _LONGEST or _NAME.fullmatch(name) is None:
        raise UnsupportedPath
    return name.lower()
