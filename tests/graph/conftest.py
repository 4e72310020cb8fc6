"""Fixtures of the store's tests."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest

from stratumiops.graph.models import Edge, Node, NodeType, RelationType
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.knowledge import KnowledgeWriter

FreshGraph = Callable[[], AbstractAsyncContextManager[str]]
NewNode = Callable[..., Node]
NewEdge = Callable[..., Edge]


@pytest.fixture
def writer(database: Database) -> KnowledgeWriter:
    return KnowledgeWriter(database)


@pytest.fixture
def node(graph_name: str) -> NewNode:
    """Makes nodes of the test's graph: `node("id", title=…)`."""

    def make(node_id: str = "", **values: object) -> Node:
        given = {"type": NodeType.DECISION, "title": f"Title of {node_id or 'it'}", **values}
        return Node(id=node_id, graph=graph_name, **given)  # type: ignore[arg-type]

    return make


@pytest.fixture
def edge(graph_name: str) -> NewEdge:
    """Makes relations of the test's graph: `edge("a", "b", weight=…)`."""

    def make(source: str, target: str, **values: object) -> Edge:
        given = {"relation": RelationType.DEPENDS_ON, **values}
        return Edge(graph=graph_name, source=source, target=target, **given)  # type: ignore[arg-type]

    return make
