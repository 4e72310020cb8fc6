"""The server: tools, resources and prompts over one API, and errors in words that an agent can act on."""

import logging
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp_types import CallToolResult, InputRequiredResult, Tool
from pydantic import ValidationError

from stratumiops import __version__
from stratumiops.graph.errors import StratumError
from stratumiops.ui.mcp import completion, prompts, resources, tools
from stratumiops.ui.mcp.api import Api, Executes
from stratumiops.ui.mcp.errors import explained, told, unknown_arguments
from stratumiops.ui.mcp.settings import ServeSettings

_INSTRUCTIONS = """\
The project's memory: notes, decisions (ADRs), guidelines, patterns and a journal, joined by typed relations.
Before you change something, call get_guidelines for the topic and search for decisions about it; a decision with
the status superseded has a successor. Record what was decided with add_decision, and what was learned with add_note;
join them with link. Long results end with next_cursor: pass it as cursor to go on."""

_log = logging.getLogger(__name__)


class KnowledgeServer(MCPServer[Any]):
    """An MCP server whose failures are results that say what to do, never stack traces."""

    async def list_tools(self) -> list[Tool]:
        """The tools in their order; none takes arguments that its schema does not name."""
        order = {name: place for place, name in enumerate(tools.ORDER)}
        found = sorted(await super().list_tools(), key=lambda one: order.get(one.name, len(order)))
        return [
            one.model_copy(update={"input_schema": {**one.input_schema, "additionalProperties": False}})
            for one in found
        ]

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool.

        Raises:
            ToolError: it failed; the message is for the agent. The SDK makes a result with `isError` of it.
        """
        tool = self._tool_manager.get_tool(name)
        if tool is None:
            offered = ", ".join(one.name for one in await self.list_tools())
            raise ToolError(f"NOT_FOUND: there is no tool {name[:80]!r} here. What to do: use one of {offered}.")
        problem = unknown_arguments(name, arguments, tool.parameters.get("properties", {}))
        if problem:
            raise ToolError(problem)
        try:
            return await super().call_tool(name, arguments, context)
        except UnexpectedToolError as error:
            if isinstance(error.__cause__, StratumError):
                raise ToolError(told(error.__cause__)) from error.__cause__
            _log.exception("the tool %s failed", name)
            message = f"INTERNAL: {name} failed. What to do: the log of `kogral serve` (its stderr) has the reason."
            raise ToolError(message) from error
        except ToolError as error:
            if isinstance(error.__cause__, ValidationError):
                raise ToolError(explained(error.__cause__)) from error.__cause__
            raise


def build(client: Executes, settings: ServeSettings) -> KnowledgeServer:
    """A server over this client, with the tools that the settings offer."""
    server = KnowledgeServer(
        "kogral",
        title="Kogral: the project's memory",
        instructions=_INSTRUCTIONS,
        version=__version__,
        log_level="WARNING",
        subscriptions=False,
    )
    api = Api(client)
    for module in sorted(one.name for one in iter_modules(tools.__path__)):
        import_module(f"{tools.__name__}.{module}").register(server, api, settings)
    for name in set(tools.ORDER) - settings.tools:
        server.remove_tool(name)
    resources.register(server, api, settings)
    prompts.register(server, api, settings)
    completion.register(server, api)
    return server
