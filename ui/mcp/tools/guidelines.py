"""get_guidelines: the rules that apply, the project's own before shared ones."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp_types import CallToolResult
from pydantic import Field

from stratumiops.ui.mcp import cursor as cursors
from stratumiops.ui.mcp.api import Api
from stratumiops.ui.mcp.budget import fit
from stratumiops.ui.mcp.documents import APPLICABLE, GRAPHS, GUIDELINES_HYBRID, GUIDELINES_TEXT, NODES
from stratumiops.ui.mcp.finding import MAX_HITS, find
from stratumiops.ui.mcp.results import Listed, NodeField, Row, answer, left_out, row
from stratumiops.ui.mcp.settings import ServeSettings
from stratumiops.ui.mcp.tools import Cursor, MaxTokens, reading

_FIELDS: tuple[NodeField, ...] = ("id", "title", "graph", "content", "tags", "path")
_THRESHOLD = 0.4
_WHERE = {"type": {"eq": "GUIDELINE"}}


class Guideline(Row):
    """A rule."""

    priority: int = Field(description="Of two guidelines on one topic the higher wins.")
    shared: bool = Field(description="Whether it comes from a graph that the project inherits from.")
    overrides: list[str] | None = Field(None, description="Graphs whose guideline of the same title it replaces.")


class Guidelines(Listed):
    """The rules that apply, in order of precedence."""

    guidelines: list[Guideline] = Field(description="Guidelines, highest priority first.")


def register(server: MCPServer, api: Api, settings: ServeSettings) -> None:
    """Add the tool."""

    @server.tool(annotations=reading("Get the guidelines for a topic"))
    async def get_guidelines(
        topic: Annotated[str, Field(max_length=1_000, description="What you are about to do; empty: all guidelines.")],
        include_shared: Annotated[bool, Field(description="Also those the project inherits from other graphs.")] = True,
        fields: Annotated[list[NodeField] | None, Field(description="What each guideline shows; id always.")] = None,
        cursor: Cursor = None,
        max_tokens: MaxTokens = None,
    ) -> Annotated[CallToolResult, Guidelines]:
        """Get applicable guidelines for a topic. A project's own guideline overrides a shared one of the same title."""
        wanted = set(fields or _FIELDS)
        call = {"t": "get_guidelines", "q": topic, "i": include_shared, "g": settings.graph}
        start = int(cursors.decode(call, cursor).get("offset", 0))
        ranked, note = await _applicable(api, topic, settings.graph, shared=include_shared)
        items = [
            row(node, wanted)
            | {"priority": node["effective"], "shared": node["shared"]}
            | ({"overrides": node["overrides"]} if node["overrides"] else {})
            for node in ranked[start:]
        ]
        fitted = fit(items, max_tokens or settings.max_tokens)
        reached = start + len(fitted.items)
        more = reached < len(ranked)
        notes = [note, left_out(fitted.left, fitted.shortened, [one["id"] for one in fitted.items], more=more)]
        if not ranked:
            notes.append("No guideline matches: try other words, or an empty topic for all of them.")
        return answer(
            Guidelines(
                guidelines=[Guideline(**item) for item in fitted.items],
                next_cursor=cursors.encode(call, {"offset": reached}) if more else None,
                note=" ".join(one for one in notes if one) or None,
            )
        )


async def _applicable(
    api: Api, topic: str, graph: str | None, *, shared: bool
) -> tuple[list[dict[str, Any]], str | None]:
    """The guidelines that apply, as the server weighs them where it can; a note when they were found otherwise."""
    if graph is not None:
        variables = {"graph": graph, "topic": topic.strip() or None, "shared": shared, "first": MAX_HITS}
        found = await api.execute_if_known("guidelinesFor", APPLICABLE, variables)
        if found is not None:
            return [
                {
                    **one["guideline"],
                    "effective": one["priority"],
                    "shared": one["inheritedFrom"] is not None,
                    "overrides": sorted({other["graph"] for other in one["overrides"]}),
                }
                for one in found["guidelinesFor"]
            ], None
    nodes, note = await _candidates(api, topic, graph, inherited=shared)
    priorities = {one["name"]: one["priority"] for one in (await api.execute(GRAPHS))["graphs"]}
    return ranking(nodes, graph, priorities), note


async def _candidates(
    api: Api, topic: str, graph: str | None, *, inherited: bool
) -> tuple[list[dict[str, Any]], str | None]:
    """Guidelines on a topic, best first; all of them, last changed first, without one."""
    variables = {"graph": graph, "inherited": inherited, "where": _WHERE, "first": MAX_HITS}
    if topic.strip():
        hits, _, note = await find(
            api,
            GUIDELINES_TEXT,
            GUIDELINES_HYBRID,
            {**variables, "query": topic},
            semantic=True,
            threshold=_THRESHOLD,
        )
        return [hit["node"] for hit in hits], note
    page = (await api.execute(NODES, {**variables, "order": None, "after": None}))["nodes"]
    return [edge["node"] for edge in page["edges"]], None


def ranking(
    nodes: Iterable[Mapping[str, Any]], project: str | None, priorities: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Guidelines by precedence: the higher priority first, else the project's own, else the better match.

    A guideline without a priority has that of its graph. Of several with one title only the first counts; it
    says whose it `overrides`.
    """
    found = []
    for place, node in enumerate(nodes):
        own = project is None or node["graph"] == project
        effective = node.get("priority")
        effective = priorities.get(node["graph"], 0) if effective is None else effective
        found.append({**node, "effective": effective, "shared": not own, "overrides": [], "place": place})
    found.sort(key=lambda one: (-one["effective"], one["shared"], one["place"]))
    first: dict[str, dict[str, Any]] = {}
    for one in found:
        winner = first.setdefault(one["title"].casefold().strip(), one)
        if winner is not one and one["graph"] != winner["graph"]:
            winner["overrides"].append(one["graph"])
    winners = set(map(id, first.values()))
    return [
        one for one in found if id(one) in winners or first[one["title"].casefold().strip()]["graph"] == one["graph"]
    ]
