"""Names for files of nodes that never had one. Pure."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from stratumiops.graph.models import Node, NodeType
from stratumiops.ingest.logseq import days
from stratumiops.ingest.logseq.layout import FileNames
from stratumiops.ingest.reading import Reading
from stratumiops.ingest.resolve import fold

_FOLDERS = {
    NodeType.NOTE: "notes/",
    NodeType.DECISION: "decisions/",
    NodeType.GUIDELINE: "guidelines/",
    NodeType.PATTERN: "patterns/",
    NodeType.JOURNAL: "journal/",
    NodeType.EXECUTION: "executions/",
}
_LONGEST = 80
_RESERVED = re.compile(r'[<>:"\\|?*%#^\[\]]')


class Names:
    """Paths of a source: those that are taken, and the folders where nodes of a type are.

    Args:
        folders: by type, with a trailing slash; empty for the root.
    """

    def __init__(self, taken: Iterable[str], folders: Mapping[NodeType, str], reading: Reading) -> None:
        self._taken = {fold(path) for path in taken}
        self._folders = folders
        self._reading = reading

    def path_for(self, node: Node) -> str:
        """A free path: of a node that had one, that one; else made of its type and title. It is taken then."""
        wanted = node.path or f"{self._folder(node)}{self._stem(node)}.md"
        stem, dot, suffix = wanted.rpartition(".")
        path, number = wanted, 2
        while fold(path) in self._taken:
            path = f"{stem}-{number}{dot}{suffix}" if dot else f"{wanted}-{number}"
            number += 1
        self._taken.add(fold(path))
        return path

    def _folder(self, node: Node) -> str:
        if self._reading.logseq:
            layout = self._reading.layout
            return f"{layout.journals if node.type is NodeType.JOURNAL and node.date else layout.pages}/"
        return self._folders.get(node.type, _FOLDERS[node.type])

    def _stem(self, node: Node) -> str:
        if self._reading.logseq:
            layout = self._reading.layout
            if node.type is NodeType.JOURNAL and node.date:
                return days.write(layout.journal_file, dt.date.fromisoformat(node.date)).replace("/", "_")
            shortened = node.title[:_LONGEST].strip(". ")
            escaped = _RESERVED.sub(lambda found: quote(found[0]), shortened)
            return escaped.replace("/", "___" if layout.file_names is FileNames.TRIPLE_LOWBAR else "%2F")
        words = re.sub(r"[\W_]+", "-", node.title.lower()).strip("-")[:_LONGEST].strip("-")
        return words or re.sub(r"[^A-Za-z0-9]+", "-", node.id).strip("-")[:_LONGEST] or "node"
