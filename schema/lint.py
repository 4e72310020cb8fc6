"""Findings: what is wrong, or not as it should be, in a named graph."""

import strawberry

from stratumiops.ingest.lint.models import LintCode, LintSeverity
from stratumiops.schema.connections import PageInfo
from stratumiops.schema.enums import described
from stratumiops.schema.knowledge import KnowledgeNode

described(
    LintSeverity,
    "How bad a finding is.",
    {
        "ERROR": "It contradicts itself, or names what is not there; `kogral lint` ends with status 1.",
        "WARNING": "It should be looked at.",
        "INFO": "Good to know.",
    },
)
described(
    LintCode,
    "What a finding is about, worst first. The names are stable.",
    {
        "CONFLICT_MARKER": "Error: a conflict of a merge (`<<<<<<<` to `>>>>>>>`) was left in a text, outside code.",
        "SUPERSEDE_CYCLE": "Error: nodes supersede each other in a circle; each circle is told once.",
        "MUTUAL_SUPERSEDE": "Error: two accepted decisions supersede each other.",
        "SUPERSEDED_BY_REJECTED": "Error: a decision is superseded by a rejected one.",
        "BROKEN_SUPERSEDE": "Error: a file names what it supersedes, or what superseded it, and nothing answers.",
        "SUPERSEDED_BUT_ACCEPTED": "Warning: a decision is accepted, though one that is in force, or was, supersedes "
        "it. Can be fixed: it becomes superseded.",
        "SUPERSEDED_WITHOUT_SUCCESSOR": "Warning: a decision is superseded, and nothing supersedes it.",
        "BROKEN_LINK": "Warning: a link of a file leads nowhere.",
        "INVALID_FRONT_MATTER": "Warning: the front matter of a file is invalid, has a key twice or a bad id.",
        "FILE_PROBLEM": "Warning: something else that the import of a file noticed, such as its encoding.",
        "JOURNAL_WITHOUT_DATE": "Warning: an entry of the journal has no date. Can be fixed when its file name or "
        "title tells it.",
        "DUPLICATE_TITLE": "Warning: an older node of the graph has the same title; records of runs do not count.",
        "NEAR_DUPLICATE": "Warning: about 80 % or more of the text is that of another node of the graph.",
        "ORPHAN": "Info: a note, decision, guideline or pattern that nothing is joined to.",
    },
)


@strawberry.type(description="Something that is wrong, or not as it should be.")
class LintFinding:
    """Something that is wrong, or not as it should be."""

    code: LintCode = strawberry.field(description="What it is about.")
    severity: LintSeverity = strawberry.field(description="How bad it is.")
    graph: str = strawberry.field(description="The named graph.")
    path: str | None = strawberry.field(description="The file; null: the node came from none.")
    line: int | None = strawberry.field(
        description="The line, from 1, of the file, or of the content of a node without file; null: all of it."
    )
    node: KnowledgeNode | None = strawberry.field(description="The node; null: the file has none.")
    other: KnowledgeNode | None = strawberry.field(description="The second node that it is about, if any.")
    message: str = strawberry.field(description="What was found, in a sentence.")
    hint: str = strawberry.field(description="What to do.")
    fixable: bool = strawberry.field(description="`fixFinding` can correct it, as a new revision of the node.")


@strawberry.type(description="One place in a page of findings.")
class FindingEdge:
    """One place in a page of findings."""

    cursor: str = strawberry.field(description="Names this place, for `after`.")
    node: LintFinding = strawberry.field(description="What is there.")


@strawberry.type(
    description="A page of findings. It may hold fewer than were asked for: `pageInfo.hasNextPage` tells whether to "
    "go on."
)
class FindingConnection:
    """A page of findings."""

    edges: list[FindingEdge] = strawberry.field(description="The page, with cursors.")
    nodes: list[LintFinding] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where it stands.")


@strawberry.input(description="Which finding is to be corrected.")
class FixFindingInput:
    """Which finding is to be corrected."""

    code: LintCode = strawberry.field(description="Its code.")
    node: strawberry.ID = strawberry.field(description="The id of its node.")
    graph: str = strawberry.field(default="default", description="The named graph.")
