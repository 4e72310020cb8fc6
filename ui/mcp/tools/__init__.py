"""The tools, a module for each matter. A module has `register(server, api, settings)`, which adds its own."""

from typing import Annotated

from mcp_types import ToolAnnotations
from pydantic import Field

from stratumiops.ui.cli.project.model import TOOLS

ORDER = TOOLS

MaxTokens = Annotated[
    int | None,
    Field(ge=200, le=200_000, description="Longest answer in tokens, about; the server's default is 4,000."),
]
Cursor = Annotated[str | None, Field(description="`next_cursor` of the last answer, to go on with the same call.")]
Project = Annotated[
    str | None,
    Field(description="A named graph (see list_graphs); without it the project's own and what it inherits."),
]


def reading(title: str) -> ToolAnnotations:
    """A tool that only reads this graph."""
    return ToolAnnotations(title=title, read_only_hint=True, idempotent_hint=True, open_world_hint=False)


def adding(title: str) -> ToolAnnotations:
    """A tool that adds something each time it is called; nothing is changed or lost."""
    return ToolAnnotations(
        title=title, read_only_hint=False, destructive_hint=False, idempotent_hint=False, open_world_hint=False
    )
