"""What Obsidian does not read as text: comments between `%%`, and mathematics."""

import re

from stratumiops.ingest.markdown import blank

_COMMENT = re.compile(r"%%.*?(?:%%|\Z)", re.DOTALL)
_DISPLAY = re.compile(r"\$\$.*?\$\$", re.DOTALL)
_INLINE = re.compile(r"(?<![\\$\w])\$(?=[^\s$])[^$\n]*(?<=[^\s\\$])\$(?![\w$])")


def mask_more(masked: str) -> str:
    """The masked text with comments and mathematics blanked out as well: `$[[1,2]]$` is no link."""
    if "%%" in masked:
        masked = blank(masked, (found.span() for found in _COMMENT.finditer(masked)))
    if "$" in masked:
        masked = blank(masked, (found.span() for found in _DISPLAY.finditer(masked)))
        masked = blank(masked, (found.span() for found in _INLINE.finditer(masked)))
    return masked
