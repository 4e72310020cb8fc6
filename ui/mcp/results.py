"""What tools answer: models that become output schemas, and the answer as text and as structured content."""

from collections.abc import Collection, Mapping
from typing import Any, Literal

import orjson
from mcp_types import CallToolResult, TextContent
from pydantic import BaseModel, Field

NodeTypeName = Literal["note", "decision", "guideline", "pattern", "journal", "execution"]
RelationName = Literal["relates_to", "depends_on", "implements", "extends", "supersedes", "explains"]
NodeField = Literal[
    "id", "title", "node_type", "graph", "status", "date", "tags", "path", "updated_at", "rev", "content"
]
HitField = Literal[NodeField, "score", "excerpt"]


class Row(BaseModel):
    """A node. Only the fields that were asked for are there; what a node lacks is left out."""

    id: str = Field(description="Identifies it in its graph.")
    title: str | None = Field(None, description="Its title.")
    node_type: NodeTypeName | None = Field(None, description="Its kind.")
    graph: str | None = Field(None, description="The named graph it belongs to.")
    status: str | None = Field(None, description="Where it stands.")
    date: str | None = Field(None, description="The date it carries.")
    tags: list[str] | None = Field(None, description="Its tags.")
    path: str | None = Field(None, description="The file it came from.")
    updated_at: str | None = Field(None, description="When it last changed.")
    rev: int | None = Field(None, description="Its revision.")
    content: str | None = Field(None, description="Its text, markdown.")


class Listed(BaseModel):
    """What every list says of itself."""

    next_cursor: str | None = Field(None, description="Pass it as `cursor`, with the same arguments, to go on.")
    note: str | None = Field(None, description="What was left out, and how to get it.")


def row(node: Mapping[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """A node of the API with the fields that are wanted; `id` always, empty values never."""
    values = {
        "id": node["id"],
        "title": node["title"],
        "node_type": node["type"].lower(),
        "graph": node["graph"],
        "status": node.get("status"),
        "date": node.get("date"),
        "tags": node.get("tags") or None,
        "path": node.get("path"),
        "updated_at": node.get("updatedAt"),
        "rev": node.get("rev"),
        "content": node.get("content"),
    }
    return {key: value for key, value in values.items() if value is not None and (key == "id" or key in fields)}


def answer(value: BaseModel, *, text: str | None = None) -> CallToolResult:
    """A result: structured, and the same as JSON text for clients that read only that, or as `text`."""
    data = value.model_dump(mode="json", exclude_none=True)
    shown = orjson.dumps(data).decode() if text is None else text
    return CallToolResult(content=[TextContent(type="text", text=shown)], structured_content=data)


def left_out(left: int, shortened: Collection[str], ids: Collection[str], *, more: bool) -> str | None:
    """The note of a list that is not whole."""
    parts = []
    if left or more:
        what = f"{left} more did not fit into max_tokens" if left else "There is more"
        parts.append(f"{what}: call again with the same arguments and cursor=next_cursor.")
    if shortened:
        first = next(iter(ids), "")
        parts.append(
            f"{' and '.join(shortened)} cut to fit: raise max_tokens, or read it in parts with"
            f' export(format="markdown", filter={{"ids": ["{first}"]}}).'
        )
    return " ".join(parts) or None
