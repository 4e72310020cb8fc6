"""export: nodes in a form that other programs read, in parts that fit."""

from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp_types import CallToolResult
from pydantic import BaseModel, ConfigDict, Field

from stratumiops.graph.errors import Conflict
from stratumiops.ui.mcp import cursor as cursors
from stratumiops.ui.mcp.api import Api
from stratumiops.ui.mcp.budget import tokens
from stratumiops.ui.mcp.documents import EXPORT
from stratumiops.ui.mcp.exporting import ExportField, Format, portable, rendered
from stratumiops.ui.mcp.results import Listed, NodeTypeName, answer
from stratumiops.ui.mcp.settings import ServeSettings
from stratumiops.ui.mcp.tools import Cursor, MaxTokens, reading

_PAGE = 50
_FRAME_TOKENS = 100
_LEAST_PART = 200
"""Characters of a text that are worth a part of their own."""


class ExportFilter(BaseModel):
    """Which nodes; all the conditions given must hold."""

    model_config = ConfigDict(extra="forbid")

    ids: list[str] | None = Field(None, max_length=1_000, description="These nodes.")
    graph: str | None = Field(None, description="A named graph; without it the project's own.")
    include_shared: bool = Field(False, description="Also what that graph inherits from others.")
    node_type: NodeTypeName | None = Field(None, description="Nodes of this type.")
    tags: list[str] | None = Field(None, max_length=50, description="Nodes with at least one of these tags.")
    status: str | None = Field(None, description="Nodes of this status.")
    path: str | None = Field(None, description="Nodes whose file's path begins so.")
    updated_after: str | None = Field(None, description="Changed after this instant, such as 2026-01-31T12:00:00Z.")


class Exported(Listed):
    """Nodes as text, oldest first."""

    format: Format = Field(description="The form of `text`.")
    text: str = Field(description="The nodes, or this part of them.")
    nodes: int = Field(description="How many nodes are in it, whole or in part.")
    total: int = Field(description="How many the filter selects.")


def register(server: MCPServer, api: Api, settings: ServeSettings) -> None:
    """Add the tool."""

    @server.tool(annotations=reading("Export nodes"))
    async def export(
        format: Annotated[Format, Field(description="markdown with front matter, json, or yaml.")],  # noqa: A002
        filter: Annotated[ExportFilter | None, Field(description="Which nodes; without it, all.")] = None,  # noqa: A002
        fields: Annotated[
            list[ExportField] | None, Field(description="What each node has beside id and title; without it, all.")
        ] = None,
        cursor: Cursor = None,
        max_tokens: MaxTokens = None,
    ) -> Annotated[CallToolResult, Exported]:
        """Export knowledge graph to format."""
        chosen = filter or ExportFilter()  # pydantic: all defaults
        graph = chosen.graph or settings.graph
        wanted = None if fields is None else {"id", "title", *fields}
        call = {"t": "export", "f": format, "w": chosen.model_dump(exclude_none=True), "g": graph, "s": fields}
        place = cursors.decode(call, cursor)
        variables = {
            "graph": graph,
            "inherited": chosen.include_shared,
            "where": _where(chosen),
            "first": _PAGE,
            "after": place.get("after"),
        }
        page = (await api.execute(EXPORT, variables))["nodes"]
        room = (max_tokens or settings.max_tokens) - _FRAME_TOKENS
        part = _fill(
            [(edge["cursor"], portable(edge["node"], wanted), edge["node"]["rev"]) for edge in page["edges"]],
            place,
            format,
            room,
        )
        if part.next is None and page["pageInfo"]["hasNextPage"]:
            part.next = {"after": page["edges"][-1]["cursor"]}
        text = rendered(part.nodes, format)
        going_on = cursors.encode(call, part.next) if part.next else None
        note = None
        if going_on:
            note = "There is more: call again with the same arguments and cursor=next_cursor."
        shown = text if going_on is None else f"{text}\n[{note} next_cursor: {going_on}]\n"
        return answer(
            Exported(
                format=format,
                text=text,
                nodes=len(part.nodes),
                total=page["totalCount"],
                next_cursor=going_on,
                note=note,
            ),
            text=shown,
        )


class _Part:
    def __init__(self) -> None:
        self.nodes: list[dict[str, Any]] = []
        self.next: dict[str, Any] | None = None


def _fill(nodes: list[tuple[str, dict[str, Any], int]], place: dict[str, Any], form: Format, room: int) -> _Part:
    """As many nodes of a page (cursor, node, revision) as fit. One that is too long alone is given in parts."""
    part = _Part()
    after = place.get("after")
    for index, (cursor, node, rev) in enumerate(nodes):
        offset = int(place.get("offset", 0)) if index == 0 else 0
        shown = node
        if offset:
            _check_same(node, rev, place)
            shown = _from(node, offset)
        price = tokens(rendered([shown], form))
        if price <= room:
            part.nodes.append(shown)
            room -= price
            after = cursor
            continue
        if not part.nodes:
            cut = _first_part(shown, form, room)
            part.nodes.append(cut)
            reached = offset + len(cut.get("content", ""))
            part.next = {"after": after, "offset": reached, "id": node["id"], "rev": rev}
        else:
            part.next = {"after": after}
        break
    return part


def _check_same(node: dict[str, Any], rev: int, place: dict[str, Any]) -> None:
    if (node["id"], rev) != (place.get("id"), place.get("rev")):
        message = "The node whose text was being read has changed meanwhile."
        raise Conflict(message, hint="Call export again without cursor.", field="cursor")


def _from(node: dict[str, Any], offset: int) -> dict[str, Any]:
    text = node.get("content", "")
    return {
        "id": node["id"],
        "title": node["title"],
        "rev": node["rev"],
        "content_offset": offset,
        "content_total": len(text),
        "content": text[offset:],
    }


def _first_part(node: dict[str, Any], form: Format, room: int) -> dict[str, Any]:
    """The longest beginning of a text that fits, at least a little, found by halving."""
    text = node.get("content", "")
    if not text:  # long without a text: all of it, since nothing of it can be given later
        return node
    total = node.get("content_total", len(text))
    base = {**node, "content_total": total}
    low, high = min(_LEAST_PART, len(text)), len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if tokens(rendered([{**base, "content": text[:middle]}], form)) <= room:
            low = middle
        else:
            high = middle - 1
    return {**base, "content": text[:low]}


def _where(chosen: ExportFilter) -> dict[str, Any] | None:
    conditions: dict[str, Any] = {}
    if chosen.ids is not None:
        conditions["id"] = {"in": chosen.ids}
    if chosen.node_type:
        conditions["type"] = {"eq": chosen.node_type.upper()}
    if chosen.tags:
        conditions["tags"] = {"hasAny": chosen.tags}
    if chosen.status:
        conditions["status"] = {"eq": chosen.status}
    if chosen.path:
        conditions["path"] = {"startsWith": chosen.path}
    if chosen.updated_after:
        conditions["updatedAt"] = {"gt": chosen.updated_after}
    return conditions or None
