"""search: what the graph knows about something."""

from typing import Annotated

from mcp.server.mcpserver import MCPServer
from mcp_types import CallToolResult
from pydantic import Field

from stratumiops.ui.mcp import cursor as cursors
from stratumiops.ui.mcp.api import Api
from stratumiops.ui.mcp.budget import fit
from stratumiops.ui.mcp.documents import SEARCH_HYBRID, SEARCH_TEXT
from stratumiops.ui.mcp.finding import MAX_HITS, excerpt, find
from stratumiops.ui.mcp.results import HitField, Listed, NodeTypeName, Row, answer, left_out, row
from stratumiops.ui.mcp.settings import ServeSettings
from stratumiops.ui.mcp.tools import Cursor, MaxTokens, Project, reading

_FIELDS: tuple[HitField, ...] = ("id", "title", "node_type", "graph", "status", "path", "score", "excerpt")


class Hit(Row):
    """A node that was found."""

    score: float | None = Field(None, description="Higher is better; scores of two searches do not compare.")
    excerpt: str | None = Field(None, description="The part of the text that matched.")


class SearchResult(Listed):
    """What was found, best first."""

    hits: list[Hit] = Field(description="Nodes, best first.")
    mode: str = Field(description="How it was searched: hybrid (words and meaning) or text (words).")


def register(server: MCPServer, api: Api, settings: ServeSettings) -> None:
    """Add the tool."""

    @server.tool(annotations=reading("Search the project's memory"))
    async def search(
        query: Annotated[
            str,
            Field(min_length=1, max_length=1_000, description='Words to look for; "a phrase", begin* and -without.'),
        ],
        node_type: Annotated[NodeTypeName | None, Field(description="Nodes of this type only.")] = None,
        limit: Annotated[int, Field(ge=1, le=MAX_HITS, description="How many hits at the most.")] = 10,
        project: Project = None,
        semantic: Annotated[bool, Field(description="Search by meaning too, not by words alone.")] = True,
        threshold: Annotated[float, Field(ge=0, le=1, description="Least similarity of a semantic hit.")] = 0.4,
        fields: Annotated[
            list[HitField] | None, Field(description="What each hit shows; id always. `content` is the whole text.")
        ] = None,
        cursor: Cursor = None,
        max_tokens: MaxTokens = None,
    ) -> Annotated[CallToolResult, SearchResult]:
        """Search knowledge graph by text or semantic similarity."""
        graph = project or settings.graph
        wanted = set(fields or _FIELDS)
        call = {"t": "search", "q": query, "n": node_type, "g": graph, "s": semantic, "x": threshold}
        start = int(cursors.decode(call, cursor).get("offset", 0))
        end = min(start + limit, MAX_HITS)
        variables = {
            "query": query,
            "graph": graph,
            "inherited": True,
            "where": {"type": {"eq": node_type.upper()}} if node_type else None,
            "first": min(end + 1, MAX_HITS),
            "content": "content" in wanted,
        }
        hits, mode, note = await find(
            api, SEARCH_TEXT, SEARCH_HYBRID, variables, semantic=semantic, threshold=threshold
        )
        items = []
        for hit in hits[start:end]:
            item = row(hit["node"], wanted)
            if "score" in wanted:
                item["score"] = round(hit["score"], 4)
            if "excerpt" in wanted and (part := excerpt(hit)):
                item["excerpt"] = part
            items.append(item)
        fitted = fit(items, max_tokens or settings.max_tokens)
        reached = start + len(fitted.items)
        more = reached < len(hits)
        notes = (note, left_out(fitted.left, fitted.shortened, [one["id"] for one in fitted.items], more=more))
        return answer(
            SearchResult(
                hits=[Hit(**item) for item in fitted.items],
                mode=mode,
                next_cursor=cursors.encode(call, {"offset": reached}) if more else None,
                note=" ".join(one for one in notes if one) or None,
            )
        )
