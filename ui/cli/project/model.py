"""What `.kogral/config.toml` may say: the model of local directories, which this command shows and changes."""

from stratumiops.graph.local.config import Config as ProjectConfig
from stratumiops.graph.local.config import McpSection as Mcp

__all__ = ["TOOLS", "Mcp", "ProjectConfig"]

TOOLS = (
    "search",
    "add_note",
    "add_decision",
    "link",
    "get_guidelines",
    "list_graphs",
    "export",
    "get_blocks",
    "find_todos",
    "update_block",
)
"""The tools of the MCP server, in the order in which it lists them."""
