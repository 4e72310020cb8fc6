"""Completion of what prompts and templates take: names of graphs, kinds of nodes."""

from mcp.server.mcpserver import MCPServer
from mcp_types import Completion, CompletionArgument, CompletionContext, PromptReference, ResourceTemplateReference

from stratumiops.graph.errors import StratumError
from stratumiops.ui.mcp.api import Api
from stratumiops.ui.mcp.documents import GRAPHS

_MOST = 100
_VALUES = {
    "scope": ("project", "shared"),
    "kind": ("notes", "decisions", "guidelines", "patterns"),
}


def register(server: MCPServer, api: Api) -> None:
    """Add the handler."""

    @server.completion()  # type: ignore[no-untyped-call,untyped-decorator]
    async def complete(
        ref: PromptReference | ResourceTemplateReference,  # the SDK passes it
        argument: CompletionArgument,
        context: CompletionContext | None,
    ) -> Completion:
        values = list(_VALUES.get(argument.name, ()))
        if argument.name in {"project", "graph"}:
            try:
                values = [one["name"] for one in (await api.execute(GRAPHS))["graphs"]]
            except StratumError:  # completion is a help, never a failure
                values = []
        found = [value for value in values if value.startswith(argument.value)]
        return Completion(values=found[:_MOST], total=len(found), has_more=len(found) > _MOST)
