"""Breadth-first walks through the graph as of an instant, a level at a time."""

from collections.abc import Mapping
from typing import Any

from stratumiops.graph.models import Direction, RelationType
from stratumiops.resolvers.knowledge.ports import Key
from stratumiops.resolvers.knowledge.reader import Reader
from stratumiops.schema.graphs import GraphPath, Neighbour
from stratumiops.schema.knowledge import KnowledgeNode, node_of
from stratumiops.schema.relations import Relation

MAX_VISITED = 10_000
"""Nodes that a walk visits at the most."""


def _key(node: KnowledgeNode) -> Key:
    return node.graph, node.id


async def _level(
    reader: Reader, level: list[KnowledgeNode], types: tuple[RelationType, ...], direction: Direction
) -> list[tuple[KnowledgeNode, Relation]]:
    """Each relation that leaves the level, with the node it was reached from."""
    import asyncio

    wanted = list(types) or None
    found = await asyncio.gather(
        *(reader.relations(node, types=wanted, direction=direction, first=1_000) for node in level)
    )
    return [(node, relation) for node, links in zip(level, found, strict=True) for relation in links]


async def neighbours_as_of(reader: Reader, start: Mapping[str, Any], described: Mapping[str, Any]) -> list[Neighbour]:
    """What `neighbours` answers, as of an instant."""
    origin = node_of(dict(start), described["as_of"])
    seen: dict[Key, tuple[int, KnowledgeNode]] = {_key(origin): (0, origin)}
    level = [origin]
    for distance in range(1, described["depth"][0] + 1):
        following = []
        for _, relation in await _level(reader, level, described["types"], described["direction"]):
            if _key(relation.node) not in seen and len(seen) < MAX_VISITED:
                seen[_key(relation.node)] = (distance, relation.node)
                following.append(relation.node)
        level = following
    matching = await _matching(reader, described)
    near = [
        (distance, node.id, node.graph, node)
        for key, (distance, node) in seen.items()
        if distance and (matching is None or key in matching)
    ]
    near.sort(key=lambda item: item[:3])
    return [Neighbour(node=node, distance=distance) for distance, _, _, node in near[: described["first"]]]


async def _matching(reader: Reader, described: Mapping[str, Any]) -> set[Key] | None:
    """Keys of the nodes that satisfy `where`; None: all do."""
    if not described.get("where"):
        return None
    wanted = {key: described[key] for key in ("as_of", "where")}
    wanted["graphs"] = list(reader.scope.visible)
    return set(await reader.reads.keys(wanted))


async def path_as_of(
    reader: Reader, start: KnowledgeNode, end: KnowledgeNode, described: Mapping[str, Any]
) -> GraphPath | None:
    """What `path` answers, as of an instant."""
    came: dict[Key, tuple[KnowledgeNode, Relation] | None] = {_key(start): None}
    level = [start]
    for _ in range(described["max_depth"][0]):
        if _key(end) in came or len(came) > MAX_VISITED:
            break
        following = []
        for node, relation in await _level(reader, level, described["types"], described["direction"]):
            if _key(relation.node) not in came:
                came[_key(relation.node)] = (node, relation)
                following.append(relation.node)
        level = following
    return _retraced(end, came)


def _retraced(end: KnowledgeNode, came: dict[Key, tuple[KnowledgeNode, Relation] | None]) -> GraphPath | None:
    if _key(end) not in came:
        return None
    nodes, relations = [end], []
    step = came[_key(end)]
    while step is not None:
        nodes.append(step[0])
        relations.append(_forward(step[1]))
        step = came[_key(step[0])]
    return GraphPath(length=len(relations), nodes=nodes[::-1], relations=relations[::-1])


def _forward(relation: Relation) -> Relation:
    """A relation of a path has no near end: it is shown from its source."""
    relation.direction, relation.node = Direction.OUT, relation.target
    return relation
