"""Every Cypher statement of the embedding job.

Names of indexes and of the properties that hold vectors are part of the text, for Cypher takes no parameter
there. They are made of a family (`options.FAMILY`) and a number, never of anything else.
"""

from typing import Final

GENERATIONS: Final = "MATCH (e:EmbeddingIndex {family: $family}) RETURN properties(e) AS generation ORDER BY e.serial"
CREATE: Final = "MERGE (e:EmbeddingIndex {name: $generation.name}) ON CREATE SET e = $generation"
TAKE_OVER: Final = (
    "MATCH (e:EmbeddingIndex {family: $family}) SET e.lock = 1 REMOVE e.lock\n"
    "WITH collect(e) AS all WHERE any(e IN all WHERE e.name = $name AND e.state = 'building')\n"
    "UNWIND all AS e SET e.state = CASE WHEN e.name = $name THEN 'serving' ELSE 'retired' END"
)
"""A generation that is whole serves, all others retire, in one transaction. Parameters: family, name."""
RETIRE: Final = "MATCH (e:EmbeddingIndex {name: $name}) SET e.state = 'retired'"
FORGET: Final = "MATCH (e:EmbeddingIndex {name: $name, state: 'retired'}) DELETE e"
DROP_CHUNKS: Final = "MATCH (c:Chunk {index: $name}) WITH c LIMIT $limit DETACH DELETE c RETURN count(*) AS gone"

VECTOR_INDEXES: Final = (
    "SHOW VECTOR INDEXES YIELD name, properties, options WHERE name STARTS WITH $start"
    " RETURN name, properties[0] AS property, options.indexConfig['vector.dimensions'] AS dimensions"
)
AWAIT_INDEXES: Final = "CALL db.awaitIndexes(300)"


def create_index(name: str, prop: str, dimensions: int) -> str:
    """The vector index of one generation; exact vectors, filtered by graph and type inside the index."""
    return (
        f"CYPHER 25 CREATE VECTOR INDEX {name} IF NOT EXISTS FOR (c:Chunk) ON c.{prop} WITH [c.graph, c.type]\n"
        f"OPTIONS {{indexConfig: {{`vector.dimensions`: {int(dimensions)},"
        " `vector.similarity_function`: 'cosine', `vector.quantization.type`: 'NONE'}}"
    )


def drop_index(name: str) -> str:
    """Take a vector index away."""
    return f"DROP INDEX {name} IF EXISTS"


ANYTHING: Final = (
    "MATCH (g:Graph) WHERE $graphs = [] OR g.name IN $graphs WITH g WHERE EXISTS { (g)-[:CONTAINS]->() }"
    " RETURN true LIMIT 1"
)
"""Whether there is anything to embed at all."""

_DONE: Final = "EXISTS { MATCH (n)<-[:CHUNK_OF]-(c:Chunk) WHERE c.index = $index AND c.rev = n.rev }"
SCAN: Final = (
    "MATCH (n:KnowledgeNode) WHERE n.graph = $graph AND n.id > $after\n"
    "WITH n ORDER BY n.graph, n.id LIMIT $limit\n"
    f"WITH collect([n.id, {_DONE}]) AS seen\n"
    "RETURN [seen[-1][0], [x IN seen WHERE NOT x[1] | x[0]]]"
)
"""[last id seen, ids that have no chunks of their revision], a page of a graph. Parameters: graph, after, limit,
index."""
GRAPHS: Final = "MATCH (g:Graph) WHERE $graphs = [] OR g.name IN $graphs RETURN collect(g.name)"
COUNT_PENDING: Final = (
    f"MATCH (n:KnowledgeNode) WHERE n.graph IN $graphs AND n.updated_at IS NOT NULL AND NOT {_DONE} RETURN count(n)"
)
COUNT_CHUNKS: Final = "MATCH (c:Chunk) WHERE c.index = $index AND c.graph IN $graphs RETURN count(c)"

READ: Final = (
    f"UNWIND $keys AS key MATCH (n:KnowledgeNode {{graph: key[0], id: key[1]}}) WHERE NOT {_DONE}\n"
    "RETURN collect([n.graph, n.id, n.rev, n.type, n.title, n.content, COLLECT {\n"
    "  MATCH (n)<-[:CHUNK_OF]-(c:Chunk) WHERE c.index = $index RETURN c.id }])"
)
"""What is to be cut and embedded, done ones left out, with ids of chunks that are there. Parameters: keys, index."""


def write(prop: str) -> str:
    """Replace the chunks of nodes that still have the revision they were cut from.

    Parameters: index, rows (maps of graph, id, rev, type, keep (maps of id and values), make (maps of id, values
    and vector)).
    """
    return (
        "UNWIND $rows AS row\n"
        "MATCH (n:KnowledgeNode {graph: row.graph, id: row.id}) WHERE n.rev = row.rev\n"
        "CALL (n, row) { MATCH (n)<-[:CHUNK_OF]-(c:Chunk) WHERE c.index = $index"
        " AND NOT c.id IN [k IN row.keep | k.id] AND NOT c.id IN [m IN row.make | m.id]"
        " DETACH DELETE c RETURN count(*) AS gone }\n"
        "CALL (n, row) { UNWIND row.keep AS k MATCH (c:Chunk {graph: n.graph, id: k.id}) SET c += k.values"
        " RETURN count(*) AS kept }\n"
        "CALL (n, row) { UNWIND row.make AS m MERGE (c:Chunk {graph: n.graph, id: m.id})"
        f" SET c = m.values, c.{prop} = m.vector MERGE (c)-[:CHUNK_OF]->(n) RETURN count(*) AS made }}\n"
        "RETURN sum(made) AS made, count(*) AS nodes"
    )


CLEAN: Final = (
    "UNWIND $keys AS key MATCH (t:Tombstone {graph: key[0], id: key[1]})<-[:CHUNK_OF]-(c:Chunk)\n"
    "DETACH DELETE c RETURN count(*) AS gone"
)
"""Chunks of nodes that were deleted. Parameters: keys."""
ORPHANS: Final = (
    "MATCH (c:Chunk) WHERE c.index = $index AND c.graph IS NOT NULL"
    " AND NOT EXISTS { (c)-[:CHUNK_OF]->(:KnowledgeNode) }\n"
    "WITH c LIMIT $limit DETACH DELETE c RETURN count(*) AS gone"
)
"""Chunks whose node is gone. Parameters: index, limit."""

TAKE_LEASE: Final = (
    "MERGE (l:EmbeddingLease {name: $name}) ON CREATE SET l.holder = $holder, l.held_until = 0\n"
    "SET l.lock = 1 REMOVE l.lock\n"
    "WITH l WHERE l.holder = $holder OR l.held_until < timestamp()\n"
    "SET l.holder = $holder, l.held_until = timestamp() + $lease RETURN true AS taken"
)
DROP_LEASE: Final = "MATCH (l:EmbeddingLease {name: $name, holder: $holder}) SET l.held_until = 0"
