"""The resources: what a project knows, and what it shares, as markdown that an agent can read as context."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError

from stratumiops.graph.errors import BadInput, NotFound, StratumError
from stratumiops.ui.mcp import cursor as cursors
from stratumiops.ui.mcp.api import Api
from stratumiops.ui.mcp.budget import tokens
from stratumiops.ui.mcp.documents import GRAPH, NODE, NODES
from stratumiops.ui.mcp.errors import told
from stratumiops.ui.mcp.settings import ServeSettings

MARKDOWN = "text/markdown"
_FRAME_TOKENS = 200
_PAGE = 50
_ORDER = {"field": "UPDATED_AT", "direction": "DESC"}


class _Kind(NamedTuple):
    type: str
    title: str
    says: str


_KINDS = {
    "notes": _Kind("NOTE", "Notes", "Notes"),
    "decisions": _Kind("DECISION", "Decisions", "Decisions (ADRs) with their status"),
    "guidelines": _Kind("GUIDELINE", "Guidelines", "Guidelines: what is expected of changes"),
    "patterns": _Kind("PATTERN", "Patterns", "Patterns: solutions to use again"),
}
_SCOPES = {"project": tuple(_KINDS), "shared": ("guidelines", "patterns")}


def register(server: MCPServer, api: Api, settings: ServeSettings) -> None:
    """Add the six resources, and templates for their further pages and for single nodes."""
    for scope, kinds in _SCOPES.items():
        for kind in kinds:
            owner = "of this project" if scope == "project" else "that this project shares with others"
            server.resource(
                f"kogral://{scope}/{kind}",
                name=f"{scope}-{kind}",
                title=f"{_KINDS[kind].title} {owner}",
                description=f"{_KINDS[kind].says} {owner}, last changed first.",
                mime_type=MARKDOWN,
            )(_reader(api, settings, scope, kind))

    @server.resource(
        "kogral://{scope}/{kind}{?cursor}",
        name="page",
        title="A further page",
        description="Goes on where one of the lists was cut: the list says the whole address.",
        mime_type=MARKDOWN,
    )
    async def page(scope: str, kind: str, cursor: str = "") -> str:
        return await _told(_listing(api, settings, scope, kind, cursor or None))

    @server.resource(
        "kogral://node/{graph}/{id}",
        name="node",
        title="One node",
        description="A node whole: its text and what it is joined to.",
        mime_type=MARKDOWN,
    )
    async def node(graph: str, id: str) -> str:  # noqa: A002
        return await _told(_one(api, graph, id))


def address(node: Mapping[str, Any]) -> str:
    """The resource of one node."""
    return f"kogral://node/{quote(node['graph'], safe='')}/{quote(node['id'], safe='')}"


def joined_line(relation: Mapping[str, Any]) -> str:
    """A relation as a line of a list, seen from the node it was read with."""
    arrow = "→" if relation["direction"] == "OUT" else "←"
    return f"- {relation['type'].lower()} {arrow} {relation['node']['title']} (id {relation['node']['id']})"


def _reader(api: Api, settings: ServeSettings, scope: str, kind: str) -> Callable[[], Awaitable[str]]:
    async def read() -> str:
        return await _told(_listing(api, settings, scope, kind, None))

    return read


async def _told(reading: Awaitable[str]) -> str:
    """What is read.

    Raises:
        ResourceError: it failed; the protocol has no other way to say so for a resource.
    """
    try:
        return await reading
    except (NotFound, BadInput) as error:
        raise ResourceNotFoundError(told(error)) from error
    except StratumError as error:
        raise ResourceError(told(error)) from error


async def _listing(api: Api, settings: ServeSettings, scope: str, kind: str, cursor: str | None) -> str:
    if kind not in _SCOPES.get(scope, ()):
        known = ", ".join(f"kogral://{one}/{name}" for one, kinds in _SCOPES.items() for name in kinds)
        raise NotFound(f"There is no resource kogral://{scope}/{kind}.", hint=f"Known: {known}.")
    call = {"t": "resource", "s": scope, "k": kind, "g": settings.graph}
    place = cursors.decode(call, cursor)
    graphs = await _graphs(api, settings, scope)
    out = _Listing(f"# {_KINDS[kind].title}\n\n", settings.max_tokens - _FRAME_TOKENS)
    for position in range(int(place.get("graph", 0)), len(graphs)):
        after = place.get("after") if position == place.get("graph", 0) else None
        following = await _graph_pages(api, graphs[position], kind, after, out)
        if following is not None:
            going_on = cursors.encode(call, {"graph": position, **following})
            out.text += f"\n[There is more: read kogral://{scope}/{kind}?cursor={going_on}]\n"
            return out.text
    if not out.count:
        out.text += "None yet.\n"
    return out.text


class _Listing:
    def __init__(self, text: str, room: int) -> None:
        self.text = text
        self.room = room
        self.count = 0

    def take(self, node: Mapping[str, Any]) -> bool:
        """Add a node if it fits; the first one always does, cut at its end when it must be."""
        block = _block(node, node["content"])
        if tokens(block) > self.room:
            if self.count:
                return False
            most = max(400, self.room * 3 - 400)
            block = _block(node, f"{node['content'][:most]}…\n\n[cut: read {address(node)} for all of it]")
        self.text += block
        self.room -= tokens(block)
        self.count += 1
        return True


async def _graphs(api: Api, settings: ServeSettings, scope: str) -> list[str | None]:
    """The graphs of a scope; None stands for all of them, where the server serves no particular one."""
    if settings.graph is None:
        return [None] if scope == "project" else []
    if scope == "project":
        return [settings.graph]
    found = (await api.execute(GRAPH, {"name": settings.graph}))["graph"]
    if found is None:
        message = f"There is no graph named {settings.graph!r}."
        raise NotFound(message, hint="`kogral graphs` lists them; start the server with --graph NAME.")
    return [name for name in found["resolved"] if name != settings.graph]


async def _graph_pages(
    api: Api, graph: str | None, kind: str, after: str | None, out: _Listing
) -> dict[str, Any] | None:
    """Add a graph's nodes; where to go on when not all of them fit."""
    more = True
    while more:
        variables = {
            "graph": graph,
            "inherited": False,
            "where": {"type": {"eq": _KINDS[kind].type}},
            "order": _ORDER,
            "first": _PAGE,
            "after": after,
        }
        page = (await api.execute(NODES, variables))["nodes"]
        for edge in page["edges"]:
            if not out.take(edge["node"]):
                return {"after": after}
            after = edge["cursor"]
        more = page["pageInfo"]["hasNextPage"]
    return None


def _block(node: Mapping[str, Any], content: str) -> str:
    facts = [f"id: {node['id']}", f"graph: {node['graph']}"]
    facts += [f"{name}: {node[name]}" for name in ("status", "date", "path", "priority") if node.get(name) is not None]
    if node["tags"]:
        facts.append(f"tags: {', '.join(node['tags'])}")
    head = f"## {node['title']}\n\n{' · '.join(facts)}\n\n"
    body = content.strip()
    return f"{head}{body}\n\n" if body else head


async def _one(api: Api, graph: str, node_id: str) -> str:
    found = (await api.execute(NODE, {"id": node_id, "graph": graph}))["node"]
    if found is None:
        raise NotFound(f"No node has the id {node_id!r} in the graph {graph!r}.", hint="Find its id with search.")
    relations = [joined_line(one) for one in found["relations"]]
    joined = "### Relations\n\n" + "\n".join(relations) + "\n" if relations else ""
    return _block(found, found["content"]) + joined
