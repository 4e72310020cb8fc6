"""get_blocks, find_todos, update_block: the bullets and tasks within nodes."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from mcp.server.mcpserver import MCPServer
from mcp_types import CallToolResult, ToolAnnotations
from pydantic import BaseModel, Field

from stratumiops.graph.errors import BadInput, NotFound, Unavailable
from stratumiops.ui.mcp import cursor as cursors
from stratumiops.ui.mcp.api import Api
from stratumiops.ui.mcp.block_text import State, changed
from stratumiops.ui.mcp.budget import fit
from stratumiops.ui.mcp.documents import BLOCKS, TEXT, TODOS, UPDATE
from stratumiops.ui.mcp.results import Listed, answer, left_out
from stratumiops.ui.mcp.settings import ServeSettings
from stratumiops.ui.mcp.tools import Cursor, MaxTokens, Project, reading

_PAGE = 1_000
_MOST_PAGES = 20
_OPEN = ["todo", "doing", "waiting"]
BlockField = Literal[
    "id", "text", "state", "marker", "priority", "scheduled", "deadline", "tags", "properties", "node_id", "node_title",
    "graph", "path",
]  # fmt: skip
_FIELDS: tuple[BlockField, ...] = ("id", "text", "state", "tags", "properties", "node_id", "node_title", "path")
_TASK_FIELDS: tuple[BlockField, ...] = (
    "id", "text", "state", "priority", "scheduled", "deadline", "tags", "node_id", "node_title", "path",
)  # fmt: skip

NodeId = Annotated[str | None, Field(max_length=300, description="Blocks of this node only.")]
Tag = Annotated[str | None, Field(max_length=200, description="Blocks with this tag, without #.")]
Words = Annotated[str | None, Field(max_length=1_000, description="Blocks that say this.")]
Limit = Annotated[int, Field(ge=1, le=500, description="How many at the most.")]
Fields = Annotated[list[BlockField] | None, Field(description="What each block shows; id always.")]


class Block(BaseModel):
    """A bullet, a task, or a part with an id of its own. What it lacks is left out."""

    id: str = Field(description="Its id, for update_block.")
    text: str | None = Field(None, description="What it says, without bullet and marker.")
    state: str | None = Field(None, description="Where its task stands.")
    marker: str | None = Field(None, description="The word or checkbox that says so.")
    priority: str | None = Field(None, description="Its task's priority.")
    scheduled: str | None = Field(None, description="When it is to be begun.")
    deadline: str | None = Field(None, description="When it is due.")
    tags: list[str] | None = Field(None, description="Its tags.")
    properties: dict[str, Any] | None = Field(None, description="Its properties.")
    node_id: str | None = Field(None, description="The node it is part of.")
    node_title: str | None = Field(None, description="That node's title.")
    graph: str | None = Field(None, description="That node's graph.")
    path: str | None = Field(None, description="The file of that node.")


class Blocks(Listed):
    """Blocks, in the order of their nodes and lines."""

    blocks: list[Block] = Field(description="Blocks, in order.")


class Updated(BaseModel):
    """The node whose text was changed."""

    node_id: str = Field(description="The node.")
    title: str = Field(description="Its title.")
    graph: str = Field(description="Its graph.")
    rev: int = Field(description="Its revision now.")
    line: str = Field(description="The block's line as it stands now.")


def register(server: MCPServer, api: Api, settings: ServeSettings) -> None:
    """Add the tools."""

    @server.tool(annotations=reading("Get blocks"))
    async def get_blocks(
        node_id: NodeId = None,
        tag: Tag = None,
        property: Annotated[str | None, Field(description="Blocks with this property.")] = None,  # noqa: A002
        value: Annotated[str | None, Field(description="The value that this property has.")] = None,
        state: Annotated[State | None, Field(description="Blocks whose task stands so.")] = None,
        text: Words = None,
        project: Project = None,
        limit: Limit = 50,
        fields: Fields = None,
        cursor: Cursor = None,
        max_tokens: MaxTokens = None,
    ) -> Annotated[CallToolResult, Blocks]:
        """Get the blocks (bullets, tasks, parts with an id) within nodes, by node, tag, property, state or words."""
        if value is not None and property is None:
            raise BadInput("A value needs its property.", hint="Give `property` too.", field="value")
        where = {"tag": tag, "property": property, "propertyValue": value, "state": state, "text": text}
        call = {"t": "get_blocks", "n": node_id, "g": project or settings.graph, **where}
        page = _Page(limit, set(fields or _FIELDS), cursor, max_tokens or settings.max_tokens)
        return await _listing(api, "blocks", BLOCKS, call, where, page)

    @server.tool(annotations=reading("Find tasks"))
    async def find_todos(
        state: Annotated[
            State | None, Field(description="Where they stand; without it, all that are not over.")
        ] = None,
        tag: Tag = None,
        priority: Annotated[str | None, Field(description="Of this priority: A, B, C; or highest to lowest.")] = None,
        due: Annotated[str | None, Field(description="Scheduled or due on this day or before, YYYY-MM-DD.")] = None,
        node_id: NodeId = None,
        project: Project = None,
        limit: Limit = 50,
        fields: Fields = None,
        cursor: Cursor = None,
        max_tokens: MaxTokens = None,
    ) -> Annotated[CallToolResult, Blocks]:
        """Find tasks (TODO, DOING, checkboxes …) within nodes."""
        where = {"tag": tag, "state": state or _OPEN, "priority": priority, "due": due}
        call = {"t": "find_todos", "n": node_id, "g": project or settings.graph, **where}
        page = _Page(limit, set(fields or _TASK_FIELDS), cursor, max_tokens or settings.max_tokens)
        return await _listing(api, "todos", TODOS, call, where, page)

    @server.tool(
        annotations=ToolAnnotations(
            title="Change a block",
            read_only_hint=False,
            destructive_hint=True,
            idempotent_hint=True,
            open_world_hint=False,
        )
    )
    async def update_block(
        node_id: Annotated[str, Field(min_length=1, max_length=300, description="The node it is part of.")],
        block_id: Annotated[str, Field(min_length=1, max_length=300, description="The block's id, from get_blocks.")],
        state: Annotated[State | None, Field(description="Where its task stands from now on.")] = None,
        text: Annotated[str | None, Field(max_length=10_000, description="What it says from now on, one line.")] = None,
    ) -> Annotated[CallToolResult, Updated]:
        """Change one block: its task's state, its text, or both. History keeps what the node said before."""
        if state is None and text is None:
            raise BadInput("Nothing is to be changed.", hint="Give `state`, `text` or both.")
        found = await _node(api, node_id, settings)
        said, occurrence = await _place(api, found, block_id)
        content = changed(found["content"], said, occurrence, state=state, text=text)
        before, after = found["content"].split("\n"), content.split("\n")
        line = next((new for old, new in zip(before, after, strict=True) if old != new), said)
        node = found
        if content != found["content"]:
            given = {"id": found["id"], "graph": found["graph"], "rev": found["rev"], "content": content}
            node = (await api.execute(UPDATE, {"input": given}))["updateNode"]["node"]
        return answer(
            Updated(node_id=node["id"], title=node["title"], graph=node["graph"], rev=node["rev"], line=line.strip())
        )


