"""Saved views: addresses in the app under a name, of one graph or for all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from stratumiops.graph.errors import BadInput, Conflict, NotFound
from stratumiops.graph.ids import utc_now, uuid7
from stratumiops.graph.store import view_queries as queries
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.registry import DEFAULT_GRAPH
from stratumiops.graph.validation import check_line

EVERYWHERE: Final = ""
"""The graph of a view for all graphs."""
MAX_NAME: Final = 100
MAX_ADDRESS: Final = 4_000
MAX_VIEWS: Final = 500
"""Views of one graph."""
_PART: Final = r"[A-Za-z0-9._~!$&'()*+,;=:@%-]"
_ADDRESS: Final = re.compile(rf"/(?:{_PART}+/?)*(?:\?(?:{_PART}|[/?])*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A saved view. Of a view for all graphs `graph` is ''."""

    id: str
    graph: str
    name: str
    address: str
    created_at: str
    created_by: str
    updated_at: str
    updated_by: str
    rev: int


class SavedViews:
    """The saved views of the store. `graphs` are those that the caller may read; views for all are always there."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def page(self, graphs: Sequence[str]) -> list[SavedView]:
        """The views of these graphs and those for all, by name."""
        found = await self._db.read_one(queries.PAGE, {"graphs": [*graphs, EVERYWHERE]})
        return [SavedView(**held) for held in found or ()]

    async def get(self, view_id: str, graphs: Sequence[str]) -> SavedView:
        """The view of this id.

        Raises:
            NotFound: there is none in these graphs.
        """
        held = await self._db.read_one(queries.GET, {"id": view_id, "graphs": [*graphs, EVERYWHERE]})
        if held is None:
            message = f"There is no view {view_id[:100]!r}."
            raise NotFound(message, hint="The query `savedViews` lists them.", field="id")
        return SavedView(**held)

    async def create(self, graph: str, name: str, address: str, *, actor: str) -> SavedView:
        """A new view.

        Raises:
            BadInput: a name or an address that cannot be, or too many views.
            NotFound: there is no such graph.
            Conflict: the graph has a view of this name.
        """
        at = utc_now()
        view: dict[str, Any] = {
            "id": uuid7(),
            "graph": graph,
            "name": check_line(name.strip(), "name", MAX_NAME),
            "address": check_address(address),
            "created_at": at,
            "created_by": actor,
            "updated_at": at,
            "updated_by": actor,
            "rev": 1,
        }
        rows = await self._db.write(queries.CREATE, {"view": view, "lock": graph or DEFAULT_GRAPH, "most": MAX_VIEWS})
        if not rows:
            raise NotFound(f"There is no graph {graph!r}.", hint="Make it with createGraph.", field="graph")
        if rows[0]["taken"]:
            raise _taken(name)
        if rows[0]["held"] >= MAX_VIEWS:
            message = f"There are {MAX_VIEWS} views already."
            raise BadInput(message, hint="Delete some that nobody needs.", field="name")
        return SavedView(**view)

    async def update(self, view: SavedView, rev: int, name: str, address: str, *, actor: str) -> SavedView:
        """Change name and address.

        Raises:
            BadInput: a name or an address that cannot be.
            NotFound: it was deleted.
            Conflict: it has another revision by now, or another view of its graph has this name.
        """
        changes = {
            "name": check_line(name.strip(), "name", MAX_NAME),
            "address": check_address(address),
            "updated_at": utc_now(),
            "updated_by": actor,
        }
        rows = await self._db.write(queries.UPDATE, {"id": view.id, "rev": rev, "changes": changes})
        if not rows:
            raise await self._stale(view, rev)
        if rows[0]["taken"]:
            raise _taken(name)
        return SavedView(**rows[0]["view"])

    async def delete(self, view: SavedView, rev: int | None) -> None:
        """Delete a view.

        Raises:
            NotFound: it was deleted.
            Conflict: it has another revision by now.
        """
        if not await self._db.write(queries.DELETE, {"id": view.id, "rev": rev}):
            raise await self._stale(view, rev or view.rev)

    async def _stale(self, view: SavedView, rev: int) -> Conflict:
        now = await self.get(view.id, [view.graph])
        return Conflict(
            f"The view {now.name!r} has rev {now.rev}, not {rev}: someone changed it meanwhile.",
            hint="Read it again and repeat the change.",
            field="rev",
        )


def check_address(address: str) -> str:
    """The address, when it is a path of the app, with or without a query.

    Raises:
        BadInput: it is something else.
    """
    if len(address) > MAX_ADDRESS:
        message = f"The address has {len(address):,} characters; at most {MAX_ADDRESS:,} fit."
        raise BadInput(message, field="address")
    path = address.partition("?")[0]
    if not _ADDRESS.fullmatch(address) or ".." in path.split("/"):
        message = f"{address[:100]!r} is no address in the app."
        raise BadInput(message, hint="Give its path and query, such as /graph?type=DECISION.", field="address")
    return address


def _taken(name: str) -> Conflict:
    return Conflict(f"There is a view {name!r} already.", hint="Choose another name, or change that one.", field="name")
