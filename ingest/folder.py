"""The files of a folder that are notes: found without following symbolic links, and only ever read."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from stratumiops.graph.errors import BadInput, NotFound
from stratumiops.ingest.adr.names import is_decision_name, may_be_collection
from stratumiops.ingest.markdown import NOTE_SUFFIXES
from stratumiops.ingest.models import MAX_DOCUMENT_BYTES, DocumentFormat, Problem, ProblemSeverity
from stratumiops.ingest.reports import SourceDocument

BATCH_FILES = 500
BATCH_BYTES = 4_000_000
"""Most files, and bytes, that are imported together."""
_LOOKED_AT = 5

_SKIPPED_FOLDERS = {"node_modules", "__pycache__"}
_OTHER_NOTES = (".org", ".rst", ".adoc", ".asciidoc", ".textile")


@dataclass(slots=True)
class Listing:
    """What a folder holds: paths of notes relative to it, with `/`, in order; what is not read, and why.

    `whole` is False when there may be more notes: nothing may then be taken for deleted.
    """

    root: Path
    paths: list[str] = field(default_factory=list)
    skipped: list[tuple[str, Problem]] = field(default_factory=list)
    errors: list[tuple[str, Problem]] = field(default_factory=list)
    whole: bool = True


def list_notes(path: Path) -> Listing:
    """The notes of a folder, or one file as its folder's only listed note (`whole` is False then).

    Folders whose names begin with a dot are left out, unless they are the folder itself.

    Raises:
        NotFound: there is nothing at the path.
        BadInput: it is a file that is no note.
    """
    if path.is_dir():
        listing = Listing(path)
        for name, entry in _walk(path, "", listing):
            _take(name, entry, listing)
        listing.paths.sort()
        return listing
    if not path.exists():
        raise NotFound(f"There is no file or folder {path}.", field="path")
    if path.suffix.lower() not in NOTE_SUFFIXES:
        message = f"{path} is no markdown file: {', '.join(NOTE_SUFFIXES)} are read."
        raise BadInput(message, field="path")
    return Listing(path.absolute().parent, [path.name], whole=False)


def read_note(root: Path, path: str) -> bytes | Problem:
    """A note's bytes, or why they cannot be had."""
    try:
        with (root / path).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_DOCUMENT_BYTES:
                return _too_large(size)
            data = file.read(MAX_DOCUMENT_BYTES + 1)
    except FileNotFoundError:
        return Problem("VANISHED", "was there when the folder was listed, and is gone", None, ProblemSeverity.ERROR)
    except OSError as error:
        return Problem("UNREADABLE", f"cannot be read: {error.strerror}", None, ProblemSeverity.ERROR)
    return data if len(data) <= MAX_DOCUMENT_BYTES else _too_large(len(data))


def folder_formats(listing: Listing, wanted: DocumentFormat) -> dict[str, DocumentFormat]:
    """How each folder's files are read: in `auto`, a folder that is a collection of decisions by names."""
    from stratumiops.ingest.document import reads_like_decision

    folders: dict[str, list[str]] = {}
    for path in listing.paths:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    formats = dict.fromkeys(folders, wanted)
    if wanted is not DocumentFormat.AUTO:
        return formats
    for folder, paths in folders.items():
        if may_be_collection(paths):
            named = [path for path in paths if is_decision_name(path)][-_LOOKED_AT:]
            samples = (read_note(listing.root, path) for path in named)
            if any(isinstance(data, bytes) and reads_like_decision(data) for data in samples):
                formats[folder] = DocumentFormat.ADR
    return formats


def batches(changed: Iterable[SourceDocument]) -> Iterator[list[SourceDocument]]:
    """The files in portions that are imported together, read as they are asked for."""
    batch: list[SourceDocument] = []
    size = 0
    for one in changed:
        if batch and (len(batch) >= BATCH_FILES or size + len(one.data) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += len(one.data)
    if batch:
        yield batch


def _too_large(size: int) -> Problem:
    message = f"has {size:,} bytes; up to {MAX_DOCUMENT_BYTES:,} are read"
    return Problem("TOO_LARGE", message, None, ProblemSeverity.ERROR)


def _walk(folder: Path, prefix: str, listing: Listing) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        problem = Problem("UNREADABLE", f"cannot be listed: {error.strerror}", None, ProblemSeverity.ERROR)
        listing.errors.append((prefix.rstrip("/") or ".", problem))
        listing.whole = False
        return
    for entry in entries:
        name = prefix + entry.name
        if entry.is_symlink() or not entry.is_dir(follow_symlinks=False):
            yield name, entry
        elif not entry.name.startswith(".") and entry.name not in _SKIPPED_FOLDERS:
            yield from _walk(folder / entry.name, name + "/", listing)


def _take(name: str, entry: os.DirEntry[str], listing: Listing) -> None:
    lower = entry.name.lower()
    if entry.name.startswith("."):
        return
    if entry.is_symlink():
        if lower.endswith(NOTE_SUFFIXES) or Path(entry.path).is_dir():
            listing.skipped.append((name, Problem("SYMLINK", "is a symbolic link; those are not followed")))
    elif lower.endswith(_OTHER_NOTES):
        message = "is a note in a format that is not read; markdown is"
        listing.skipped.append((name, Problem("OTHER_FORMAT", message)))
    elif lower.endswith(NOTE_SUFFIXES):
        if not entry.is_file(follow_symlinks=False):
            listing.skipped.append((name, Problem("NO_FILE", "is no regular file")))
        elif not _is_text(name):
            message = "has a name that is not valid UTF-8; rename it to import it"
            listing.errors.append((name, Problem("BAD_NAME", message, None, ProblemSeverity.ERROR)))
        else:
            listing.paths.append(name)


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
