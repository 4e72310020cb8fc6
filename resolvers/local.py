"""The API in this process, over directories of files: the same schema and limits as a server's, and no server."""

import asyncio
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, cast

from stratumiops.graph.local.catalogue import LocalGraphs
from stratumiops.graph.local.library import Library
from stratumiops.graph.local.past import HISTORY
from stratumiops.graph.local.reads import LocalReads
from stratumiops.graph.local.server_only import ServerOnly, server_only
from stratumiops.graph.local.tree import FileProblem
from stratumiops.graph.local.writer import LocalWriter
from stratumiops.ingest.local.by_hand import HandWritten
from stratumiops.resolvers.context import LOCAL_ADMIN, RequestContext
from stratumiops.resolvers.engine import Engine, GraphQLRequest, GraphQLResponse
from stratumiops.resolvers.engine.scope import Scope
from stratumiops.resolvers.knowledge.ports import BlockReads, KnowledgeReads
from stratumiops.resolvers.schema import schema
from stratumiops.resolvers.settings import EmbeddingSettings, Settings

if TYPE_CHECKING:
    from stratumiops.graph.ports import Storage
    from stratumiops.ingest.local.blocks import LocalBlocks
    from stratumiops.ingest.local.export import LocalExporter
    from stratumiops.ingest.local.lint import LocalLint
    from stratumiops.ingest.local.service import LocalImportService
    from stratumiops.ingest.retrieval.local import LocalRetrieval
    from stratumiops.resolvers.bootstrap import Services

VECTORS: Final = "vectors.sqlite"
"""File of the history's folder that keeps chunks and vectors."""
_FIELD: Final = re.compile(r"\{\s*(\w+)")
_NAMES: Final = {
    "conflicts": "`kogral conflicts`",
    "resolveConflict": "`kogral conflicts`",
    "syncPlan": "`kogral sync`",
    "syncDocuments": "`kogral sync`",
    "suggestions": "`kogral suggest`",
    "acceptSuggestion": "`kogral suggest`",
    "dismissSuggestion": "`kogral suggest`",
    "ask": "`kogral ask`",
}


class _NoUses:
    """The uses of secrets, of which a directory holds none."""

    async def of_nodes(self, keys: Sequence[tuple[str, str]], _first: int) -> list[list[Any]]:
        """Nothing for each node."""
        return [[] for _ in keys]


class _Nothing:
    """The connection and the events of a server, of which a directory needs nothing."""

    def check(self) -> None:
        """A directory is always there."""

    def poke(self) -> None:
        """Nobody listens."""


@dataclass
class LocalServices:
    """What resolvers may need, over a library. What only a server has says so when it is used."""

    library: Library
    settings: Settings = field(default_factory=Settings)
    connection: _Nothing = field(default_factory=_Nothing)
    events: _Nothing = field(default_factory=_Nothing)
    secret_uses: _NoUses = field(default_factory=_NoUses)
    asked: str = "This"

    @cached_property
    def registry(self) -> LocalGraphs:
        """The named graphs."""
        return LocalGraphs(self.library)

    @cached_property
    def writer(self) -> LocalWriter:
        """Changes of knowledge."""
        return LocalWriter(self.library)

    @cached_property
    def imports(self) -> "LocalImportService":
        """Imports of documents."""
        from stratumiops.ingest.local.service import LocalImportService

        return LocalImportService(self.library)

    @property
    def exporter(self) -> "LocalExporter":
        """Files as the graph wants them."""
        from stratumiops.ingest.local.export import LocalExporter

        return LocalExporter(self.library)

    @property
    def lint(self) -> "LocalLint":
        """What looks for what is wrong."""
        from stratumiops.ingest.local.lint import LocalLint

        return LocalLint(self.library, self.writer)

    def reads(self, scope: Scope) -> KnowledgeReads:
        """The reads of one request."""
        del scope  # whoever can read the files may read all that is in them
        return LocalReads(self.library)

    def block_reads(self, reads: KnowledgeReads) -> BlockReads:
        """The reads of blocks of one request, over the files as `reads` found them."""
        del reads
        return self._blocks

    @cached_property
    def _blocks(self) -> "LocalBlocks":
        from stratumiops.ingest.local.blocks import LocalBlocks

        return LocalBlocks(self.library)

    @cached_property
    def retrieval(self) -> "LocalRetrieval":
        """Searches by meaning; vectors are made when they are first needed, and kept in the history's folder."""
        from stratumiops.graph.local.storage import LocalStorage
        from stratumiops.graph.local.where import holds
        from stratumiops.ingest.embedding.models import Models
        from stratumiops.ingest.retrieval.cache import ChunkCache
        from stratumiops.ingest.retrieval.local import LocalRetrieval
        from stratumiops.resolvers.search.options import embedding_options, reranker

        root, section = self.library.own.root, self.library.own.config.embeddings
        kept = root / HISTORY / VECTORS
        own = {name: value for name in ("provider", "model") if (value := getattr(section, name))}
        own["enabled"] = section.enabled and self.settings.embeddings.enabled
        wanted = EmbeddingSettings.model_validate(self.settings.embeddings.model_dump() | own)
        linked = kept.is_symlink() or kept.parent.is_symlink()
        return LocalRetrieval(
            cast("Storage", LocalStorage(self.library)),
            embedding_options(wanted),
            Models(),
            matcher=lambda where: lambda node: holds(where, node),
            cache=ChunkCache(None if linked else kept),
            reranker=reranker(self.settings.search),
            rrf_k=self.settings.search.rrf_k,
        )

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return ServerOnly(self.asked)


class LocalApi:
    """Executes GraphQL over a directory. Threads may share it: they take turns.

    Raises:
        NotFound, BadInput, Conflict: see `Library.open`.
    """

    def __init__(self, root: Path) -> None:
        # A read is done at once, so an error may find coroutines that the executor made and gives up unawaited.
        warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
        self._services = LocalServices(Library.open(root, HandWritten()))
        self._engine = Engine(schema, self._services.settings)
        self._engine.compile = False
        self._loop = asyncio.new_event_loop()
        self._turn = Lock()

    @property
    def root(self) -> Path:
        """The directory."""
        return self._services.library.own.root

    def problems(self) -> list[FileProblem]:
        """Files that counted for nothing in what was executed last."""
        return self._services.library.problems()

    def execute(self, document: str, variables: dict[str, Any]) -> GraphQLResponse:
        """The response to one operation.

        Raises:
            Unavailable: it is a subscription.
        """
        request = GraphQLRequest(document, variables)
        with self._turn:
            if self._engine.is_subscription(request):
                raise server_only("A subscription")
            self._services.asked = _asked(document)
            context = RequestContext("local", LOCAL_ADMIN, cast("Services", self._services))
            return self._loop.run_until_complete(self._engine.execute(request, context))

    def close(self) -> None:
        """Give back what was taken."""
        with self._turn:
            self._loop.close()


def _asked(document: str) -> str:
    """What an operation is for, as the beginning of a sentence."""
    found = _FIELD.search(document)
    return _NAMES.get(found[1], f"`{found[1]}`") if found else "This"
