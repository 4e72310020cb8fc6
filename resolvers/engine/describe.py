"""Arguments of a field into the description that `graph.selection` works from.

One function per mapping or root field. Both ways of running an operation start here, so what an argument means,
and what is wrong with it, is said once. Raises `BadInput`, `NotFound` or `Forbidden`.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from stratumiops.graph.errors import BadInput, NotFound
from stratumiops.graph.models import NodeType
from stratumiops.graph.selection.language import PAST_TEXT_INDEX, TEXT_INDEX
from stratumiops.graph.selection.lucene import lucene, within
from stratumiops.graph.selection.order import Order, decode_cursor
from stratumiops.ingest.retrieval.models import SearchMode
from stratumiops.resolvers.engine.scope import Scope
from stratumiops.schema.mapping import History, Related, RelationCount, Relations, Root

Args = Mapping[str, Any]
"""Coerced arguments by python names without a trailing underscore."""
Description = dict[str, Any]

MAX_HOPS = 8
"""Largest `depth` and `maxDepth`."""

BY_ID = Order("id", "ASC")


@lru_cache(maxsize=256)
def snake(name: str) -> str:
    """`createdAt` as `created_at`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda m: "_" + m.group(1).lower(), name)


def where_of(raw: Any) -> Any:
    """Conditions by the names of the store; types of nodes become part of the shape."""
    if isinstance(raw, dict):
        return {snake(name): where_of(value) for name, value in raw.items()}
    if isinstance(raw, list):
        if raw and isinstance(raw[0], NodeType):
            return tuple(sorted(set(raw)))
        if raw and isinstance(raw[0], dict):
            return [where_of(item) for item in raw]
    return raw


def first_of(args: Args, scope: Scope) -> int:
    """The page size."""
    first = args["first"]
    if not 1 <= first <= scope.max_page_size:
        message = f"`first` is {first}; it must be from 1 to {scope.max_page_size}"
        raise BadInput(message, field="first", hint="page on with `after` where the field has it")
    return int(first)


def hops_of(args: Args, name: str) -> tuple[int]:
    """A number of hops, as part of the shape."""
    hops = args[name]
    if not 1 <= hops <= MAX_HOPS:
        shown = "maxDepth" if name == "max_depth" else name
        raise BadInput(f"`{shown}` is {hops}; it must be from 1 to {MAX_HOPS}", field=shown)
    return (int(hops),)


def graphs_of(args: Args, scope: Scope) -> Description:
    """Which graphs are read: one, or several."""
    names = scope.graphs(args.get("graph"), inherited=args.get("include_inherited", True) is not False)
    return {"graph": names[0]} if len(names) == 1 else {"graphs": list(names)}


def order_of(args: Args, default: Order) -> Order:
    """The order asked for."""
    raw = args.get("order_by")
    return Order(raw["field"].value, raw["direction"].value) if raw else default


def types_of(args: Args, name: str = "types") -> tuple[Any, ...]:
    """Types of relations, as part of the shape; empty: all."""
    types = args.get(name)
    if types is not None and not types:
        raise BadInput(f"`{name}` is empty", field=name, hint="leave it out for all types")
    return tuple(sorted(set(types or ())))


def _reading(args: Args, scope: Scope) -> Description:
    found = graphs_of(args, scope)
    if args.get("as_of") is not None:
        found["as_of"] = args["as_of"]
    return found


def _where(args: Args, found: Description) -> None:
    if args.get("where"):
        found["where"] = where_of(args["where"])


def reading(args: Args, scope: Scope) -> Description:
    """Which nodes are read: of which graphs, at which instant, and which of them."""
    found = _reading(args, scope)
    _where(args, found)
    return found


def node(args: Args, scope: Scope) -> Description:
    """`node(id, graph, asOf)`."""
    return {**_reading(args, scope), "id": args["id"]}


def page(args: Args, scope: Scope, kind: NodeType | None = None) -> Description:
    """`nodes(…)` and the lists of one type."""
    found = _reading(args, scope)
    _where(args, found)
    if kind is not None:
        asked = found.get("where", {})
        found["where"] = {"type": {"eq": kind}, "and": [asked]} if "type" in asked else {"type": {"eq": kind}, **asked}
    order = order_of(args, Order("updated_at", "DESC"))
    found["order"] = (order.field, order.direction)
    found["first"] = first_of(args, scope)
    if args.get("after"):
        found["after"] = decode_cursor(order, args["after"])
    return found


