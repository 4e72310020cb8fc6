"""The vector index finds what an exact search finds, whatever else is in it."""

import numpy as np

from stratumiops.graph.adapters.neo4j import Neo4jStorage
from stratumiops.graph.models import EMBEDDING_DIMENSIONS, Node, NodeType
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.knowledge import KnowledgeWriter

from .conftest import FreshGraph

NODES = 1_500
QUERIES = 40


async def test_recall_at_10(
    database: Database, writer: KnowledgeWriter, graph_name: str, fresh_graph: FreshGraph
) -> None:
    vectors = clustered(2 * NODES + QUERIES)
    mine, others, queries = vectors[:NODES], vectors[NODES : 2 * NODES], vectors[2 * NODES :]
    async with fresh_graph() as other_graph:
        for graph, some in ((graph_name, mine), (other_graph, others)):
            nodes = [
                Node(id=f"n{i}", graph=graph, type=NodeType.NOTE, title="t", embedding=vector.tolist())
                for i, vector in enumerate(some)
            ]
            await writer.create_nodes(nodes, actor="ada")
        storage = Neo4jStorage(database, writer)
        found = 0
        for query in queries:
            exact = {f"n{i}" for i in np.argsort(-(mine @ query))[:10]}
            hits = await storage.semantic_search(graph_name, query.tolist(), 10)
            assert len(hits) == 10
            found += len(exact & {hit.node.id for hit in hits})
    assert found / (10 * QUERIES) >= 0.95


def clustered(count: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Unit vectors around 30 centres, as texts on 30 topics are."""
    random = np.random.default_rng(7)
    centres = random.normal(size=(30, EMBEDDING_DIMENSIONS))
    vectors = centres[random.integers(30, size=count)] + 0.8 * random.normal(size=(count, EMBEDDING_DIMENSIONS))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)  # type: ignore[no-any-return]