class _Page:
    def __init__(self, limit: int, fields: set[str], cursor: str | None, max_tokens: int) -> None:
        self.limit = limit
        self.fields = fields
        self.cursor = cursor
        self.max_tokens = max_tokens


async def _asked(api: Api, name: str, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The page of a list of blocks.

    Raises:
        Unavailable: the server's schema has no such list.
    """
    found = await api.execute_if_known(name, document, variables)
    if found is None:
        message = f"What answers here has no {name}: no server, or an older one."
        raise Unavailable(message, hint="Tell the user to run `stratumiops up`; meanwhile search finds whole nodes.")
    page: dict[str, Any] = found[name]
    return page


async def _listing(
    api: Api, name: str, document: str, call: dict[str, Any], where: dict[str, Any], page: _Page
) -> CallToolResult:
    place = cursors.decode(call, page.cursor)
    given = {key: value for key, value in where.items() if value is not None}
    if "state" in given:
        wanted = given["state"]
        given["state"] = [one.upper() for one in ([wanted] if isinstance(wanted, str) else wanted)]
    variables = {"graph": call["g"], "node": call["n"], "first": page.limit, "after": place.get("after"), **given}
    found = await _asked(api, name, document, variables)
    edges = found["edges"]
    fitted = fit([_row(edge["node"], page.fields) for edge in edges], page.max_tokens)
    more = fitted.left > 0 or found["pageInfo"]["hasNextPage"]
    after = edges[len(fitted.items) - 1]["cursor"] if fitted.items else None
    return answer(
        Blocks(
            blocks=[Block(**item) for item in fitted.items],
            next_cursor=cursors.encode(call, {"after": after}) if more else None,
            note=left_out(fitted.left, fitted.shortened, [edges[0]["node"]["node"]["id"]] if edges else [], more=more),
        )
    )


def _row(block: Mapping[str, Any], fields: set[str]) -> dict[str, Any]:
    values = {
        "id": block["id"],
        "text": block["text"],
        "state": block["state"].lower() if block["state"] else None,
        "marker": block["marker"],
        "priority": block["priority"],
        "scheduled": block["scheduled"],
        "deadline": block["deadline"],
        "tags": block["tags"] or None,
        "properties": block["properties"] or None,
        "node_id": block["node"]["id"],
        "node_title": block["node"]["title"],
        "graph": block["graph"],
        "path": block["path"],
    }
    return {key: value for key, value in values.items() if value is not None and (key == "id" or key in fields)}


async def _node(api: Api, node_id: str, settings: ServeSettings) -> dict[str, Any]:
    for graph in dict.fromkeys((settings.graph, None)):
        found = (await api.execute(TEXT, {"id": node_id, "graph": graph}))["node"]
        if found:
            return dict(found)
    raise NotFound(f"No node has the id {node_id!r}.", hint="Find it with get_blocks or search.", field="node_id")


async def _place(api: Api, node: Mapping[str, Any], block_id: str) -> tuple[str, int]:
    """What a block says, and how many before it in its node say the same.

    Raises:
        NotFound: the node has no such block.
    """
    said: list[str] = []
    after = None
    for _ in range(_MOST_PAGES):
        variables = {"graph": node["graph"], "node": node["id"], "first": _PAGE, "after": after}
        page = await _asked(api, "blocks", BLOCKS, variables)
        for edge in page["edges"]:
            block = edge["node"]
            if block["id"] == block_id:
                first = block["text"].split("\n", 1)[0]
                return first, sum(one.split("\n", 1)[0] == first for one in said)
            said.append(block["text"])
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["edges"][-1]["cursor"]
    message = f"The node {node['id']!r} has no block {block_id!r}."
    raise NotFound(message, hint="Read its blocks again with get_blocks.", field="block_id")
