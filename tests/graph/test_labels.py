"""The declared model, the migrations, and what the write paths really store: three views of one thing."""

import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest

from stratumiops.graph.models import EXTRA_FIELDS, NodeType, RelationType
from stratumiops.graph.secret_references import SecretReference
from stratumiops.graph.store import labels
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.knowledge import KnowledgeWriter
from stratumiops.graph.store.records import NODE_PROPERTIES
from stratumiops.graph.store.registry import GraphRegistry
from stratumiops.graph.store.secrets import SecretUses

from .conftest import NewEdge, NewNode

MODEL = labels.declared()
FOREIGN = {"MigrationTurn", "RestoreMarker"}
"""Labels of nodes that live only while a migration or a restore runs."""
VAULT = "Svault"
"""How labels of a vault begin that keeps what it has in the same store."""


async def test_constraints_are_those_declared(database: Database) -> None:
    rows = await database.read(
        "SHOW CONSTRAINTS YIELD labelsOrTypes, properties, type WHERE type CONTAINS 'UNIQUE' "
        "AND NOT labelsOrTypes[0] STARTS WITH $vault RETURN labelsOrTypes[0] AS label, properties",
        {"vault": VAULT},
    )
    made = {(row["label"], tuple(row["properties"])) for row in rows}
    wanted = {
        (label, key)
        for label, model in MODEL.items()
        for key in model.unique
        if label not in {kind.label for kind in NodeType}
    }
    assert made == wanted


async def test_indexes_are_on_declared_properties(database: Database) -> None:
    rows = await database.read(
        "SHOW INDEXES YIELD type, labelsOrTypes, properties WHERE type <> 'LOOKUP' "
        "AND NOT labelsOrTypes[0] STARTS WITH $vault RETURN type, labelsOrTypes[0] AS label, properties",
        {"vault": VAULT},
    )
    assert {row["type"] for row in rows} == {"RANGE", "FULLTEXT", "VECTOR"}
    for row in rows:
        named = {name for name in row["properties"] if not labels.VECTORS.fullmatch(name)}
        assert named <= set(labels.properties(MODEL[row["label"]])), row


async def test_the_vector_index_is_exact(database: Database) -> None:
    row = (
        await database.read("SHOW VECTOR INDEXES YIELD name, options WHERE name = 'knowledge_vector' RETURN options")
    )[0]
    config = row["options"]["indexConfig"]
    assert config["vector.dimensions"] == 384
    assert config["vector.similarity_function"].lower() == "cosine"
    assert config["vector.quantization.type"] == "NONE"


def test_the_declared_model_is_that_of_the_domain() -> None:
    assert {kind.label for kind in NodeType} <= set(MODEL)
    for kind in NodeType:
        assert set(labels.properties(MODEL[kind.label])) == set(NODE_PROPERTIES)
        for relation in RelationType:
            assert {relation.name, relation.ended} <= set(labels.relations(MODEL[kind.label]))
    assert {name for names in EXTRA_FIELDS.values() for name in names} <= set(NODE_PROPERTIES)


@pytest.fixture
async def everything(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode, edge: NewEdge
) -> AsyncIterator[str]:
    """A graph in which every write path has been used; its name."""
    extra: dict[NodeType, dict[str, Any]] = {
        NodeType.DECISION: {"status_raw": "Accepted", "deciders": ["ada"]},
        NodeType.GUIDELINE: {"priority": 1, "topic": "names", "overrides": ["note"]},
        NodeType.EXECUTION: {
            "project": "p", "task_type": "t", "agent_id": "a", "duration_ms": 1, "tokens_used": 2, "cost_cents": 2.5,
        },
    }  # fmt: skip
    nodes = [
        node(kind.value, type=kind, extra=extra.get(kind, {}), tags=("t",), status="s", date="2026-01-01",
             path="a/b.md", metadata={"a": 1}, embedding=[0.5] * 384)
        for kind in NodeType
    ]  # fmt: skip
    edges = [edge("note", "decision", relation=relation) for relation in RelationType]
    await writer.create_nodes([*nodes, node("gone"), node("back")], edges, actor="ada", idempotency_key=graph_name)
    await writer.update_node(graph_name, "decision", 1, {"title": "New", "status": None}, actor="ada")
    await writer.link(edge("gone", "back"), actor="ada")
    await writer.link(edge("note", "pattern"), actor="ada")
    await writer.link(edge("note", "pattern", weight=2), actor="ada")
    await writer.unlink(edge("note", "pattern"), actor="ada")
    for node_id in ("gone", "back"):
        await writer.delete_node(graph_name, node_id, actor="ada")
    await writer.undelete_node(graph_name, "back", actor="ada")
    await SecretUses(database).use(graph_name, "note", SecretReference(f"{graph_name}/app", "key"), actor="ada")
    registry = GraphRegistry(database)
    await registry.load()
    await registry.update(graph_name, 1, actor="ada", inherits={"default": 7})
    yield graph_name
    await database.write("MATCH (s:Secret {mount: $graph + '/'}) DETACH DELETE s", {"graph": graph_name})


