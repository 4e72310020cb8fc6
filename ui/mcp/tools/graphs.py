"""list_graphs: what there is to ask."""

from typing import Annotated, Literal

from mcp.server.mcpserver import MCPServer
from mcp_types import CallToolResult
from pydantic import BaseModel, Field

from stratumiops.ui.mcp import cursor as cursors
from stratumiops.ui.mcp.api import Api
from stratumiops.ui.mcp.budget import fit
from stratumiops.ui.mcp.documents import GRAPHS
from stratumiops.ui.mcp.results import Listed, answer, left_out
from stratumiops.ui.mcp.settings import ServeSettings
from stratumiops.ui.mcp.tools import Cursor, MaxTokens, reading

GraphField = Literal["name", "title", "description", "nodes", "inherits", "current"]


class Graph(BaseModel):
    """A named graph."""

    name: str = Field(description="Its name: what `project` takes.")
    title: str | None = Field(None, description="What people call it.")
    description: str | None = Field(None, description="What it is for.")
    nodes: int | None = Field(None, description="How many nodes it holds, without inherited ones.")
    inherits: list[str] | None = Field(None, description="Graphs whose knowledge it shares.")
    current: bool | None = Field(None, description="Whether it is this project's own: where add_note writes.")


class Graphs(Listed):
    """The named graphs, by name."""

    graphs: list[Graph] = Field(description="Named graphs, by name.")


def register(server: MCPServer, api: Api, settings: ServeSettings) -> None:
    """Add the tool."""

    @server.tool(annotations=reading("List the named graphs"))
    async def list_graphs(
        fields: Annotated[list[GraphField] | None, Field(description="What each graph shows; name always.")] = None,
        cursor: Cursor = None,
        max_tokens: MaxTokens = None,
    ) -> Annotated[CallToolResult, Graphs]:
        """List available knowledge graphs."""
        call = {"t": "list_graphs"}
        after = cursors.decode(call, cursor).get("after", "")
        found = sorted((await api.execute(GRAPHS))["graphs"], key=lambda one: str(one["name"]))
        items = [
            {
                "name": one["name"],
                "title": one["title"] or None,
                "description": one["description"] or None,
                "nodes": one["nodeCount"],
                "inherits": [base["graph"] for base in one["inherits"]],
                "current": one["name"] == settings.write_graph,
            }
            for one in found
            if one["name"] > after
        ]
        if fields is not None:
            items = [{key: value for key, value in item.items() if key in {"name", *fields}} for item in items]
        fitted = fit(items, max_tokens or settings.max_tokens)
        more = len(fitted.items) < len(items)
        return answer(
            Graphs(
                graphs=[Graph(**item) for item in fitted.items],
                next_cursor=cursors.encode(call, {"after": fitted.items[-1]["name"]}) if more else None,
                note=left_out(fitted.left, (), (), more=more),
            )
        )
