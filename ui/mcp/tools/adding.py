"""add_note, add_decision, link: writing down what was learned and decided."""

from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp_types import CallToolResult, ToolAnnotations
from pydantic import BaseModel, Field

from stratumiops.graph.errors import NotFound
from stratumiops.ui.mcp.api import Api
from stratumiops.ui.mcp.documents import ADD_DECISION, ADD_NOTE, ENDS, LINK
from stratumiops.ui.mcp.results import RelationName, answer
from stratumiops.ui.mcp.settings import ServeSettings
from stratumiops.ui.mcp.tools import adding

Title = Annotated[str, Field(min_length=1, max_length=1_000, description="One line.")]


class Created(BaseModel):
    """What was added."""

    id: str = Field(description="Its id, for link and export.")
    title: str = Field(description="Its title.")
    node_type: str = Field(description="Its kind.")
    graph: str = Field(description="The named graph it went into.")
    status: str | None = Field(None, description="Where it stands.")
    rev: int = Field(description="Its revision.")


class Linked(BaseModel):
    """The relation that holds now."""

    source_id: str = Field(description="Where it starts.")
    source_title: str = Field(description="The title there.")
    target_id: str = Field(description="Where it ends.")
    target_title: str = Field(description="The title there.")
    relation: RelationName = Field(description="What joins them.")
    graph: str = Field(description="The named graph it belongs to.")
    valid_from: str = Field(description="Since when it holds.")


def _created(node: dict[str, Any]) -> CallToolResult:
    parts = {"id": node["id"], "title": node["title"], "node_type": node["type"].lower(), "graph": node["graph"]}
    return answer(Created(**parts, status=node["status"], rev=node["rev"]))


def register(server: MCPServer, api: Api, settings: ServeSettings) -> None:
    """Add the tools."""

    @server.tool(annotations=adding("Add a note"))
    async def add_note(
        title: Title,
        content: Annotated[str, Field(description="The text, markdown.")],
        tags: Annotated[list[str], Field(max_length=200, description="Tags, without #; may be empty.")],
    ) -> Annotated[CallToolResult, Created]:
        """Add a new note to the knowledge graph."""
        given = {"graph": settings.write_graph, "title": title, "content": content, "tags": tags}
        return _created((await api.execute(ADD_NOTE, {"input": given}))["createNote"]["note"])

    @server.tool(annotations=adding("Record a decision"))
    async def add_decision(
        title: Title,
        context: Annotated[str, Field(description="What made a decision necessary, markdown.")],
        decision: Annotated[str, Field(description="What was decided, markdown.")],
        consequences: Annotated[str, Field(description="What follows from it, good and bad, markdown.")],
    ) -> Annotated[CallToolResult, Created]:
        """Record an architectural decision (ADR). Its status is proposed, until a person accepts it."""
        given = {"graph": settings.write_graph, "title": title, "status": "proposed"}
        sections = {"context": context, "decision": decision, "consequences": consequences}
        made = await api.execute(ADD_DECISION, {"input": given | sections})
        return _created(made["createDecision"]["decision"])

    @server.tool(
        annotations=ToolAnnotations(
            title="Join two nodes",
            read_only_hint=False,
            destructive_hint=False,
            idempotent_hint=True,
            open_world_hint=False,
        )
    )
    async def link(
        source_id: Annotated[str, Field(min_length=1, max_length=300, description="Id of the node it starts from.")],
        target_id: Annotated[str, Field(min_length=1, max_length=300, description="Id of the node it leads to.")],
        relation: Annotated[
            RelationName,
            Field(description="What joins them; supersedes runs from the newer to the older."),
        ],
    ) -> Annotated[CallToolResult, Linked]:
        """Create relationship between nodes."""
        ends = {"source": source_id, "target": target_id}
        graph = await _graph_of(api, ends, settings)
        given = {"input": {**ends, "relation": relation.upper(), "graph": graph}}
        made = (await api.execute(LINK, given))["linkNodes"]["relation"]
        return answer(
            Linked(
                source_id=made["source"]["id"],
                source_title=made["source"]["title"],
                target_id=made["target"]["id"],
                target_title=made["target"]["title"],
                relation=relation,
                graph=graph,
                valid_from=made["validFrom"],
            )
        )


async def _graph_of(api: Api, ends: dict[str, str], settings: ServeSettings) -> str:
    """The named graph that both nodes are in.

    Raises:
        NotFound: one of them is nowhere.
    """
    for graph in dict.fromkeys((settings.graph, None)):
        found = await api.execute(ENDS, {**ends, "graph": graph})
        if found["source"] and found["target"]:
            return str(found["source"]["graph"])
    missing = next(name for name in ("source", "target") if not found[name])
    message = f"No node has the id {ends[missing]!r}."
    raise NotFound(message, hint="Find its id with search.", field=f"{missing}_id")
