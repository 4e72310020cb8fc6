"""Reads for the executor: one field at a time, batched over parents."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

from strawberry import UNSET
from strawberry.dataloader import DataLoader

from stratumiops.graph.errors import Unavailable
from stratumiops.graph.models import Direction, NodeType, RelationType
from stratumiops.graph.selection.answers import RelationRow, RevisionRow
from stratumiops.ingest.embedding.progress import EmbeddingReport
from stratumiops.ingest.retrieval.models import Found, FoundChunk, SearchRequest
from stratumiops.resolvers.engine.describe import describe
from stratumiops.resolvers.engine.scope import Scope
from stratumiops.resolvers.knowledge.ports import Batch, Description, Key, KnowledgeReads, Retrieval
from stratumiops.schema.filters import plain
from stratumiops.schema.knowledge import KnowledgeNode, node_of
from stratumiops.schema.mapping import History, Related, RelationCount, Relations, Root
from stratumiops.schema.relations import Relation, Revision

Loader = DataLoader[Key, Any]
T = TypeVar("T")


def arguments(**given: Any) -> dict[str, Any]:
    """Arguments of a resolver as `describe` takes them: what is not set is left out."""
    return {name.rstrip("_"): plain(value) for name, value in given.items() if value is not UNSET}


def once(read: Callable[[], Coroutine[Any, Any, T]]) -> Callable[[], Awaitable[T]]:
    """A read that several fields may wait for, begun with the first of them and made once."""
    begun: list[asyncio.Task[T]] = []

    async def wait() -> T:
        if not begun:
            begun.append(asyncio.create_task(read()))
        return await asyncio.shield(begun[0])

    return wait


class Reader:
    """Reads of one request. `reads` answers in stored properties; what hangs on nodes comes as objects."""

    def __init__(self, reads: KnowledgeReads, scope: Scope, retrieval: Retrieval | None = None) -> None:
        self.reads = reads
        self.scope = scope
        self._retrieval = retrieval
        self._loaders: dict[Any, Loader] = {}

    def describe(self, mapping: object, given: dict[str, Any]) -> dict[str, Any]:
        """The description of a field's arguments."""
        described = describe(mapping, given, self.scope)
        assert described is not None  # noqa: S101 - every mapping used here is known
        return described

    async def run(self, build: Callable[[Any, str], str], described: Description) -> Any:
        """The value of a root subquery; see `KnowledgeReads.cypher`."""
        return await self.reads.cypher(build, described)

    async def read_one(self, text: str, params: dict[str, Any]) -> Any:
        """The value of one statement."""
        return await self.reads.statement(text, params)

    def describe_search(self, given: dict[str, Any]) -> dict[str, Any] | None:
        """The description of a search by words alone; None for the other ways."""
        return describe(Root("search"), given, self.scope)

    async def search(self, request: SearchRequest) -> list[Found]:
        """Hits of a search by meaning, by both, or with more than words.

        Raises:
            BadInput: what cannot be asked.
            Unavailable: there are no vectors, or the model is out of reach.
        """
        return await self._vectors().search(request)

    async def chunks_by_words(self, query: str, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], FoundChunk]:
        """Of each node (graph, id) the chunk with most words of a question; those without chunks left out."""
        return {} if self._retrieval is None else await self._retrieval.chunks_by_words(query, keys)

    async def embedding_status(self, graphs: Sequence[str]) -> EmbeddingReport:
        """How far the vectors of these graphs are."""
        return await self._vectors().status(graphs)

    def _vectors(self) -> Retrieval:
        if self._retrieval is None:
            raise Unavailable("this server has no vectors", hint="search by words: mode TEXT")
        return self._retrieval

    async def related(
        self,
        node: KnowledgeNode,
        *,
        types: list[RelationType] | None,
        direction: Direction,
        where: Any,
        order_by: Any,
        first: int,
    ) -> list[KnowledgeNode]:
        """See `schema.ports.KnowledgeReader`."""
        given = arguments(types=types, direction=direction, where=where, order_by=order_by, first=first)
        rows = await self._load(node, self.describe(Related(), given), self.reads.related)
        return [node_of(row, node.as_of) for row in rows]

    async def relations(
        self, node: KnowledgeNode, *, types: list[RelationType] | None, direction: Direction, first: int
    ) -> list[Relation]:
        """See `schema.ports.KnowledgeReader`."""
        given = arguments(types=types, direction=direction, first=first)
        rows = await self._load(node, self.describe(Relations(), given), self.reads.relations)
        return [relation_of(row, node.as_of) for row in rows]

    async def relation_count(
        self, node: KnowledgeNode, *, types: list[RelationType] | None, direction: Direction
    ) -> int:
        """See `schema.ports.KnowledgeReader`."""
        described = self.describe(RelationCount(), arguments(types=types, direction=direction))
        return int(await self._load(node, described, self.reads.relation_count))

    async def history(self, node: KnowledgeNode, *, first: int) -> list[Revision]:
        """See `schema.ports.KnowledgeReader`."""
        rows = await self._load(node, self.describe(History(), arguments(first=first)), self.reads.states)
        return [revision_of(row) for row in rows]

    async def _load(self, node: KnowledgeNode, described: dict[str, Any], read: Callable[[Description], Batch]) -> Any:
        if node.as_of is not None:
            described = {**described, "as_of": node.as_of}
        identity = (read.__name__, repr(described))
        loader = self._loaders.get(identity)
        if loader is None:
            loader = self._loaders[identity] = _loader(read(described))
        # Fields that the executor gives up must not take the read from others that wait for it.
        return await asyncio.shield(loader.load((node.graph, node.id)))


def _loader(batch: Batch) -> Loader:
    async def load(keys: Sequence[Key]) -> list[Any]:
        found = await batch(keys)
        return [found.get(key, []) for key in keys]

    return DataLoader(load_fn=load, max_batch_size=1_000)


def relation_of(row: RelationRow, as_of: str | None = None) -> Relation:
    """The relation of a row."""
    source, target = node_of(row["source"], as_of), node_of(row["target"], as_of)
    held = row["properties"]
    return Relation(
        type=RelationType[row["type"]],
        weight=float(held["weight"]),
        origin=held["origin"],
        valid_from=held["valid_from"],
        valid_to=held.get("valid_to"),
        recorded_at=held["recorded_at"],
        created_by=held["created_by"],
        path=held.get("path"),
        line=held.get("line"),
        direction=Direction[row["direction"]],
        source=source,
        target=target,
        node=source if row["direction"] == "IN" else target,
    )


def revision_of(row: RevisionRow) -> Revision:
    """The state of a row."""
    held, past = row["properties"], row["past"]
    return Revision(
        id=held["id"],
        graph=held["graph"],
        rev=held["rev"],
        type=NodeType(held["type"]),
        title=held["title"],
        content=held["content"],
        tags=held["tags"],
        aliases=held.get("aliases") or [],
        status=held.get("status"),
        date=held.get("date"),
        updated_by=held["updated_by"],
        valid_from=held["valid_from"] if past else held["updated_at"],
        valid_to=held["valid_to"] if past else None,
        ended_by=held["change"] if past else None,
    )
