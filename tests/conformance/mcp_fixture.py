"""The server that the MCP conformance runner talks to: our server class behind our HTTP transport, its own tools."""

import base64
import json
from typing import Any

from mcp.server.mcpserver.prompts.base import UserMessage
from mcp.server.streamable_http import EventCallback, EventMessage, EventStore
from mcp_types import (
    Completion,
    EmbeddedResource,
    EmptyResult,
    ImageContent,
    JSONRPCMessage,
    SetLevelRequestParams,
    SubscribeRequestParams,
    TextContent,
    TextResourceContents,
    UnsubscribeRequestParams,
)

from stratumiops.ui.mcp.server import KnowledgeServer

from .mcp_input_tools import add_input_prompt, add_input_tools
from .mcp_tools import PNG, add_content_tools, add_talking_tools


class Events(EventStore):
    """What was sent on each stream, for clients that come back."""

    def __init__(self) -> None:
        self._sent: list[tuple[str, JSONRPCMessage | None]] = []

    async def store_event(self, stream_id: str, message: JSONRPCMessage | None) -> str:
        self._sent.append((stream_id, message))
        return str(len(self._sent))

    async def replay_events_after(self, last_event_id: str, send_callback: EventCallback) -> str | None:
        last = int(last_event_id)
        stream = self._sent[last - 1][0]
        for number, (owner, message) in enumerate(self._sent[last:], last + 1):
            if owner == stream and message is not None:
                await send_callback(EventMessage(message, str(number)))
        return stream


def build_fixture() -> KnowledgeServer:
    server = KnowledgeServer("conformance", version="1.0.0")
    add_content_tools(server)
    add_talking_tools(server)
    add_input_tools(server)
    add_input_prompt(server)
    _add_resources(server)
    _add_prompts(server)
    _add_handlers(server)
    return server


def _add_resources(server: KnowledgeServer) -> None:
    @server.resource("test://static-text", mime_type="text/plain")
    async def static_text() -> str:
        """A text."""
        return "This is the content of the static text resource."

    @server.resource("test://static-binary", mime_type="image/png")
    async def static_binary() -> bytes:
        """An image."""
        return base64.b64decode(PNG)

    @server.resource("test://watched-resource", mime_type="text/plain")
    async def watched() -> str:
        """A text that can be watched."""
        return "Watched resource content"

    @server.resource("test://template/{id}/data", mime_type="application/json")
    async def template(id: str) -> str:  # noqa: A002
        """A text for each id."""
        return json.dumps({"id": id, "templateTest": True, "data": f"Data for ID: {id}"})


def _add_prompts(server: KnowledgeServer) -> None:
    @server.prompt()
    async def test_simple_prompt() -> str:
        """A text."""
        return "This is a simple prompt for testing."

    @server.prompt()
    async def test_prompt_with_arguments(arg1: str, arg2: str) -> str:
        """A text with two values in it."""
        return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"

    @server.prompt()
    async def test_prompt_with_embedded_resource(resourceUri: str) -> list[Any]:  # noqa: N803
        """A resource within a prompt."""
        text = "Embedded resource content for testing."
        resource = TextResourceContents(uri=resourceUri, mime_type="text/plain", text=text)
        return [
            UserMessage(EmbeddedResource(resource=resource)),
            UserMessage("Please process the embedded resource above."),
        ]

    @server.prompt()
    async def test_prompt_with_image() -> list[Any]:
        """An image within a prompt."""
        return [
            UserMessage(ImageContent(data=PNG, mime_type="image/png")),
            UserMessage(TextContent(text="Please analyze the image above.")),
        ]


def _add_handlers(server: KnowledgeServer) -> None:
    watched: set[str] = set()

    async def subscribe(context: Any, params: SubscribeRequestParams) -> EmptyResult:
        watched.add(str(params.uri))
        return EmptyResult()

    async def unsubscribe(context: Any, params: UnsubscribeRequestParams) -> EmptyResult:
        watched.discard(str(params.uri))
        return EmptyResult()

    async def set_level(context: Any, params: SetLevelRequestParams) -> EmptyResult:
        return EmptyResult()

    low = server._lowlevel_server
    low.add_request_handler("resources/subscribe", SubscribeRequestParams, subscribe)
    low.add_request_handler("resources/unsubscribe", UnsubscribeRequestParams, unsubscribe)
    low.add_request_handler("logging/setLevel", SetLevelRequestParams, set_level)

    @server.completion()
    async def complete(ref: Any, argument: Any, context: Any) -> Completion:
        return Completion(values=[f"{argument.value}ris"], total=1, has_more=False)
