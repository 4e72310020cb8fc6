"""What an import tells its user."""

from dataclasses import asdict, dataclass, field
from typing import Any

from stratumiops.ingest.models import Problem, ProblemSeverity


@dataclass(slots=True)
class ImportReport:
    """What an import did. All counts are whole numbers; `seconds` is wall time.

    `nodes` and `relations` are those that the files stand for now; `created` to `unchanged` count files by
    what became of their nodes, `deleted` nodes whose files are gone, `errors` and `warnings` entries of
    `problems`. `pages` to `tasks` count what all the files hold, unchanged ones too; `format` is how they were read.
    """

    graph: str
    source: str
    dry_run: bool = False
    compared: bool = True
    format: str = "auto"
    files: int = 0
    nodes: int = 0
    relations: int = 0
    relations_created: int = 0
    relations_ended: int = 0
    unresolved_links: int = 0
    pages: int = 0
    journals: int = 0
    blocks: int = 0
    wikilinks: int = 0
    block_refs: int = 0
    embeds: int = 0
    properties: int = 0
    tags: int = 0
    aliases: int = 0
    tasks: int = 0
    skipped: int = 0
    errors: int = 0
    warnings: int = 0
    created: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0
    graph_created: bool = False
    seconds: float = 0.0
    problems: list[dict[str, Any]] = field(default_factory=list)
    unresolved: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON says it."""
        return asdict(self)

    @property
    def done(self) -> int:
        """Files whose fate is known."""
        return min(self.files, self.created + self.updated + self.unchanged + self.errors)

    def note(self, path: str, problem: Problem) -> None:
        """Add what is wrong with a file."""
        self.add(path, problem.line, problem.code, problem.message, problem.severity)

    def add(self, path: str, line: int | None, code: str, message: str, severity: str) -> None:
        """Add what is wrong with a file, in parts."""
        shown = path.encode("utf-8", "replace").decode("utf-8")
        entry = {"path": shown, "line": line, "code": code, "message": message, "severity": severity}
        self.problems.append(entry)
        if severity == ProblemSeverity.ERROR:
            self.errors += 1
        else:
            self.warnings += 1
