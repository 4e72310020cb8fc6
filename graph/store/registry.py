"""Named graphs: which there are, and which ones each inherits from.

The registry keeps them in memory, because every read of knowledge asks `resolve`. It is fresh after its own
writes; `refresh_if_changed` takes up what other processes did.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from stratumiops.graph.errors import BadInput, Conflict, NotFound
from stratumiops.graph.ids import utc_now, uuid7
from stratumiops.graph.models import MAX_CONTENT
from stratumiops.graph.store import graph_queries as queries
from stratumiops.graph.store.database import Database
from stratumiops.graph.validation import check_graph_name, check_text, check_title

DEFAULT_GRAPH: Final = "default"
MAX_PARENTS: Final = 50


@dataclass(frozen=True, slots=True)
class GraphInfo:
    """A named graph. `inherits` are pairs of parent and priority, higher priority first, then by name."""

    name: str
    title: str
    description: str
    priority: int
    created_at: str
    updated_at: str
    rev: int
    inherits: tuple[tuple[str, int], ...] = ()


class GraphRegistry:
    """All named graphs of the store, in memory."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._graphs: Mapping[str, GraphInfo] = MappingProxyType({})
        self._resolved: dict[str, tuple[str, ...]] = {}
        self._stamp = ""

    async def load(self) -> None:
        """Read all graphs."""
        rows = await self._db.read(queries.ALL_GRAPHS)
        graphs = {row["name"]: _info(row) for row in rows}
        self._graphs = MappingProxyType(graphs)
        self._resolved = {}
        self._stamp = _stamp(graphs.values())

    async def refresh_if_changed(self) -> bool:
        """Read the graphs again when another process changed one; whether it did."""
        if await self._db.read_one(queries.STAMP) == self._stamp:
            return False
        await self.load()
        return True

    def names(self) -> tuple[str, ...]:
        """All names, sorted."""
        return tuple(sorted(self._graphs))

    def all(self) -> list[GraphInfo]:
        """All graphs by name."""
        return [self._graphs[name] for name in self.names()]

    def get(self, name: str) -> GraphInfo:
        """One graph.

        Raises:
            NotFound: there is none of this name.
        """
        found = self._graphs.get(name)
        if found is None:
            raise NotFound(f"There is no graph {name!r}.", hint="Make it with createGraph.", field="graph")
        return found

    def resolve(self, name: str) -> tuple[str, ...]:
        """The graph and all it inherits from: breadth first, itself first, then by priority, then by name.

        Raises:
            NotFound: there is no graph of this name.
        """
        known = self._resolved.get(name)
        if known is None:
            known = self._resolved[name] = self._walk(name)
        return known

    async def create(
        self,
        name: str,
        *,
        actor: str,
        title: str | None = None,
        description: str = "",
        priority: int = 0,
        inherits: Mapping[str, int] | None = None,
    ) -> GraphInfo:
        """Make a graph.

        Args:
            inherits: the graphs it inherits from, with their priorities.

        Raises:
            BadInput: an illegal name.
            Conflict: it exists.
            NotFound: a parent does not.
        """
        values = {
            "name": check_graph_name(name),
            "title": check_title(title or name),
            "description": check_text(description, "description", MAX_CONTENT),
            "priority": _check_priority(priority),
            **_event(actor),
        }
        parents = self._parents(name, inherits or {})
        await self._db.write(queries.CREATE_GRAPH, {**values, "parents": parents})
        await self.load()
        return self.get(name)

    async def update(
        self,
        name: str,
        rev: int,
        *,
        actor: str,
        title: str | None = None,
        description: str | None = None,
        priority: int | None = None,
        inherits: Mapping[str, int] | None = None,
    ) -> GraphInfo:
        """Change what is given; `inherits` replaces all parents.

        Raises:
            NotFound: no such graph, or no such parent.
            Conflict: it has another `rev` by now.
            BadInput: the inheritance would go in a circle.
        """
        changes: dict[str, Any] = {}
        if title is not None:
            changes["title"] = check_title(title)
        if description is not None:
            changes["description"] = check_text(description, "description", MAX_CONTENT)
        if priority is not None:
            changes["priority"] = _check_priority(priority)
        await self.load()
        parents = None if inherits is None else self._parents(name, inherits)
        values = {"name": name, "rev": rev, "changes": changes, "parents": parents, **_event(actor)}
        rows = await self._db.write(queries.UPDATE_GRAPH, values)
        await self.load()
        if not rows:
            raise self._stale(name, rev)
        if rows[0]["circle"]:
            raise BadInput(f"{name!r} would inherit from itself.", field="inherits")
        return self.get(name)

    async def delete(self, name: str, rev: int | None = None, *, actor: str) -> None:
        """Remove a graph that holds no live node and that no other inherits from.

        Raises:
            NotFound: no such graph.
            Conflict: it holds nodes, others inherit from it, or it has another `rev` by now.
            BadInput: it is the default graph.
        """
        if name == DEFAULT_GRAPH:
            raise BadInput("The default graph stays.", field="graph")
        rows = await self._db.write(queries.DELETE_GRAPH, {"name": name, "rev": rev, **_event(actor)})
        await self.load()
        if not rows:
            raise self._stale(name, rev or 0)
        if rows[0]["nodes"] or rows[0]["heirs"]:
            raise Conflict(
                f"The graph {name!r} holds {rows[0]['nodes']} nodes, and {rows[0]['heirs']} inherit from it.",
                hint="Delete its nodes and end the inheritance first.",
                field="graph",
            )

    # ---- inside

    def _walk(self, name: str) -> tuple[str, ...]:
        order = [self.get(name).name]
        seen = set(order)
        for current in order:
            for parent, _ in self._graphs[current].inherits:
                if parent not in seen and parent in self._graphs:
                    seen.add(parent)
                    order.append(parent)
        return tuple(order)

    def _parents(self, name: str, inherits: Mapping[str, int]) -> list[dict[str, Any]]:
        if len(inherits) > MAX_PARENTS:
            raise BadInput(f"A graph inherits from at most {MAX_PARENTS} others.", field="inherits")
        for parent in inherits:
            if parent == name or (parent in self._graphs and name in self.resolve(parent)):
                raise BadInput(f"{name!r} would inherit from itself through {parent!r}.", field="inherits")
            self.get(parent)
        return [{"name": parent, "priority": _check_priority(p)} for parent, p in inherits.items()]

    def _stale(self, name: str, rev: int) -> Conflict:
        found = self.get(name).rev
        return Conflict(
            f"The graph {name!r} has rev {found}, not {rev}: someone changed it meanwhile.",
            hint="Read it again and repeat the change.",
            field="rev",
        )


def _info(row: Mapping[str, Any]) -> GraphInfo:
    parents = sorted(((p["name"], p["priority"]) for p in row["inherits"]), key=lambda p: (-p[1], p[0]))
    return GraphInfo(
        name=row["name"],
        title=row["title"],
        description=row["description"],
        priority=row["priority"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        rev=row["rev"],
        inherits=tuple(parents),
    )


def _stamp(graphs: Iterable[GraphInfo]) -> str:
    """The same text as `queries.STAMP` makes, which counts a property that is missing as nothing."""
    known = list(graphs)
    last = max((graph.updated_at or "" for graph in known), default="")
    return f"{len(known)} {sum(graph.rev or 0 for graph in known)} {last}"


def _check_priority(value: int) -> int:
    if not -1_000_000 <= value <= 1_000_000:
        raise BadInput("A priority is a whole number between -1,000,000 and 1,000,000.", field="priority")
    return value


def _event(actor: str) -> dict[str, str]:
    return {"actor": actor, "at": utc_now(), "event_id": uuid7()}
