"""Order of lists and their keyset cursors.

Every order is total: the property, then the id, then the graph. Nodes without the property come last.
"""

import base64
from binascii import b2a_base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from stratumiops.graph.errors import BadInput

NULLABLE = {"date": {"ASC": "'9999-99-99'", "DESC": "''"}}
_LIMIT = 4_096
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, slots=True)
class Order:
    """A property and a direction, `ASC` or `DESC`."""

    field: str
    direction: str

    def key(self, var: str) -> str:
        """The sort value; never null."""
        missing = NULLABLE.get(self.field)
        value = f"{var}.{self.field}"
        return f"coalesce({value}, {missing[self.direction]})" if missing else value

    def row_key(self, sort_value: str, node_id: str, graph: str, *, many_graphs: bool) -> tuple[str, ...]:
        """What a cursor has to know of a node, of these three: no more than tells it from others in the list."""
        return (*([] if self.field == "id" else [sort_value]), node_id, *([graph] if many_graphs else []))

    def clause(self, var: str, *, fixed: tuple[str, ...] = (), many_graphs: bool = True) -> str:
        """ORDER BY keys. `fixed`: properties held equal, named first so that a composite index gives the order."""
        keys = [f"{var}.{name}" for name in fixed]
        keys += [self.key(var)] if self.field != "id" else []
        keys += [f"{var}.id"] + ([f"{var}.graph"] if many_graphs else [])
        return ", ".join(f"{key} {self.direction}" for key in keys)

    def after(self, var: str, cursor: Mapping[str, Any], *, many_graphs: bool) -> list[str]:
        """Predicates: after the cursor, by its parameters `value`, `id`, `graph`."""
        beyond = ">" if self.direction == "ASC" else "<"
        by_id = f"{var}.id {beyond} {cursor['id']}"
        if many_graphs:
            by_id = f"({by_id} OR ({var}.id = {cursor['id']} AND {var}.graph {beyond} {cursor['graph']}))"
        if self.field == "id":
            return [f"{var}.id {beyond}= {cursor['id']}", by_id] if many_graphs else [by_id]
        key, value = self.key(var), cursor["value"]
        return [f"{key} {beyond}= {value}", f"({key} {beyond} {value} OR {by_id})"]


def cursors(order: Order, graph: str | None) -> Callable[[Sequence[str]], str]:
    """What makes the cursor of a node in a list of this order, out of its `Order.row_key`.

    Args:
        graph: the graph of all nodes of the list, or None for nodes of many graphs.
    """
    head = orjson.dumps([order.field, order.direction])[:-1] + b","
    tail = b"]" if graph is None else b"," + orjson.dumps(graph) + b"]"
    twice = order.field == "id"

    def cursor(key: Sequence[str]) -> str:
        inner = orjson.dumps([key[0], *key] if twice else key)[1:-1]
        return b2a_base64(head + inner + tail, newline=False).translate(_URL_SAFE).rstrip(b"=").decode()

    return cursor


def decode_cursor(order: Order, cursor: str) -> dict[str, Any]:
    """What `Order.after` needs.

    Raises:
        BadInput: no cursor of ours, or one of a list in another order.
    """
    problem = BadInput(
        "`after` is not a cursor of this list",
        field="after",
        hint="pass endCursor or a cursor of the page before, with the same orderBy",
    )
    if len(cursor) > _LIMIT:
        raise problem
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise problem from None
    match parts:
        case [order.field, order.direction, str() as value, str() as node_id, str() as graph]:
            return {"value": value, "id": node_id, "graph": graph}
    raise problem
