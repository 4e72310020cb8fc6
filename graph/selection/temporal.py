"""How the present is matched, and how the graph as of an instant is.

The present: `:KnowledgeNode` and relations of the six types; nothing past carries those names, so nothing is
filtered. As of an instant: the current state when it is old enough, else the `:Revision` that held then, and
relations that held then, ended (`WAS_…`) or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from stratumiops.graph.models import Direction, RelationType


def _pattern(types: Sequence[RelationType], *, past: bool) -> str:
    names = [t.name for t in types or tuple(RelationType)]
    return "|".join(names + [t.ended for t in types or tuple(RelationType)] if past else names)


def arrows(direction: Direction, middle: str) -> str:
    """A relationship pattern in this direction."""
    left = "<-" if direction is Direction.IN else "-"
    right = "->" if direction is Direction.OUT else "-"
    return f"{left}[{middle}]{right}"


@dataclass(frozen=True, slots=True)
class Present:
    """Now."""

    def all_nodes(self, var: str, where: Sequence[str]) -> str:
        """MATCH that binds every node that satisfies the predicates (written for `var`)."""
        return f"MATCH ({var}:KnowledgeNode) WHERE {' AND '.join(where)}"

    def step(
        self,
        near: str,
        rel: str,
        far: str,
        types: Sequence[RelationType],
        direction: Direction,
        where: Sequence[str],
    ) -> str:
        """MATCH that goes from a bound node over relations to nodes that satisfy the predicates."""
        arrow = arrows(direction, f"{rel}:{_pattern(types, past=False)}")
        return f"MATCH ({near}){arrow}({far}) WHERE {' AND '.join(where)}"

    def same(self, near: str, end: str) -> str:
        """Predicate: the end of a relation is the near node itself."""
        return f"{end} = {near}"

    def type_of(self, rel: str) -> str:
        """Expression: the name of a relation's type."""
        return f"type({rel})"

    def unique(self, types: Sequence[RelationType], direction: Direction) -> bool:
        """Whether `step` cannot reach a node twice."""
        return len(types) == 1 and direction is not Direction.BOTH


@dataclass(frozen=True, slots=True)
class AsOf:
    """At the instant in the parameter `at` (`$…`)."""

    at: str

    def _visible(self, var: str) -> str:
        return (
            f"(({var}:KnowledgeNode AND {var}.updated_at <= {self.at}) OR "
            f"({var}:Revision AND {var}.valid_from <= {self.at} AND {var}.valid_to > {self.at}))"
        )

    def all_nodes(self, var: str, where: Sequence[str]) -> str:
        """See `Present.all_nodes`."""
        rest = "".join(f" AND {p}" for p in where)
        return (
            f"CALL () {{ MATCH ({var}:KnowledgeNode) WHERE {var}.updated_at <= {self.at}{rest} RETURN {var} "
            f"UNION ALL MATCH ({var}:Revision) WHERE {var}.id IS NOT NULL AND {var}.valid_from <= {self.at} "
            f"AND {var}.valid_to > {self.at}{rest} RETURN {var} }}"
        )

    def step(
        self,
        near: str,
        rel: str,
        far: str,
        types: Sequence[RelationType],
        direction: Direction,
        where: Sequence[str],
    ) -> str:
        """See `Present.step`; near and far are states, the relation joins the nodes behind them."""
        arrow = arrows(direction, f"{rel}:{_pattern(types, past=True)}")
        entity = f"{near}_e"
        return (
            f"MATCH ({near})<-[:HAS_REVISION*0..1]-({entity}){arrow}({far}_e)-[:HAS_REVISION*0..1]->({far}) "
            f"WHERE NOT {entity}:Revision AND {rel}.valid_from <= {self.at} "
            f"AND ({rel}.valid_to IS NULL OR {rel}.valid_to > {self.at}) AND {self._visible(far)} "
            f"AND {' AND '.join(where)}"
        )

    def same(self, near: str, end: str) -> str:
        """See `Present.same`."""
        return f"{end}.id = {near}.id AND {end}.graph = {near}.graph"

    def type_of(self, rel: str) -> str:
        """See `Present.type_of`."""
        return f"replace(type({rel}), 'WAS_', '')"

    def unique(self, types: Sequence[RelationType], direction: Direction) -> bool:
        """See `Present.unique`."""
        del types, direction
        return False


Temporal = Present | AsOf
