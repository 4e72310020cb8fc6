"""Statements about saved views. A view for all graphs has the graph ''."""

from typing import Final

PAGE: Final = (
    "MATCH (v:SavedView) WHERE v.graph IN $graphs\n"
    "WITH v ORDER BY v.name, v.graph RETURN collect(properties(v)) AS views"
)
GET: Final = "MATCH (v:SavedView {id: $id}) WHERE v.graph IN $graphs RETURN properties(v) AS view"

CREATE: Final = (
    "MATCH (g:Graph {name: $lock}) SET g.lock = 1 REMOVE g.lock\n"
    "WITH g, COUNT { MATCH (v:SavedView {graph: $view.graph}) } AS held,"
    " EXISTS { MATCH (v:SavedView {graph: $view.graph, name: $view.name}) } AS taken\n"
    "FOREACH (_ IN CASE WHEN taken OR held >= $most THEN [] ELSE [1] END | CREATE (v:SavedView) SET v = $view)\n"
    "RETURN held, taken"
)
"""No row: there is no graph of the name `lock`."""

UPDATE: Final = (
    "MATCH (v:SavedView {id: $id}) SET v.lock = 1 REMOVE v.lock\n"
    "WITH v WHERE v.rev = $rev\n"
    "WITH v, EXISTS { MATCH (o:SavedView {graph: v.graph, name: $changes.name}) WHERE o.id <> $id } AS taken\n"
    "FOREACH (_ IN CASE WHEN taken THEN [] ELSE [1] END | SET v += $changes, v.rev = $rev + 1)\n"
    "RETURN taken, properties(v) AS view"
)
"""No row: it is deleted, or has another revision."""

DELETE: Final = (
    "MATCH (v:SavedView {id: $id}) SET v.lock = 1 REMOVE v.lock\n"
    "WITH v WHERE $rev IS NULL OR v.rev = $rev\n"
    "DELETE v RETURN true AS gone"
)
