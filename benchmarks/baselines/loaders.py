"""Statements and DataLoader functions of the plain strawberry baseline."""

from typing import Any

from neo4j import AsyncDriver, AsyncManagedTransaction

_ANY = "RELATES_TO|DEPENDS_ON|IMPLEMENTS|EXTENDS|SUPERSEDES|EXPLAINS"

_RELATIONS = f"""
UNWIND $keys AS key
MATCH (n:KnowledgeNode {{graph: key[0], id: key[1]}})-[r:{_ANY}]->(t)
RETURN key, type(r) AS type, r.weight AS weight, t AS target ORDER BY t.id
"""
_DEPENDS_ON = """
UNWIND $keys AS key
MATCH (n:KnowledgeNode {graph: key[0], id: key[1]})
CALL (n) { MATCH (n)-[:DEPENDS_ON]->(t) WITH t ORDER BY t.id RETURN collect(t) AS ts }
UNWIND ts[..toInteger(key[2])] AS t
RETURN key, t AS target
"""
EDGES_AMONG = f"""
MATCH (s:KnowledgeNode)-[r:{_ANY}]->(t:KnowledgeNode)
WHERE s.graph = $graph AND s.id IN $ids AND t.id IN $ids
RETURN s.id AS source, t.id AS target, type(r) AS type
"""
CREATE = """
MATCH (g:Graph {name: $graph})
UNWIND $rows AS row
CREATE (n:KnowledgeNode:Note) SET n = row
CREATE (g)-[:CONTAINS]->(n)
WITH collect(n) AS ns
CREATE (:OutboxEvent:OutboxPending {id: $event, at: $at, graph: $graph, op: 'node.created',
  ids: [n IN ns | n.id], types: [n IN ns | n.type], revs: [n IN ns | n.rev], actor: 'local'})
WITH ns UNWIND ns AS n RETURN n
"""


class _Loader:
    """Rows of one statement, grouped by the key they were asked for."""

    statement = ""

    def __init__(self, driver: AsyncDriver) -> None:
        self._driver = driver

    async def __call__(self, keys: list[tuple[Any, ...]]) -> list[list[Any]]:
        async def work(transaction: AsyncManagedTransaction) -> list[Any]:
            result = await transaction.run(self.statement, keys=[list(key) for key in keys])
            return [record async for record in result]

        async with self._driver.session() as session:
            rows = await session.execute_read(work)
        grouped: dict[tuple[Any, ...], list[Any]] = {key: [] for key in keys}
        for row in rows:
            grouped[tuple(row["key"])].append(self.value(row))
        return [grouped[key] for key in keys]

    def value(self, row: Any) -> Any:
        """What of a row is handed out."""
        return row


class Relations(_Loader):
    """Outgoing relations by (graph, id), in order of the target's id."""

    statement = _RELATIONS


class DependsOn(_Loader):
    """What a node depends on by (graph, id, limit), in order of id."""

    statement = _DEPENDS_ON

    def value(self, row: Any) -> Any:
        """The node."""
        return row["target"]
