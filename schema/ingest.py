"""Importing documents: what goes in, file by file, and what came of it."""

import strawberry
from strawberry import UNSET

from stratumiops.ingest.logseq.layout import DEFAULT, FileNames
from stratumiops.ingest.models import DocumentFormat, LinkKind, ProblemSeverity
from stratumiops.ingest.reports import DocumentOutcome
from stratumiops.ingest.resolve import UnresolvedReason
from stratumiops.schema.enums import described

described(
    DocumentFormat,
    "How a file is read.",
    {
        "AUTO": "Decisions are told from notes by name and content; folders such as `guidelines` name a type.",
        "ADR": "Files whose names begin with a number, `ADR` or a date are decisions, whatever they hold.",
        "MARKDOWN": "Everything is a note, unless its front matter names a type.",
        "LOGSEQ": "A page or journal of a Logseq graph; bullets become blocks. Give the graph's `layout`.",
        "OBSIDIAN": "A note of an Obsidian vault: as AUTO, with Obsidian's rules for links, comments and mathematics.",
    },
)
described(
    DocumentOutcome,
    "What became of a file.",
    {
        "CREATED": "It has a new node.",
        "UPDATED": "Its node has a new revision.",
        "RESTORED": "Its deleted node came back.",
        "UNCHANGED": "Its node says the same already; nothing was touched.",
        "FAILED": "It was not imported; one of its problems is the reason.",
    },
)
described(
    ProblemSeverity,
    "How bad a problem is.",
    {
        "WARNING": "The file was imported, less what the problem names.",
        "ERROR": "The file was not imported.",
    },
)
described(
    LinkKind,
    "Where a link stands; also the `origin` of the relation that it makes.",
    {
        "WIKILINK": "In the text: `[[Note]]`.",
        "EMBED": "In the text, shown in place: `![[Note]]`.",
        "MARKDOWN": "In the text: `[shown](path.md)`.",
        "FRONTMATTER": "In the front matter.",
        "STATUS": "In the status of a decision, or the list under its heading Links.",
        "TAG": "A tag of a Logseq page, which is a link to the page of that name.",
        "BLOCK_REF": "A reference to a block: `((id))`.",
    },
)
described(
    FileNames,
    "How a Logseq graph writes the name of a page as that of a file.",
    {
        "LEGACY": "`/` is `%2F` or a dot.",
        "TRIPLE_LOWBAR": "`/` is `___`.",
    },
)
described(
    UnresolvedReason,
    "Why a link leads nowhere.",
    {
        "MISSING": "No document answers to it.",
        "AMBIGUOUS": "Several documents answer to it.",
        "OUTSIDE": "It leaves the imported folder.",
    },
)


@strawberry.input(description="A file. Give `content`, or `contentBase64` when its bytes are no valid UTF-8.")
class DocumentInput:
    """A file."""

    path: str = strawberry.field(description="Its path relative to the source, with `/`.")
    content: str | None = strawberry.field(default=UNSET, description="Its text, line ends and BOM as they are.")
    content_base64: str | None = strawberry.field(
        default=UNSET, name="contentBase64", description="Its bytes in base64."
    )
    format: DocumentFormat = strawberry.field(default=DocumentFormat.AUTO, description="How it is read.")


@strawberry.input(description="How a Logseq graph lays out its files, as its `logseq/config.edn` says.")
class LogseqLayoutInput:
    """How a Logseq graph lays out its files."""

    pages: str = strawberry.field(default=DEFAULT.pages, description="Folder of the pages.")
    journals: str = strawberry.field(default=DEFAULT.journals, description="Folder of the journals.")
    file_names: FileNames = strawberry.field(default=DEFAULT.file_names, description="How names of files are written.")
    journal_file: str = strawberry.field(default=DEFAULT.journal_file, description="Format of a journal's file name.")
    journal_title: str = strawberry.field(default=DEFAULT.journal_title, description="Format of a journal's title.")


@strawberry.input(description="Some files of one source: up to 1,000, and 32 MB.")
class ImportDocumentsInput:
    """Some files of one source."""

    source: str = strawberry.field(
        description="A name for the folder they come from, the same at every import: 1 to 128 letters, digits, "
        "dots, dashes, underscores. Files are known by source and path."
    )
    documents: list[DocumentInput] = strawberry.field(description="The files.")
    graph: str = strawberry.field(default="default", description="The named graph.")
    layout: LogseqLayoutInput | None = strawberry.field(
        default=UNSET, description="For files of the format LOGSEQ; without it, that of a graph with no configuration."
    )
    removed: list[str] | None = strawberry.field(
        default=UNSET,
        description="Paths of the source that no longer exist: a file that moved may take its id from there.",
    )