async def test_what_is_stored_fits_the_declared_model(database: Database, everything: str) -> None:
    rows = await database.read(
        "MATCH (n) WHERE n.graph = $graph OR n.name = $graph OR n.key = $graph"
        " OR n:WriteGate OR n:OutboxCounter OR n:SchemaVersion OR (n:Secret AND n.mount = $graph + '/')"
        " RETURN labels(n) AS labels, properties(n) AS properties",
        {"graph": everything},
    )
    seen = {label for row in rows for label in row["labels"]}
    seldom = {"Document", "Block", "Conflict", "OutboxPending", "TextProfile", "Suggestion", "ImportJob", "SavedView"}
    seldom |= {"Chunk", "EmbeddingIndex", "EmbeddingLease", "VaultAudit", "VaultAuditDevice"}
    assert set(MODEL) - seen <= seldom
    for row in rows:
        model = most_special(row["labels"])
        assert set(row["labels"]) - labels.MARKS == set(model.inherited_labels()), row["labels"]
        assert disagreements(labels.properties(model), row["properties"]) == [], row
    await database.write("MATCH (i:Idempotency {key: $key}) DELETE i", {"key": everything})


async def test_relations_that_are_stored_fit_the_declared_model(database: Database, everything: str) -> None:
    rows = await database.read(
        "MATCH (s)-[r]->(t) WHERE s.graph = $graph OR s.name = $graph"
        " RETURN labels(s) AS source, type(r) AS type, labels(t) AS target, properties(r) AS properties",
        {"graph": everything},
    )
    assert {row["type"] for row in rows} >= {
        "CONTAINS", "HAS_REVISION", "INHERITS", "USES_SECRET", *(r.name for r in RelationType), "WAS_DEPENDS_ON",
    }  # fmt: skip
    for row in rows:
        source = most_special(row["source"])
        declared = labels.relations(source)[row["type"]]
        assert disagreements(declared.properties, row["properties"]) == [], row
        if row["type"] not in source.loose:
            assert declared.other in row["target"], row


def test_nothing_but_this_loads_neomodel() -> None:
    modules = "stratumiops.graph.store.knowledge, stratumiops.graph.store.migrations, stratumiops.graph.adapters.neo4j"
    code = f"import sys, {modules}; sys.exit('neomodel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def most_special(names: list[str]) -> type[labels.Declared]:
    models = [MODEL[name] for name in names if name not in labels.MARKS]
    return max(models, key=lambda model: len(model.inherited_labels()))


def disagreements(declared: dict[str, Any], stored: dict[str, Any]) -> list[str]:
    """Properties that are not declared, of another type, or missing though required."""
    found = [f"{name} is not declared" for name in stored if name not in declared]
    found += [f"{name} is missing" for name, kind in declared.items() if kind.required and stored.get(name) is None]
    for name in declared.keys() & stored.keys():
        inflated = declared[name].inflate(stored[name], None)
        if inflated != stored[name] or (type(inflated) is not type(stored[name]) and not isinstance(inflated, float)):
            found.append(f"{name} is {stored[name]!r}")
    return found
