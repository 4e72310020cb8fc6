"""Statements about named graphs."""

from typing import Final

ALL_GRAPHS: Final = (
    "MATCH (g:Graph)\n"
    "RETURN g.name AS name, g.title AS title, g.description AS description, g.priority AS priority,"
    " g.created_at AS created_at, g.updated_at AS updated_at, g.rev AS rev,"
    " [(g)-[i:INHERITS]->(p:Graph) | {name: p.name, priority: i.priority}] AS inherits"
)
STAMP: Final = (
    "MATCH (g:Graph) WITH count(*) AS n, sum(g.rev) AS revs, max(g.updated_at) AS last"
    " RETURN toString(n) + ' ' + toString(revs) + ' ' + coalesce(last, '')"
)
"""Changes whenever a graph is made, changed or removed."""

_OUTBOX: Final = (
    "CREATE (:OutboxEvent:OutboxPending {id: $event_id, graph: $name, actor: $actor, at: $at,"
    " op: 'graph.changed', ids: [$name], types: [], revs: [%s]})\n"
)

CREATE_GRAPH: Final = (
    "CREATE (g:Graph {name: $name, title: $title, description: $description, priority: $priority,"
    " created_at: $at, updated_at: $at, rev: 1})\n"
    + _OUTBOX
    % "1"
    + "WITH g UNWIND $parents AS parent MATCH (p:Graph {name: parent.name})"
    " CREATE (g)-[:INHERITS {priority: parent.priority}]->(p)"
)

UPDATE_GRAPH: Final = (
    # Every change of inheritance locks the default graph, so that two of them cannot close a circle.
    "MATCH (d:Graph {name: 'default'}) SET d.lock = 1 REMOVE d.lock\n"
    "WITH d MATCH (g:Graph {name: $name}) SET g.lock = 1 REMOVE g.lock\n"
    "WITH g WHERE g.rev = $rev\n"
    "WITH g, any(parent IN coalesce($parents, []) WHERE EXISTS {"
    " MATCH (p:Graph {name: parent.name})-[:INHERITS]->*(g) }) AS circle\n"
    "FOREACH (_ IN CASE WHEN circle THEN [] ELSE [1] END |\n"
    "  SET g += $changes, g.rev = $rev + 1, g.updated_at = $at\n  " + _OUTBOX % "$rev + 1" + ")\n"
    "WITH g, circle\n"
    "CALL (g, circle) { WITH * WHERE NOT circle AND $parents IS NOT NULL"
    " MATCH (g)-[old:INHERITS]->() DELETE old RETURN count(*) AS ended }\n"
    "CALL (g, circle) { WITH * WHERE NOT circle UNWIND $parents AS parent"
    " MATCH (p:Graph {name: parent.name}) CREATE (g)-[:INHERITS {priority: parent.priority}]->(p)"
    " RETURN count(*) AS made }\n"
    "RETURN circle"
)

DELETE_GRAPH: Final = (
    "MATCH (g:Graph {name: $name}) SET g.lock = 1 REMOVE g.lock\n"
    "WITH g WHERE $rev IS NULL OR g.rev = $rev\n"
    "WITH g, g.rev AS rev, COUNT { (g)-[:CONTAINS]->() } AS nodes, COUNT { (g)<-[:INHERITS]-() } AS heirs\n"
    "FOREACH (_ IN CASE WHEN nodes = 0 AND heirs = 0 THEN [1] ELSE [] END |\n"
    "  DETACH DELETE g\n  " + _OUTBOX % "rev" + ")\n"
    "WITH nodes, heirs CALL (nodes, heirs) { WITH * WHERE nodes = 0 AND heirs = 0"
    " MATCH (v:SavedView {graph: $name}) DELETE v RETURN count(*) AS views }\n"
    "RETURN nodes, heirs"
)
