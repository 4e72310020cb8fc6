"""The prompts: a summary of a project, and what is related to something. Each brings what it talks about."""

from collections.abc import Awaitable, Mapping
from typing import Annotated, Any, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.shared.exceptions import MCPError
from mcp_types import INTERNAL_ERROR
from pydantic import Field

from stratumiops.graph.errors import NotFound, StratumError
from stratumiops.ui.mcp.api import Api
from stratumiops.ui.mcp.budget import cut, tokens
from stratumiops.ui.mcp.documents import AROUND, SEARCH_TEXT, SUMMARY
from stratumiops.ui.mcp.errors import told
from stratumiops.ui.mcp.resources import joined_line
from stratumiops.ui.mcp.settings import ServeSettings

_COUNTED = ("decisions", "guidelines", "patterns", "notes", "journal", "executions")
_DECISION_BYTES = 600
_TEXT_BYTES = 3_000

_Answer = TypeVar("_Answer")


def register(server: MCPServer, api: Api, settings: ServeSettings) -> None:
    """Add the prompts."""

    @server.prompt(title="Summarize a project")
    async def summarize_project(
        project: Annotated[str, Field(description="A named graph; without it the project's own.")] = "",
    ) -> str:
        """What a project is, which decisions hold, and what changed last."""
        graph = project or settings.graph
        variables = {"graph": graph, "inherited": False, "decisions": 60, "recent": 15}
        found = await _told(api.execute(SUMMARY, variables))
        return _fitted(_summary(graph, found), settings.max_tokens, _SUMMARIZE)

    @server.prompt(title="Find what is related")
    async def find_related(
        topic: Annotated[str, Field(description="The id of a node, or words.")],
    ) -> str:
        """What is joined to a node, or what is known about a topic, and how it hangs together."""
        around = await _told(_around(api, topic[:300], settings.graph))
        node = around["node"]
        words = (node["title"] if node else topic)[:1_000]
        variables = {
            "query": words,
            "graph": settings.graph,
            "inherited": True,
            "where": None,
            "first": 15,
            "content": False,
        }
        hits = (await _told(api.execute(SEARCH_TEXT, variables)))["search"] if words.strip() else []
        known = {node["id"]} if node else set()
        return _fitted(_related(topic, around, hits, known), settings.max_tokens, _RELATE)


_SUMMARIZE = """\
Summarize this project for someone who joins it today: what it is for, which decisions shape it and why, which rules
apply, what changed last. Name nodes by title and id. Say what you cannot tell from this, and use search or export to
look closer."""
_RELATE = """\
Explain how this hangs together: what depends on what, what was replaced by what and why, what contradicts each other.
Name nodes by title and id. Propose relations that are missing; add one with link only when the user agrees."""


def _line(node: Mapping[str, Any]) -> str:
    status = f", {node['status']}" if node.get("status") else ""
    return f"- {node['title']} ({node['type'].lower()}{status}; id {node['id']})"


def _summary(graph: str | None, found: Mapping[str, Any]) -> list[str]:
    counts = ", ".join(f"{found[name]['totalCount']} {name}" for name in _COUNTED)
    parts = [f"# {graph or 'All graphs'}\n\n{counts}."]
    if found["tags"]:
        parts.append("Tags: " + ", ".join(f"{one['tag']} ({one['count']})" for one in found["tags"]))
    parts.append("## Changed last\n\n" + "\n".join(map(_line, found["recent"]["nodes"])))
    parts.append("## Decisions that hold")
    parts.extend(
        f"{_line(node)}\n  {cut(' '.join(node['content'].split()), _DECISION_BYTES)}"
        for node in found["decisions"]["nodes"]
    )
    return parts


def _related(topic: str, around: Mapping[str, Any], hits: list[dict[str, Any]], known: set[str]) -> list[str]:
    node = around["node"]
    parts = [f"# What is related to {node['title'] if node else topic}"]
    if node is None:
        parts.append(f"No node has the id {topic!r}, so it is taken as words.")
    else:
        parts.append(f"{_line(node)}\n\n{cut(node['content'], _TEXT_BYTES)}")
        joined = [joined_line(one) for one in node["relations"]]
        parts.append("## Joined to it\n\n" + ("\n".join(joined) or "Nothing."))
        known |= {one["node"]["id"] for one in node["relations"]}
        further = [one["node"] for one in around["neighbours"] if one["node"]["id"] not in known]
        if further:
            parts.append("## Two steps away\n\n" + "\n".join(map(_line, further)))
            known |= {one["id"] for one in further}
    similar = [hit["node"] for hit in hits if hit["node"]["id"] not in known]
    parts.append("## Found by its words, not joined\n\n" + ("\n".join(map(_line, similar)) or "Nothing."))
    return parts


def _fitted(parts: list[str], max_tokens: int, task: str) -> str:
    """The parts that fit, and what is to be done with them."""
    room = max_tokens - tokens(task) - 60
    kept: list[str] = []
    for part in parts:
        if tokens(part) > room:
            if room > 100:
                kept.append(cut(part, room * 3))
            kept.append("[cut to fit max_tokens: search and export show the rest]")
            break
        kept.append(part)
        room -= tokens(part) + 1
    return f"{task}\n\n" + "\n\n".join(kept)


async def _around(api: Api, node_id: str, graph: str | None) -> dict[str, Any]:
    """A node and what is near it, in the project's graph or in any other; `node` is None when there is none."""
    for where in dict.fromkeys((graph, None)):
        try:
            return await api.execute(AROUND, {"id": node_id, "graph": where})
        except NotFound:
            continue
    return {"node": None, "neighbours": []}


async def _told(asking: Awaitable[_Answer]) -> _Answer:
    """The answer.

    Raises:
        MCPError: there is none; a prompt has no other way to say why.
    """
    try:
        return await asking
    except StratumError as error:
        raise MCPError(code=INTERNAL_ERROR, message=told(error)) from error
