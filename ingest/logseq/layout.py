"""How a Logseq graph lays out its files: folders, names, formats of journals. Read from `logseq/config.edn`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import unquote

from stratumiops.ingest.logseq import edn
from stratumiops.ingest.models import Problem
from stratumiops.ingest.text import decode

CONFIG: Final = "logseq/config.edn"
"""The configuration's path in a graph."""

_SHORT: Final = 100
_LEGACY_DOT = re.compile(r"(?<=[^\s.\d])\.(?=[^\s.\d])")


class FileNames(StrEnum):
    """How a page's name is written as a file's name."""

    LEGACY = "legacy"
    TRIPLE_LOWBAR = "triple-lowbar"


class Place(StrEnum):
    """What a file of a graph is."""

    PAGE = "page"
    JOURNAL = "journal"


@dataclass(frozen=True, slots=True)
class Layout:
    """Folders are relative to the graph, with `/`; formats are those of `days`; `hidden` are paths not to read."""

    pages: str = "pages"
    journals: str = "journals"
    file_names: FileNames = FileNames.LEGACY
    journal_file: str = "yyyy_MM_dd"
    journal_title: str = "MMM do, yyyy"
    hidden: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Equal for layouts that read files alike."""
        return "|".join((self.pages, self.journals, self.file_names, self.journal_file, self.journal_title))

    @classmethod
    def of_key(cls, key: str | None) -> "Layout":
        """A layout that reads files as the one with this key does; without one, as a graph with no configuration."""
        parts = (key or "").split("|")
        if len(parts) != 5:
            return cls()
        pages, journals, file_names, journal_file, journal_title = parts
        return cls(pages, journals, FileNames(file_names), journal_file, journal_title)

    def place(self, path: str) -> Place | None:
        """Whether a file is a page or a journal; None for what Logseq does not read as notes."""
        for folder, place in ((self.journals, Place.JOURNAL), (self.pages, Place.PAGE)):
            if path.startswith(f"{folder}/"):
                return place
        return None

    def is_hidden(self, path: str) -> bool:
        """Whether the configuration hides the file, by itself or with a folder above it."""
        return any(path == one or path.startswith(f"{one}/") for one in self.hidden)

    def page_name(self, path: str) -> str:
        """The name of the page that a file holds, when no `title::` says otherwise."""
        stem = path.rpartition("/")[2].rpartition(".")[0]
        if self.file_names is FileNames.TRIPLE_LOWBAR:
            return unquote(stem.replace("___", "/"), errors="replace")
        return unquote(_LEGACY_DOT.sub("/", stem), errors="replace")


DEFAULT: Final = Layout()
"""The layout of a graph without configuration."""


def parse_config(data: bytes) -> tuple[Layout, list[Problem]]:
    """The layout that a configuration describes; what is missing or wrong in it is as in a new graph."""
    try:
        found = edn.read(decode(data).text)
    except ValueError as error:
        message = f"the configuration is not valid EDN ({error}); the graph is read as one without"
        return DEFAULT, [Problem("CONFIG_INVALID", message)]
    config: Mapping[str, Any] = found if isinstance(found, dict) else {}
    lowbar = config.get("file/name-format") == FileNames.TRIPLE_LOWBAR.value
    hidden = config.get("hidden")
    layout = Layout(
        pages=_folder(config.get("pages-directory"), DEFAULT.pages),
        journals=_folder(config.get("journals-directory"), DEFAULT.journals),
        file_names=FileNames.TRIPLE_LOWBAR if lowbar else FileNames.LEGACY,
        journal_file=_format(config.get("journal/file-name-format"), DEFAULT.journal_file),
        journal_title=_format(
            config.get("journal/page-title-format") or config.get("date-formatter"), DEFAULT.journal_title
        ),
        hidden=tuple(
            path for one in (hidden if isinstance(hidden, list) else ()) if (path := _folder(one, "")) and path != "."
        ),
    )
    return layout, []


def _folder(value: object, default: str) -> str:
    path = value.strip().strip("/") if isinstance(value, str) else ""
    return path if 0 < len(path) <= _SHORT and ".." not in path.split("/") else default


def _format(value: object, default: str) -> str:
    return value if isinstance(value, str) and 0 < len(value) <= _SHORT and value.strip() else default
