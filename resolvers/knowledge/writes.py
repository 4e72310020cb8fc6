"""Inputs of mutations into what the store writes. Values by python names; see `values_of`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from stratumiops.graph.errors import BadInput
from stratumiops.graph.models import EXTRA_FIELDS, Edge, Node, NodeType, RelationType
from stratumiops.resolvers.context import RequestContext, Role
from stratumiops.resolvers.engine.describe import snake
from stratumiops.schema.mapping import Write

if TYPE_CHECKING:
    from stratumiops.graph.store.statements import WriteStatement

MAX_NODES = 5_000
MAX_RELATIONS = 20_000
"""Nodes and relations of one `createNodes`."""

_SECTIONS = (
    ("Context", "context"),
    ("Decision", "decision"),
    ("Consequences", "consequences"),
    ("Alternatives", "alternatives"),
)
_NAMES = {name for names in EXTRA_FIELDS.values() for name in names}
_CHANGEABLE = {"title", "content", "tags", "aliases", "status", "date", "metadata", *_NAMES}
_REQUIRED = ("title", "content", "tags", "metadata")

Values = Mapping[str, Any]


def values_of(given: Any) -> dict[str, Any]:
    """An input, as an object of the schema or as coerced by GraphQL, by python names; unset values left out.

    What is inside `metadata` stays as it is.
    """
    if isinstance(given, Mapping):
        pairs = {snake(name): value for name, value in given.items()}
    else:
        fields = given.__strawberry_definition__.fields
        pairs = {f.python_name: getattr(given, f.python_name) for f in fields}
    pairs = {name: value for name, value in pairs.items() if value is not UNSET}
    for name in ("nodes", "relations", "inherits"):
        if pairs.get(name) is not None:
            pairs[name] = [values_of(item) for item in pairs[name]]
    return pairs


def new_node(kind: NodeType, graph: str, given: Values) -> Node:
    """The node to be created.

    Raises:
        BadInput: a value that nodes of this type do not have, or metadata that is no object.
    """
    extra = {name: given[name] for name in _NAMES if given.get(name) is not None}
    for name in extra:
        if name not in EXTRA_FIELDS[kind]:
            shown = to_camel_case(name)
            raise BadInput(f"a {kind.value} has no {shown}", field=f"input.{shown}")
    if kind is NodeType.DECISION and given.get("status") and "status_raw" not in extra:
        extra["status_raw"] = given["status"]
    return Node(
        id=given.get("id") or "",
        graph=graph,
        type=kind,
        title=given["title"],
        content=_content(given),
        tags=tuple(given.get("tags") or ()),
        aliases=tuple(given.get("aliases") or ()),
        status=given.get("status"),
        date=given.get("date"),
        metadata=_metadata(given),
        extra=extra,
    )


def _metadata(given: Values) -> Mapping[str, Any]:
    metadata = given.get("metadata")
    if metadata is None:
        return {}
    if not isinstance(metadata, dict):
        raise BadInput("metadata is an object", field="input.metadata", hint='such as {"source": "meeting"}')
    return metadata


def _content(given: Values) -> str:
    sections = [(head, given[name]) for head, name in _SECTIONS if given.get(name)]
    if given.get("content") is not None and sections:
        message = "`content` and the sections context, decision, consequences, alternatives exclude each other"
        raise BadInput(message, field="input.content", hint="give one or the other")
    if not sections:
        return given.get("content") or ""
    body = "\n\n".join(f"## {head}\n\n{text.strip()}" for head, text in sections)
    return f"# {given['title'].strip()}\n\n{body}\n"


def new_nodes(given: Values) -> list[Node]:
    """The nodes of `createNodes`."""
    nodes = given["nodes"]
    if not 1 <= len(nodes) <= MAX_NODES:
        message = f"there are {len(nodes)} nodes; 1 to {MAX_NODES} fit into one call"
        raise BadInput(message, field="input.nodes", hint="send several calls")
    return [new_node(item["type"], given["graph"], item) for item in nodes]


def new_edges(given: Values) -> list[Edge]:
    """The relations of `createNodes`."""
    relations = given.get("relations") or []
    if len(relations) > MAX_RELATIONS:
        message = f"there are {len(relations)} relations; {MAX_RELATIONS} fit into one call"
        raise BadInput(message, field="input.relations", hint="send several calls")
    return [edge(given["graph"], item) for item in relations]


def edge(graph: str, given: Values) -> Edge:
    """The relation between two nodes."""
    return Edge(
        graph=graph,
        source=given["source"],
        target=given["target"],
        relation=RelationType(given["relation"]),
        weight=given.get("weight", 1.0),
    )


def changes(given: Values) -> dict[str, Any]:
    """What `updateNode` is to change.

    Raises:
        BadInput: nothing, or null for what every node has.
    """
    found = {name: value for name, value in given.items() if name in _CHANGEABLE}
    if not found:
        raise BadInput("nothing is to be changed", field="input", hint="give at least one value besides id and rev")
    for name in _REQUIRED:
        if name in found and found[name] is None:
            raise BadInput(f"{name} cannot be null", field=f"input.{name}", hint="leave it out to keep it")
    if "metadata" in found:
        found["metadata"] = _metadata(found)
    return found


def statement(write: Write, given: Values, context: RequestContext) -> "WriteStatement | None":
    """The one statement of a mutation; None: it takes more than one.

    Raises:
        StratumError: the input is wrong, or the principal may not do it.
    """
    if given.get("idempotency_key") is not None:
        return None
    context.principal.require(Role.DEVELOPER, given["graph"])
    actor, writer = context.principal.name, context.services.writer
    match write:
        case Write(name="create", kind=kind) if kind is not None:
            return writer.create_statement([new_node(kind, given["graph"], given)], actor)
        case Write(name="create_many") if not given.get("relations") and len(given["nodes"]) <= 1_000:
            return writer.create_statement(new_nodes(given), actor)
        case Write(name="update"):
            return writer.update_statement(given["graph"], given["id"], given["rev"], changes(given), actor)
        case Write(name="link"):
            return writer.link_statement(edge(given["graph"], given), actor)
    return None