def search(args: Args, scope: Scope) -> Description | None:
    """`search(query, …)` by words; None: the other ways are not compiled."""
    if args.get("mode", SearchMode.TEXT) is not SearchMode.TEXT or _ranked_later(args):
        return None
    found = _reading(args, scope)
    _where(args, found)
    graphs = (found["graph"],) if "graph" in found else tuple(found["graphs"])
    found["query"] = within(lucene(args["query"]), graphs, scope.language)
    found["text"] = args["query"]
    found["index"] = TEXT_INDEX
    if "as_of" in found:
        found["past_index"] = PAST_TEXT_INDEX
    found["language"] = scope.language
    found["first"] = first_of(args, scope)
    return found


def _ranked_later(args: Args) -> bool:
    """Whether a search looks at more than words."""
    given = (args.get(name) for name in ("expand", "rerank", "mmr", "threshold"))
    return any(value is not None and value is not False for value in given)


def neighbours(args: Args, scope: Scope) -> Description:
    """`neighbours(id, depth, …)`."""
    found = {**_reading(args, scope), "id": args["id"], "depth": hops_of(args, "depth")}
    _where(args, found)
    found |= {"types": types_of(args), "direction": args["direction"], "first": first_of(args, scope)}
    return found


def path(args: Args, scope: Scope) -> Description:
    """`path(from, to, …)`."""
    found = {**_reading(args, scope), "from": args["from"], "to": args["to"]}
    hops = hops_of(args, "max_depth")
    return {**found, "max_depth": hops, "types": types_of(args, "relations"), "direction": args["direction"]}


def graph_slice(args: Args, scope: Scope) -> Description:
    """`graphSlice(…)`."""
    found = reading(args, scope)
    first = args["first"]
    if not 1 <= first <= scope.max_slice:
        raise BadInput(f"`first` is {first}; it must be from 1 to {scope.max_slice}", field="first")
    if args.get("focus") is not None:
        found |= {"focus": args["focus"], "depth": hops_of(args, "depth")}
    return {**found, "relations": types_of(args, "relations"), "first": first}


def pattern(args: Args, scope: Scope) -> Description:
    """`matchPattern(from, relation, to, …)`."""
    types = (args["relation"],) if args.get("relation") is not None else ()
    ends = {"from": _end(args["from"]), "to": _end(args["to"])}
    return {**graphs_of(args, scope), **ends, "types": types, "first": first_of(args, scope)}


def _end(given: Args) -> Description:
    """What one end of a pattern asks for, as conditions."""
    found: Description = {name: {"eq": given[name]} for name in ("type", "status") if given.get(name) is not None}
    return found if given.get("tag") is None else {**found, "tags": {"has_any": [given["tag"]]}}


def history(args: Args, scope: Scope) -> Description:
    """`history(id, …)`."""
    return {**graphs_of(args, scope), "id": args["id"], "first": first_of(args, scope)}


def related(args: Args, scope: Scope, mapping: Related) -> Description:
    """Nodes around a node."""
    types = (mapping.relation,) if mapping.relation else types_of(args)
    found: Description = {"types": types, "direction": args["direction"]}
    _where(args, found)
    order = order_of(args, BY_ID)
    found |= {"order": (order.field, order.direction), "first": first_of(args, scope)}
    return found


def relations(args: Args, scope: Scope, mapping: Relations | RelationCount | History) -> Description:
    """Relations of a node, how many, or its states."""
    found: Description = {}
    if not isinstance(mapping, History):
        found = {"types": types_of(args), "direction": args["direction"]}
    if not isinstance(mapping, RelationCount):
        found["first"] = first_of(args, scope)
    return found


_ROOTS: dict[str, Callable[..., Description | None]] = {
    "node": node,
    "page": page,
    "search": search,
    "neighbours": neighbours,
    "path": path,
    "graph_slice": graph_slice,
    "history": history,
}


def describe(mapping: object, args: Args, scope: Scope) -> Description | None:
    """The description for a mapped field; None: its arguments say nothing to the compiler."""
    match mapping:
        case Root(name="page", argument=kind):
            return page(args, scope, kind)
        case Root(name=name) if name in _ROOTS:
            return _ROOTS[name](args, scope)
        case Related():
            return related(args, scope, mapping)
        case Relations() | RelationCount() | History():
            return relations(args, scope, mapping)
    return None


def the_one(found: list[Any], node_id: str) -> Any:
    """The only node of an id, or None.

    Raises:
        BadInput: several graphs have a node of this id.
    """
    if len(found) > 1:
        message = f"several graphs have a node {node_id!r}"
        raise BadInput(message, field="graph", hint="say in which one with the argument `graph`")
    return found[0] if found else None


def require(found: Any, node_id: str, field: str = "id") -> Any:
    """What was found.

    Raises:
        NotFound: nothing was.
    """
    if not found:
        raise NotFound(f"no node {node_id!r} in the graphs that you may read", field=field)
    return found
