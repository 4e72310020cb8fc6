"""How the files of a folder are read: as a Logseq graph, an Obsidian vault, decisions or notes."""

from dataclasses import dataclass, field, replace

from stratumiops.ingest.adr.names import is_decision_name, may_be_collection
from stratumiops.ingest.folder.listing import Listing, read_note
from stratumiops.ingest.logseq.layout import CONFIG, DEFAULT, FileNames, Layout, parse_config
from stratumiops.ingest.models import DocumentFormat, Problem
from stratumiops.ingest.text import decode

_LOOKED_AT = 5


@dataclass(slots=True)
class Arrangement:
    """The format of every folder, by path; `layout` is that of a Logseq graph."""

    format: DocumentFormat
    folders: dict[str, DocumentFormat] = field(default_factory=dict)
    layout: Layout = DEFAULT

    def of(self, path: str) -> DocumentFormat:
        """How a file is read."""
        return self.folders[path.rpartition("/")[0]]

    def layout_key(self, path: str) -> str | None:
        """What the server remembers of the layout for a file."""
        return self.layout.key if self.of(path) is DocumentFormat.LOGSEQ else None


def sent_layout(layout: Layout) -> dict[str, str]:
    """A layout as the API takes it."""
    return {
        "pages": layout.pages,
        "journals": layout.journals,
        "fileNames": layout.file_names.name,
        "journalFile": layout.journal_file,
        "journalTitle": layout.journal_title,
    }


def arrange(listing: Listing, wanted: DocumentFormat) -> Arrangement:
    """Decide; `auto` looks what the folder is. What a Logseq graph does not read is taken from the listing."""
    from stratumiops.ingest.detect import detect

    found = wanted
    if wanted is DocumentFormat.AUTO and listing.whole:
        found = detect(
            listing.paths,
            exists=lambda path: (listing.root / path).exists(),
            text=lambda path: _text(listing, path),
        )
    made = Arrangement(found)
    if found is DocumentFormat.LOGSEQ:
        made.layout = _layout(listing)
        _only_notes(listing, made.layout)
    folders: dict[str, list[str]] = {}
    for path in listing.paths:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    made.folders = dict.fromkeys(folders, found)
    if wanted is DocumentFormat.AUTO and found is not DocumentFormat.LOGSEQ:
        for folder, paths in folders.items():
            if _is_collection(listing, paths):
                made.folders[folder] = DocumentFormat.ADR
    return made


def _text(listing: Listing, path: str) -> str:
    data = read_note(listing.root, path)
    return "" if isinstance(data, Problem) else decode(data[:100_000]).text


def _is_collection(listing: Listing, paths: list[str]) -> bool:
    """Whether the files of one folder are a collection of decisions, by their names and what some of them say."""
    from stratumiops.ingest.document import reads_like_decision

    if not may_be_collection(paths):
        return False
    named = [path for path in paths if is_decision_name(path)][-_LOOKED_AT:]
    samples = (read_note(listing.root, path) for path in named)
    return any(isinstance(data, bytes) and reads_like_decision(data) for data in samples)


def _layout(listing: Listing) -> Layout:
    """The layout by the graph's configuration; of a single file, by that beside its folder.

    A graph without one, such as an export, tells by a `___` in a name that it writes names in the newer way.
    """
    for name in (CONFIG,) if listing.whole else (CONFIG, f"../{CONFIG}"):
        if (listing.root / name).is_file():
            data = read_note(listing.root, name)
            if isinstance(data, Problem):
                listing.skipped.append((CONFIG, data))
                return DEFAULT
            layout, problems = parse_config(data)
            listing.skipped += [(CONFIG, problem) for problem in problems]
            return layout
    if any("___" in path for path in listing.paths):
        return replace(DEFAULT, file_names=FileNames.TRIPLE_LOWBAR)
    return DEFAULT


def _only_notes(listing: Listing, layout: Layout) -> None:
    """Leave pages and journals in the listing; a folder that has neither is taken for the pages themselves."""
    if not listing.whole or not any(layout.place(path) for path in listing.paths):
        return
    kept = []
    for path in listing.paths:
        if layout.is_hidden(path):
            listing.skipped.append((path, Problem("HIDDEN", "is hidden by :hidden in logseq/config.edn")))
        elif layout.place(path) is None:
            if not path.startswith("logseq/"):
                message = f"is neither in {layout.pages}/ nor in {layout.journals}/; a Logseq graph has its notes there"
                listing.skipped.append((path, Problem("NO_PAGE", message)))
        else:
            kept.append(path)
    listing.paths[:] = kept
