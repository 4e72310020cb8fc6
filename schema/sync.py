"""Files and graph in step: what files are to be, what they gave, what is open between them."""

import strawberry
from strawberry import UNSET

from stratumiops.ingest.conflict_text import Keep
from stratumiops.ingest.models import DocumentFormat
from stratumiops.ingest.sync.reports import ConflictKind, SyncOutcome
from stratumiops.schema.enums import described
from stratumiops.schema.ingest import DocumentInput, ImportProblem, LogseqLayoutInput
from stratumiops.schema.scalars import DateTime

described(
    SyncOutcome,
    "What became of a file in a sync.",
    {
        "IMPORTED": "Its node says what it says.",
        "AGREED": "File and node say the same.",
        "MERGED": "Both had changed; the node has both, and the file is to get them.",
        "RENAMED": "It only moved; its node keeps its id.",
        "DELETED": "It is gone, and its node went to history.",
        "FORGOTTEN": "It is gone, as its node is already.",
        "UNCHANGED": "There is nothing to do in the graph.",
        "CONFLICT": "Both sides changed so that somebody has to decide; both are kept.",
        "FAILED": "Nothing was done; one of its problems is the reason.",
    },
)
described(
    ConflictKind,
    "Which changes of a file and of its node exclude each other.",
    {
        "CONTENT": "The same lines were changed. Both versions stand in file and node, between marks.",
        "DELETED_FILE": "The file was deleted, its node changed. The node is kept.",
        "DELETED_NODE": "The node was deleted, its file changed. The file is kept.",
    },
)
described(
    Keep,
    "Which side of a conflict is kept.",
    {
        "FILE": "The file's. Of a deleted file: the node is deleted, too.",
        "GRAPH": "The graph's. Of a deleted node: the file is deleted at the next sync, if it did not change again.",
        "BOTH": "Both, the file's first. Of a deletion: what is left is kept.",
        "TEXT": "Neither: the text given.",
    },
)


@strawberry.type(description="How a document of a source and its node stand.")
class SyncState:
    """How a document of a source and its node stand."""

    path: str = strawberry.field(description="The file.")
    hash: str = strawberry.field(
        description="SHA-256 of the bytes that file and graph agreed on last; empty: that there is no file."
    )
    format: DocumentFormat = strawberry.field(description="How it is read.")
    layout: str | None = strawberry.field(
        description="The Logseq layout that it is read by: folders and formats, parted by bars."
    )
    current: bool = strawberry.field(
        description="false: this server reads more in such files than the import did, or its bytes were not kept."
    )
    live: bool = strawberry.field(description="false: its node was deleted.")
    changed: bool = strawberry.field(description="The graph has something that the file has not.")
    conflict: strawberry.ID | None = strawberry.field(description="Its open conflict.")
    conflict_kind: ConflictKind | None = strawberry.field(description="The kind of that.")


@strawberry.type(
    description="A file as the graph wants it. One of `content` and `contentBase64` is set: bytes that are no valid "
    "UTF-8, or have NUL, come in base64."
)
class ExportedDocument:
    """A file as the graph wants it."""

    path: str = strawberry.field(description="Its path relative to the source, with `/`.")
    content: str | None = strawberry.field(description="Its text, line ends and BOM as they are.")
    content_base64: str | None = strawberry.field(name="contentBase64", description="Its bytes in base64.")
    changed: bool = strawberry.field(description="It differs from the file that was agreed on last.")
    base: str = strawberry.field(
        description="SHA-256 of the file that it is to replace; empty: there is to be none at this path."
    )
    node_id: strawberry.ID = strawberry.field(description="Its node.")
    rev: int = strawberry.field(description="The revision of the node that it says.")
    format: DocumentFormat = strawberry.field(description="How it is read.")
    unsaid: list[str] = strawberry.field(description="Fields of the node that the file cannot say.")
    problem: str | None = strawberry.field(
        description="Why there is no file, such as an import before bytes were kept."
    )


@strawberry.type(description="Some files, in order of path.")
class ExportedDocuments:
    """Some files, in order of path."""

    documents: list[ExportedDocument] = strawberry.field(description="The files; about 8 MB at the most.")
    after: str | None = strawberry.field(description="What to give as `after` for the next ones; null: that was all.")


@strawberry.input(description="A file as it is on disk.")
class SyncDocumentInput(DocumentInput):
    """A file as it is on disk."""

    moved_from: str | None = strawberry.field(
        default=UNSET, description="Where the same bytes were before, when nothing is there now."
    )


