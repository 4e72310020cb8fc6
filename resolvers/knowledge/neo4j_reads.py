"""Reads of knowledge from Neo4j: each one statement, put together by `graph.selection`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from stratumiops.graph.selection import children, roots
from stratumiops.graph.selection.answers import RelationRow, RevisionRow, Row
from stratumiops.graph.selection.guidelines import guidelines
from stratumiops.graph.selection.lucene import lucene, within
from stratumiops.graph.selection.order import Order
from stratumiops.graph.selection.shapes import bind
from stratumiops.resolvers.engine.scope import Scope
from stratumiops.resolvers.knowledge.ports import Batch, Description, Guidelines, Key, ReadsOneValue

Build = Callable[[Any, str], str]

_RELATION = roots.Projection(
    "",
    "{type: type(r), direction: 'OUT', properties: properties(r), source: properties(s), target: properties(t)}",
)
_REVISION = roots.Projection("", children.REVISION)


class Neo4jReads:
    """`KnowledgeReads` over the platform's graph."""

    def __init__(self, db: ReadsOneValue, scope: Scope) -> None:
        self._db = db
        self._scope = scope

    async def cypher(self, build: Build, described: Description) -> Any:
        """See `KnowledgeReads.cypher`."""
        values: dict[str, Any] = {}
        shape = bind(dict(described), "a", values)
        values["auth"] = list(self._scope.visible)
        return await self._db.read_one(f"CALL () {{ {build(shape, 'f')} }} RETURN f", values)

    async def statement(self, text: str, params: dict[str, Any]) -> Any:
        """See `KnowledgeReads.statement`."""
        return await self._db.read_one(text, params)

    async def node(self, described: Description) -> list[Row]:
        """See `KnowledgeReads.node`."""
        found = await self.cypher(lambda shape, name: roots.node(shape, roots.WHOLE, name), described)
        return cast("list[Row]", found)

    async def page(self, described: Description) -> list[tuple[Any, ...]]:
        """See `KnowledgeReads.page`."""
        order = Order(*described["order"])
        found = await self.cypher(lambda shape, name: roots.page(shape, order, roots.WHOLE, name), described)
        return cast("list[tuple[Any, ...]]", found)

    async def total(self, described: Description) -> int:
        """See `KnowledgeReads.total`."""
        return cast("int", await self.cypher(roots.total, described))

    async def keys(self, described: Description) -> list[Key]:
        """See `KnowledgeReads.keys`."""
        return [(graph, node_id) for graph, node_id in await self.cypher(_keys, described)]

    async def search(self, described: Description) -> list[tuple[float, Row, list[Key], Key]]:
        """See `KnowledgeReads.search`."""
        found = await self.cypher(lambda shape, name: roots.search(shape, roots.WHOLE, name), described)
        return cast("list[tuple[float, Row, list[Key], Key]]", found)

    async def near(self, described: Description) -> list[tuple[int, Row]]:
        """See `KnowledgeReads.near`."""
        found = await self.cypher(lambda shape, name: roots.near(shape, roots.WHOLE, name), described)
        return cast("list[tuple[int, Row]]", found)

    async def path(self, described: Description) -> tuple[list[Row], list[RelationRow]] | None:
        """See `KnowledgeReads.path`."""
        found = await self.cypher(lambda shape, name: roots.path(shape, roots.WHOLE, _RELATION, name), described)
        return (found[0][0], found[0][1]) if found else None

    async def pattern(self, described: Description) -> list[RelationRow]:
        """See `KnowledgeReads.pattern`."""
        found = await self.cypher(lambda shape, name: roots.pattern(shape, _RELATION, name), described)
        return cast("list[RelationRow]", found)

    async def graph_slice(self, described: Description) -> list[Any]:
        """See `KnowledgeReads.graph_slice`."""
        return cast("list[Any]", await self.cypher(_whole_slice, described))

    async def history(self, described: Description) -> list[list[RevisionRow]]:
        """See `KnowledgeReads.history`."""
        found = await self.cypher(lambda shape, name: roots.history(shape, _REVISION, name), described)
        return cast("list[list[RevisionRow]]", found)

    async def tags(self, described: Description) -> list[tuple[str, int]]:
        """See `KnowledgeReads.tags`."""
        return [(tag, uses) for tag, uses in await self.cypher(roots.tags, described)]

    async def growth(self, described: Description) -> list[tuple[str, str, int]]:
        """See `KnowledgeReads.growth`."""
        return [(period, kind, nodes) for period, kind, nodes in await self.cypher(roots.growth, described)]

    async def graphs(self, names: Sequence[str]) -> list[tuple[Row, list[tuple[str, int]], int]]:
        """See `KnowledgeReads.graphs`."""
        rows = await self.cypher(roots.graphs, {"names": list(names)})
        return [(held, [(graph, priority) for graph, priority in inherits], nodes) for held, inherits, nodes in rows]

    async def server(self, names: Sequence[str]) -> tuple[int | None, str, str, int]:
        """See `KnowledgeReads.server`."""
        schema, product, version, nodes = await self.cypher(roots.server, {"names": list(names)})
        return schema, product, version, nodes

    async def nodes_by_id(self, graph: str, ids: Sequence[str]) -> list[Row]:
        """See `KnowledgeReads.nodes_by_id`."""
        return cast("list[Row]", await self.cypher(roots.nodes_by_id, {"graph": graph, "ids": list(ids)}))

    async def relation(self, described: Description) -> RelationRow | None:
        """See `KnowledgeReads.relation`."""
        return cast("RelationRow | None", await self.cypher(roots.relation, described))

    async def guidelines(self, graphs: Sequence[str], topic: str | None) -> Guidelines:
        """See `KnowledgeReads.guidelines`."""
        described: dict[str, Any] = {"graphs": list(graphs)} | (
            {"query": within(lucene(topic), tuple(graphs))} if topic else {}
        )
        return cast("Guidelines", await self.cypher(guidelines, described))

    def related(self, described: Description) -> Batch:
        """See `KnowledgeReads.related`."""
        return self._batch(children.related, described)

    def relations(self, described: Description) -> Batch:
        """See `KnowledgeReads.relations`."""
        return self._batch(children.relations, described)

    def relation_count(self, described: Description) -> Batch:
        """See `KnowledgeReads.relation_count`."""
        return self._batch(children.relation_count, described)

    def states(self, described: Description) -> Batch:
        """See `KnowledgeReads.states`."""
        return self._batch(children.history, described)

    def _batch(self, build: Callable[[Any], str], described: Description) -> Batch:
        values: dict[str, Any] = {}
        shape = bind(dict(described), "a", values)
        text = children.batched(shape, build(shape))

        async def load(keys: Sequence[Key]) -> Mapping[Key, Any]:
            params = {**values, "auth": list(self._scope.visible), "keys": [list(key) for key in keys]}
            rows = await self._db.read_one(text, params)
            return {(graph, node_id): value for graph, node_id, value in rows or []}

        return load


def _whole_slice(shape: Any, name: str) -> str:
    return roots.graph_slice(shape, name, columns=roots.SLICE_COLUMNS, edges=True)


def _keys(shape: Any, name: str) -> str:
    return f"{roots.all_nodes(shape)} RETURN collect([n.graph, n.id]) AS {name}"
