"""How the files of a folder are read."""

from dataclasses import dataclass, field

from stratumiops.ingest.adr.names import is_decision_name, may_be_collection
from stratumiops.ingest.folder.listing import Listing, read_note
from stratumiops.ingest.models import DocumentFormat

_LOOKED_AT = 5


@dataclass(slots=True)
class Arrangement:
    """The format of every folder, by path."""

    format: DocumentFormat
    folders: dict[str, DocumentFormat] = field(default_factory=dict)

    def of(self, path: str) -> DocumentFormat:
        """How a file is read."""
        return self.folders.get(path.rpartition("/")[0], self.format)


def arrange(listing: Listing, wanted: DocumentFormat) -> Arrangement:
    """Decide: in `auto`, a folder may be a collection of decisions by the names of its files."""
    folders: dict[str, list[str]] = {}
    for path in listing.paths:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    made = Arrangement(wanted, dict.fromkeys(folders, wanted))
    if wanted is DocumentFormat.AUTO:
        for folder, paths in folders.items():
            if _is_collection(listing, paths):
                made.folders[folder] = DocumentFormat.ADR
    return made


def _is_collection(listing: Listing, paths: list[str]) -> bool:
    """Whether the files of one folder are a collection of decisions, by their names and what some of them say."""
    from stratumiops.ingest.document import reads_like_decision

    if not may_be_collection(paths):
        return False
    named = [path for path in paths if is_decision_name(path)][-_LOOKED_AT:]
    samples = (read_note(listing.root, path) for path in named)
    return any(isinstance(data, bytes) and reads_like_decision(data) for data in samples)