@strawberry.input(description="Files of a source that are not as they were agreed on: up to 1,000, and 32 MB.")
class SyncDocumentsInput:
    """Files of a source that are not as they were agreed on."""

    source: str = strawberry.field(description="The source.")
    documents: list[SyncDocumentInput] = strawberry.field(description="The files.")
    graph: str = strawberry.field(default="default", description="The named graph.")
    layout: LogseqLayoutInput | None = strawberry.field(
        default=UNSET, description="For files of the format LOGSEQ; without it, that of a graph with no configuration."
    )
    gone: list[str] | None = strawberry.field(
        default=UNSET,
        description="Paths of the source that are not on disk any more, up to 1,000: a file that carries the id of "
        "one of them is that one, moved.",
    )


@strawberry.input(description="A file that was written.")
class WrittenDocumentInput(DocumentInput):
    """A file that was written."""

    base: str = strawberry.field(default="", description="SHA-256 of what it replaced; empty: there was no file.")
    rev: int = strawberry.field(default=0, description="The revision of the node that it says.")


@strawberry.input(description="Files that were written as the graph wanted them: up to 1,000, and 32 MB.")
class ConfirmDocumentsInput:
    """Files that were written as the graph wanted them."""

    source: str = strawberry.field(description="The source.")
    documents: list[WrittenDocumentInput] = strawberry.field(description="The files.")
    graph: str = strawberry.field(default="default", description="The named graph.")


@strawberry.input(description="Files of a source that are not on disk: up to 1,000.")
class RemoveDocumentsInput:
    """Files of a source that are not on disk."""

    source: str = strawberry.field(description="The source.")
    paths: list[str] = strawberry.field(description="Where they were.")
    graph: str = strawberry.field(default="default", description="The named graph.")


@strawberry.input(description="Paths for nodes that have no file.")
class PlaceNodesInput:
    """Paths for nodes that have no file."""

    source: str = strawberry.field(description="The source that they are to belong to.")
    graph: str = strawberry.field(default="default", description="The named graph.")
    taken: list[str] | None = strawberry.field(
        default=UNSET, description="Paths in the folder that no file may get, such as those of files not imported."
    )


@strawberry.type(description="What became of a file.")
class SyncedDocument:
    """What became of a file."""

    path: str = strawberry.field(description="The file.")
    outcome: SyncOutcome = strawberry.field(description="What became of it.")
    write: bool = strawberry.field(description="The graph has more than the file: fetch it with exportDocuments.")
    conflict: strawberry.ID | None = strawberry.field(description="The conflict that is open.")


@strawberry.type(description="What became of the files.")
class SyncDocumentsPayload:
    """What became of the files."""

    documents: list[SyncedDocument] = strawberry.field(description="Each file, in the order of the input.")
    problems: list[ImportProblem] = strawberry.field(description="What is wrong with them.")


@strawberry.type(description="Paths that nodes without files got.")
class PlaceNodesPayload:
    """Paths that nodes without files got."""

    paths: list[str] = strawberry.field(description="Up to 500; call again until there are none.")


@strawberry.type(description="Changes of a file and of its node that exclude each other, until somebody decides.")
class Conflict:
    """Changes of a file and of its node that exclude each other."""

    id: strawberry.ID = strawberry.field(description="Its id.")
    graph: str = strawberry.field(description="The named graph.")
    source: str = strawberry.field(description="The source of the file.")
    path: str = strawberry.field(description="The file.")
    kind: ConflictKind = strawberry.field(description="What it is about.")
    node_id: strawberry.ID = strawberry.field(description="The node.")
    since: DateTime = strawberry.field(description="When it was found.")
    base: str | None = strawberry.field(description="The file as both sides last agreed on it.")
    file: str | None = strawberry.field(description="What the file said; null: it was deleted.")
    node: str | None = strawberry.field(description="The file as the node wanted it; null: the node was deleted.")


@strawberry.input(description="A decision.")
class ResolveConflictInput:
    """A decision."""

    id: strawberry.ID = strawberry.field(description="The conflict.")
    keep: Keep = strawberry.field(description="Which side is kept.")
    text: str | None = strawberry.field(default=UNSET, description="With TEXT: the content of the node from here on.")


@strawberry.type(description="A conflict that is over.")
class ResolveConflictPayload:
    """A conflict that is over."""

    conflict: Conflict = strawberry.field(description="What it was. The file follows at the next sync.")
