"""Named graphs: inheritance, priorities, circles, other processes."""

import asyncio
import secrets
from collections.abc import AsyncIterator

import pytest

from stratumiops.graph.errors import BadInput, Conflict, NotFound
from stratumiops.graph.models import NodeType
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.knowledge import KnowledgeWriter
from stratumiops.graph.store.registry import GraphRegistry

from .conftest import NewNode


@pytest.fixture
async def names(database: Database) -> AsyncIterator[list[str]]:
    """Six free names of graphs, sorted; what was made under them goes when the test ends."""
    prefix = f"test-{secrets.token_hex(5)}"
    made = [f"{prefix}.{letter}" for letter in "abcdef"]
    yield made
    await database.write("MATCH (g:Graph) WHERE g.name IN $names DETACH DELETE g", {"names": made})


@pytest.fixture
async def registry(database: Database) -> GraphRegistry:
    registry = GraphRegistry(database)
    await registry.load()
    return registry


async def test_the_default_graph_is_there(registry: GraphRegistry) -> None:
    assert "default" in registry.names()
    assert registry.resolve("default") == ("default",)
    with pytest.raises(BadInput, match="default graph stays"):
        await registry.delete("default", actor="ada")


async def test_create_update_delete(registry: GraphRegistry, names: list[str]) -> None:
    made = await registry.create(names[0], actor="ada", title="Ours", description="What we know", priority=3)
    assert (made.title, made.description, made.priority, made.rev, made.inherits) == (
        "Ours", "What we know", 3, 1, (),
    )  # fmt: skip
    with pytest.raises(Conflict, match="a graph of this name exists"):
        await registry.create(names[0], actor="ada")
    changed = await registry.update(names[0], 1, actor="ada", title="Yours")
    assert (changed.title, changed.description, changed.rev) == ("Yours", "What we know", 2)
    with pytest.raises(Conflict, match="has rev 2, not 1"):
        await registry.update(names[0], 1, actor="ada", title="Mine")
    with pytest.raises(Conflict, match="has rev 2, not 1"):
        await registry.delete(names[0], 1, actor="ada")
    await registry.delete(names[0], 2, actor="ada")
    assert names[0] not in registry.names()
    for call in (registry.delete(names[0], actor="ada"), registry.update(names[0], 1, actor="ada", title="x")):
        with pytest.raises(NotFound):
            await call


@pytest.mark.parametrize(
    "name", ["", "A", "ä", "a b", "-a", "a-", "a" * 65, "a/b", "a'}) DETACH DELETE g //", "a\n", "a\0"]
)
async def test_odd_names_are_refused(registry: GraphRegistry, name: str) -> None:
    with pytest.raises(BadInput, match="no name of a graph"):
        await registry.create(name, actor="ada")


async def test_inheritance_is_breadth_first_by_priority_then_name(registry: GraphRegistry, names: list[str]) -> None:
    a, b, c, d, e, f = names
    for name in (f, e):
        await registry.create(name, actor="ada")
    await registry.create(d, actor="ada", inherits={f: 0})
    await registry.create(c, actor="ada", inherits={e: 0, f: 0})
    await registry.create(b, actor="ada", inherits={e: 5})
    await registry.create(a, actor="ada", inherits={b: 1, c: 1, d: 9})
    assert registry.resolve(a) == (a, d, b, c, f, e)
    assert registry.resolve(d) == (d, f)
    await registry.update(a, 1, actor="ada", inherits={b: 1})
    assert registry.resolve(a) == (a, b, e)
    await registry.update(a, 2, actor="ada", inherits={})
    assert registry.resolve(a) == (a,)
    with pytest.raises(NotFound):
        registry.resolve("nobody-made-this")
    with pytest.raises(NotFound):
        await registry.update(a, 3, actor="ada", inherits={"nobody-made-this": 1})


async def test_circles_are_refused(registry: GraphRegistry, names: list[str]) -> None:
    a, b, c = names[:3]
    await registry.create(c, actor="ada")
    await registry.create(b, actor="ada", inherits={c: 0})
    await registry.create(a, actor="ada", inherits={b: 0})
    for inherits in ({a: 0}, {b: 0}, {c: 0}):
        with pytest.raises(BadInput, match="inherit from itself"):
            await registry.update(c, 1, actor="ada", inherits=inherits)
    assert registry.resolve(c) == (c,)


async def test_two_processes_cannot_close_a_circle_together(
    database: Database, registry: GraphRegistry, names: list[str]
) -> None:
    others = [GraphRegistry(database) for _ in names]
    for name in names:
        await registry.create(name, actor="ada")
    for other in others:
        await other.load()
    ring = [
        other.update(name, 1, actor="ada", inherits={following: 0})
        for other, name, following in zip(others, names, [*names[1:], names[0]], strict=True)
    ]
    found = await asyncio.gather(*ring, return_exceptions=True)
    refused = [each for each in found if isinstance(each, BaseException)]
    assert len(refused) == 1
    assert isinstance(refused[0], BadInput)


async def test_a_graph_with_nodes_or_heirs_stays(
    registry: GraphRegistry, names: list[str], graph_name: str, writer: KnowledgeWriter, node: NewNode
) -> None:
    await registry.load()
    await writer.create_nodes([node("a", type=NodeType.NOTE)], actor="ada")
    with pytest.raises(Conflict, match="holds 1 nodes"):
        await registry.delete(graph_name, actor="ada")
    await registry.create(names[0], actor="ada")
    await registry.create(names[1], actor="ada", inherits={names[0]: 0})
    with pytest.raises(Conflict, match="1 inherit"):
        await registry.delete(names[0], actor="ada")


async def test_changes_of_other_processes_are_taken_up(
    database: Database, registry: GraphRegistry, names: list[str]
) -> None:
    other = GraphRegistry(database)
    await other.load()
    await registry.create(names[0], actor="ada")
    with pytest.raises(NotFound):
        other.get(names[0])
    assert await other.refresh_if_changed()
    assert other.get(names[0]).name == names[0]
    await registry.update(names[0], 1, actor="ada", title="New")
    assert await other.refresh_if_changed()
    assert other.get(names[0]).title == "New"
