"""What kind of folder this is: a Logseq graph, an Obsidian vault, or neither. Pure: it asks for names and texts."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from stratumiops.ingest.logseq.layout import CONFIG, DEFAULT
from stratumiops.ingest.models import DocumentFormat

SAMPLES: Final = 200
"""Notes that are looked into, spread over the folder."""

_FEW: Final = 5
_KOGRAL: Final = "config.toml"
_WIKILINK = re.compile(r"\[\[(?!\s)[^\[\]\n]+(?<!\s)\]\]")
_BULLET = re.compile(r"[ \t]*-(?:[ \t]|$)", re.MULTILINE)
_TEXT = re.compile(r"^[ \t]*[^\s#>|`~-]", re.MULTILINE)


def detect(paths: Sequence[str], *, exists: Callable[[str], bool], text: Callable[[str], str]) -> DocumentFormat:
    """LOGSEQ, OBSIDIAN or AUTO for a folder.

    Args:
        paths: its notes, relative, with `/`.
        exists: whether there is a file or folder of this relative path.
        text: the text of a note; empty when it cannot be read.
    """
    folders = {path.partition("/")[0] for path in paths if "/" in path}
    if exists(CONFIG) or {DEFAULT.pages, DEFAULT.journals} <= folders:
        return DocumentFormat.LOGSEQ
    if exists(".obsidian"):
        return DocumentFormat.OBSIDIAN
    if len(paths) < _FEW or exists(_KOGRAL):
        return DocumentFormat.AUTO
    samples = [text(path) for path in paths[:: len(paths) // SAMPLES + 1]]
    if all(path.startswith((f"{DEFAULT.pages}/", f"{DEFAULT.journals}/")) for path in paths):
        outlines = sum(len(_BULLET.findall(one)) > len(_TEXT.findall(one)) for one in samples)
        if outlines * 2 > len(samples):
            return DocumentFormat.LOGSEQ
    linked = sum(_WIKILINK.search(one) is not None for one in samples)
    return DocumentFormat.OBSIDIAN if linked * 2 > len(samples) else DocumentFormat.AUTO