@strawberry.input(description="The end of an import.")
class FinishImportInput:
    """The end of an import."""

    source: str = strawberry.field(description="The source.")
    graph: str = strawberry.field(default="default", description="The named graph.")
    keep: list[str] | None = strawberry.field(
        default=UNSET,
        description="Every path that the source has now; nodes of other paths are deleted. Null deletes nothing.",
    )


@strawberry.type(description="Something about a file that its owner should know.")
class ImportProblem:
    """Something about a file that its owner should know."""

    path: str = strawberry.field(description="The file.")
    line: int | None = strawberry.field(description="The line, from 1; null: all of it.")
    code: str = strawberry.field(
        description="What it is, for programs: FRONT_MATTER_INVALID, DUPLICATE_KEY, INVALID_ENCODING, NUL, BAD_ID, "
        "DUPLICATE_ID, BAD_PATH, TOO_LARGE, TOO_MANY_BLOCKS or NOT_WRITTEN."
    )
    message: str = strawberry.field(description="What it is, for people.")
    severity: ProblemSeverity = strawberry.field(description="How bad it is.")


@strawberry.type(description="What became of a file.")
class ImportedDocument:
    """What became of a file."""

    path: str = strawberry.field(description="The file.")
    outcome: DocumentOutcome = strawberry.field(description="What became of it.")
    node_id: strawberry.ID | None = strawberry.field(description="Its node; null when it failed.")
    title: str | None = strawberry.field(description="Its title; null when it failed.")


@strawberry.type(description="What became of the files.")
class ImportDocumentsPayload:
    """What became of the files."""

    documents: list[ImportedDocument] = strawberry.field(description="Each file, in the order of the input.")
    problems: list[ImportProblem] = strawberry.field(description="What is wrong with them.")
    created: int = strawberry.field(description="How many have a new node.")
    updated: int = strawberry.field(description="How many nodes have a new revision.")
    restored: int = strawberry.field(description="How many deleted nodes came back.")
    unchanged: int = strawberry.field(description="How many were imported before as they are.")
    failed: int = strawberry.field(description="How many were not imported.")


@strawberry.type(description="A link that leads nowhere.")
class UnresolvedLink:
    """A link that leads nowhere."""

    path: str = strawberry.field(description="The file that it stands in.")
    line: int = strawberry.field(description="The line, from 1.")
    target: str = strawberry.field(description="What it names, as written.")
    kind: LinkKind = strawberry.field(description="Where it stands.")
    reason: UnresolvedReason = strawberry.field(description="Why it leads nowhere.")


@strawberry.type(description="What the files of a source hold: occurrences, not distinct values; none in code.")
class DocumentCounts:
    """What the files of a source hold."""

    pages: int = strawberry.field(description="Files that are no journals.")
    journals: int = strawberry.field(description="Journals of a Logseq graph.")
    blocks: int = strawberry.field(description="Logseq: bullets that do not begin with code. Else tasks and `^blocks`.")
    wikilinks: int = strawberry.field(description="`[[Links]]`; in a Logseq graph also those in embeds and properties.")
    block_refs: int = strawberry.field(description="References to blocks: `((id))`, `[[Note#^id]]`.")
    embeds: int = strawberry.field(description="`{{embed …}}`, `![[Note]]`.")
    properties: int = strawberry.field(description="Properties, of pages and blocks, and keys of valid front matter.")
    tags: int = strawberry.field(description="`#tags` in the text.")
    aliases: int = strawberry.field(description="Other names that the files give themselves.")
    tasks: int = strawberry.field(description="Blocks with a marker such as TODO, and checkboxes.")


@strawberry.type(description="What all files of the source stand for now, and what finishing changed.")
class FinishImportPayload:
    """What all files of the source stand for now."""

    nodes: int = strawberry.field(description="How many nodes the files stand for.")
    relations: int = strawberry.field(description="How many relations the files state.")
    relations_created: int = strawberry.field(description="How many of them are new.")
    relations_ended: int = strawberry.field(description="How many ended because no file states them now.")
    deleted: int = strawberry.field(description="How many nodes were deleted because their files are gone.")
    unresolved_count: int = strawberry.field(description="How many links lead nowhere.")
    unresolved: list[UnresolvedLink] = strawberry.field(description="The first 1,000 links that lead nowhere.")
    counts: DocumentCounts = strawberry.field(description="What all files of the source hold.")


@strawberry.type(description="What is known of a file from its last import.")
class StoredDocument:
    """What is known of a file from its last import."""

    path: str = strawberry.field(description="The file.")
    hash: str = strawberry.field(description="SHA-256 of its bytes, in hexadecimal.")
    format: DocumentFormat = strawberry.field(description="How it was read.")
    current: bool = strawberry.field(
        description="false: this server reads more in such files than the import did; send it again."
    )
    layout: str | None = strawberry.field(
        description="The Logseq layout that it was read by: folders and formats, parted by bars."
    )
