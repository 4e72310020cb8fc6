"""The use cases: take documents in, join what they link, say what is known of a source.

An import is a series of `import_documents` calls and one `finish`. Each call is one transaction, so a file is
in with all that it says or not at all; stopping anywhere loses nothing, and running it again completes it.
"""

from collections.abc import Sequence

from stratumiops.graph.errors import BadInput
from stratumiops.graph.store.database import Database
from stratumiops.graph.validation import check_line
from stratumiops.ingest import queries
from stratumiops.ingest.batch import Batch
from stratumiops.ingest.finish import Finish
from stratumiops.ingest.identity import SOURCE_NAME
from stratumiops.ingest.models import (
    MAX_DOCUMENT_BYTES,
    PARSER_VERSION,
    DocumentFormat,
    Problem,
    ProblemSeverity,
)
from stratumiops.ingest.reports import (
    DocumentOutcome,
    DocumentResult,
    FinishReport,
    SourceDocument,
    StoredDocument,
)

MAX_DOCUMENTS = 1_000
MAX_BATCH_BYTES = 32_000_000
MAX_PAGE = 5_000
MAX_PATH = 1_000


class ImportService:
    """Imports documents into named graphs."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def import_documents(
        self,
        graph: str,
        source: str,
        documents: Sequence[SourceDocument],
        *,
        actor: str,
        removed: Sequence[str] = (),
    ) -> list[DocumentResult]:
        """Write what some files of a source say; links between files become relations in `finish`.

        Files whose bytes were imported already change nothing. A file that cannot be imported is a FAILED
        result with an error among its problems; the others go in all the same.

        Args:
            removed: paths of the source that no longer exist; a file that moved may take its id from there.

        Raises:
            BadInput: more than 1,000 documents or 32 MB, or a source name that is none.
            NotFound: there is no such graph.
        """
        check_source(source)
        if len(documents) > MAX_DOCUMENTS or sum(len(one.data) for one in documents) > MAX_BATCH_BYTES:
            message = f"one call takes up to {MAX_DOCUMENTS:,} documents and {MAX_BATCH_BYTES:,} bytes"
            raise BadInput(message, hint="Send them in several calls.", field="input.documents")
        refused = {
            position: problem for position, one in enumerate(documents) if (problem := refusal(one.path, one.data))
        }
        files = [one for position, one in enumerate(documents) if position not in refused]
        written = iter(await self._batch(graph, source, actor, frozenset(removed)).run(files))
        return [
            DocumentResult(one.path, DocumentOutcome.FAILED, problems=(refused[position],))
            if position in refused
            else next(written)
            for position, one in enumerate(documents)
        ]

    async def finish(self, graph: str, source: str, *, actor: str, keep: Sequence[str] | None = None) -> FinishReport:
        """Delete nodes whose files are gone, make relations of links, end relations that no file states now.

        Args:
            keep: every path that the source has now; None deletes nothing.

        Raises:
            NotFound: there is no such graph.
        """
        check_source(source)
        return await self._finish(graph, source, actor).run(keep)

    async def imported(self, graph: str, source: str, *, first: int, after: str | None) -> list[StoredDocument]:
        """What was imported of a source, in order of path, at most 5,000 at once.

        Raises:
            BadInput: `first` is not 1 to 5,000.
        """
        if not 1 <= first <= MAX_PAGE:
            raise BadInput(f"first is {first}; 1 to {MAX_PAGE:,} is possible.", field="first")
        return [
            StoredDocument(path, content, DocumentFormat(wanted), parser == PARSER_VERSION, layout)
            for path, content, wanted, parser, layout in await self._imported(graph, source, first, after or "")
        ]

    # ---- what a store of another kind does its own way

    def _batch(self, graph: str, source: str, actor: str, removed: frozenset[str]) -> Batch:
        return Batch(self._db, graph, source, actor, removed)

    def _finish(self, graph: str, source: str, actor: str) -> Finish:
        return Finish(self._db, graph, source, actor)

    async def _imported(
        self, graph: str, source: str, first: int, after: str
    ) -> list[tuple[str, str, str, int, str | None]]:
        """Path, hash, format, parser and layout of documents in order of path."""
        params = {"graph": graph, "source": source, "first": first, "after": after}
        return await self._db.read_one(queries.IMPORTED, params) or []


def check_source(source: str) -> None:
    """Refuse what is no name of a source.

    Raises:
        BadInput: it is none.
    """
    if not SOURCE_NAME.fullmatch(source):
        message = f"{source[:140]!r} is no source name: 1 to 128 letters, digits, dots, dashes, underscores"
        raise BadInput(message, field="input.source")


def refusal(path: str, data: bytes) -> Problem | None:
    """Why a document is not even read."""
    try:
        check_line(path, "path", MAX_PATH)
    except BadInput as error:
        return Problem("BAD_PATH", error.message, None, ProblemSeverity.ERROR)
    if path.startswith("/") or ".." in path.split("/"):
        message = "its path must be relative to the source, without `..`"
        return Problem("BAD_PATH", message, None, ProblemSeverity.ERROR)
    if len(data) > MAX_DOCUMENT_BYTES:
        message = f"has {len(data):,} bytes; up to {MAX_DOCUMENT_BYTES:,} are read"
        return Problem("TOO_LARGE", message, None, ProblemSeverity.ERROR)
    return None
