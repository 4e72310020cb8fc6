"""How the files of a document are read, wherever it is read again: by the importer, a render, a merge."""

from dataclasses import dataclass

from stratumiops.ingest.document import parse_document
from stratumiops.ingest.logseq.layout import DEFAULT, Layout
from stratumiops.ingest.models import DocumentFormat, ParsedDocument
from stratumiops.ingest.reports import SourceDocument


@dataclass(frozen=True, slots=True)
class Reading:
    """A format, and what else a parser has to know of the source: the layout of a Logseq graph."""

    format: DocumentFormat = DocumentFormat.AUTO
    layout: Layout = DEFAULT

    @classmethod
    def of(cls, wanted: str, layout: str | None) -> "Reading":
        """As a stored document remembers it: the format, and the key of the layout."""
        return cls(DocumentFormat(wanted), Layout.of_key(layout))

    @property
    def logseq(self) -> bool:
        """Whether the source is a Logseq graph, where blocks are the unit and page properties say what is said."""
        return self.format is DocumentFormat.LOGSEQ

    def parse(self, path: str, data: bytes) -> ParsedDocument:
        """What a file says."""
        return parse_document(path, data, self.format, self.layout)

    def file(self, path: str, data: bytes) -> SourceDocument:
        """The file, as an importer takes it."""
        return SourceDocument(path, data, self.format, self.layout)
