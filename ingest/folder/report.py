"""What a sync and an export tell."""

from dataclasses import asdict, dataclass, field
from typing import Any

from stratumiops.ingest.models import Problem


@dataclass(slots=True)
class SyncReport:
    """What a sync did. Counts are of files, `deleted_nodes` of nodes; `seconds` is wall time.

    `conflicts` are all that are open in the source, `unsaid` fields of nodes that their files cannot say, `unfiled`
    how many nodes got no file because the graph has other sources as well.
    """

    graph: str
    source: str
    dry_run: bool = False
    graph_created: bool = False
    files: int = 0
    imported: int = 0
    written: int = 0
    merged: int = 0
    renamed: int = 0
    deleted_nodes: int = 0
    deleted_files: int = 0
    unchanged: int = 0
    unfiled: int = 0
    seconds: float = 0.0
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    unsaid: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON says it."""
        return asdict(self)

    @property
    def changes(self) -> int:
        """How much was done."""
        return self.imported + self.written + self.merged + self.renamed + self.deleted_nodes + self.deleted_files

    def refuse(self, path: str, problem: Problem) -> None:
        """A file that was left out, and why."""
        self.errors.append(_entry(path, problem.line, problem.code, problem.message))

    def note(self, problem: dict[str, Any]) -> None:
        """A problem of a file as the API tells it."""
        into = self.errors if problem["severity"] == "ERROR" else self.warnings
        into.append(_entry(problem["path"], problem["line"], problem["code"], problem["message"]))


@dataclass(slots=True)
class ExportReport:
    """What an export did; `unchanged` files were there already, `new` are of nodes that never had a file."""

    graph: str
    out: str
    dry_run: bool = False
    files: int = 0
    written: int = 0
    unchanged: int = 0
    new: int = 0
    seconds: float = 0.0
    errors: list[dict[str, Any]] = field(default_factory=list)
    unsaid: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON says it."""
        return asdict(self)

    def refuse(self, path: str, problem: Problem) -> None:
        """A file that was not written, and why."""
        self.errors.append(_entry(path, problem.line, problem.code, problem.message))


def _entry(path: str, line: int | None, code: str, message: str) -> dict[str, Any]:
    shown = path.encode("utf-8", "replace").decode("utf-8")
    return {"path": shown, "line": line, "code": code, "message": message}
