"""The tools that the scenarios of the MCP conformance runner call by name."""

import asyncio
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from mcp.shared.exceptions import MCPError
from mcp_types import (
    MISSING_REQUIRED_CLIENT_CAPABILITY,
    AudioContent,
    ClientCapabilities,
    ElicitRequest,
    ElicitRequestFormParams,
    EmbeddedResource,
    ImageContent,
    MissingRequiredClientCapabilityErrorData,
    SamplingCapability,
    SamplingMessage,
    TextContent,
    TextResourceContents,
)
from pydantic import BaseModel, Field

from stratumiops.ui.mcp.server import KnowledgeServer

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA="
STEP_S = 0.05
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}
"""What the scenario json-schema-2020-12 wants to find unchanged."""


class User(BaseModel):
    username: str = Field(description="User's response")
    email: str = Field(description="User's email address")


class Defaults(BaseModel):
    name: str = Field("John Doe", description="Name")
    age: int = Field(30, description="Age")
    score: float = Field(95.5, description="Score")
    status: str = Field("active", json_schema_extra={"enum": ["active", "inactive", "pending"]})
    verified: bool = Field(True, description="Verified")


def _titled(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"const": value, "title": title} for value, title in pairs]


class Enums(BaseModel):
    untitledSingle: str = Field(json_schema_extra={"enum": ["option1", "option2", "option3"]})  # noqa: N815
    titledSingle: str = Field(  # noqa: N815
        json_schema_extra={"oneOf": _titled(("value1", "First Option"), ("value2", "Second Option"))}
    )
    legacyEnum: str = Field(  # noqa: N815
        json_schema_extra={"enum": ["opt1", "opt2"], "enumNames": ["Option One", "Option Two"]}
    )
    untitledMulti: list[str] = Field(  # noqa: N815
        json_schema_extra={"items": {"type": "string", "enum": ["option1", "option2", "option3"]}}
    )
    titledMulti: list[str] = Field(  # noqa: N815
        json_schema_extra={"items": {"anyOf": _titled(("value1", "First Choice"), ("value2", "Second Choice"))}}
    )


def _resource(uri: str, mime_type: str, text: str) -> EmbeddedResource:
    return EmbeddedResource(resource=TextResourceContents(uri=uri, mime_type=mime_type, text=text))


def add_content_tools(server: KnowledgeServer) -> None:
    @server.tool()
    async def test_simple_text() -> TextContent:
        """Text."""
        return TextContent(text="This is a simple text response for testing.")

    @server.tool()
    async def test_image_content() -> ImageContent:
        """An image."""
        return ImageContent(data=PNG, mime_type="image/png")

    @server.tool()
    async def test_audio_content() -> AudioContent:
        """A sound."""
        return AudioContent(data=WAV, mime_type="audio/wav")

    @server.tool()
    async def test_embedded_resource() -> EmbeddedResource:
        """A resource within a result."""
        return _resource("test://embedded-resource", "text/plain", "This is an embedded resource content.")

    @server.tool()
    async def test_multiple_content_types() -> list[TextContent | ImageContent | EmbeddedResource]:
        """Several kinds of content."""
        return [
            TextContent(text="Multiple content types test:"),
            ImageContent(data=PNG, mime_type="image/png"),
            _resource("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
        ]

    @server.tool()
    async def test_error_handling() -> TextContent:
        """Always an error."""
        raise RuntimeError("This tool intentionally returns an error for testing")

    @server.tool()
    async def test_headers_tool(
        region: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Region"})],
    ) -> TextContent:
        """An argument that is a header too."""
        return TextContent(text=region)

    @server.tool(name="json_schema_2020_12_tool")
    async def json_schema(name: str = "") -> TextContent:
        """Tool with JSON Schema 2020-12 features."""
        return TextContent(text=name)

    server._tool_manager.get_tool("json_schema_2020_12_tool").parameters = SCHEMA


def add_talking_tools(server: KnowledgeServer) -> None:
    @server.tool()
    async def test_tool_with_logging(ctx: Context[Any, Any]) -> TextContent:
        """Three log messages."""
        for said in ("Tool execution started", "Tool processing data", "Tool execution completed"):
            await ctx.info(said)
            await asyncio.sleep(STEP_S)  # the scenario asks for messages apart in time
        return TextContent(text="logged")

    @server.tool()
    async def test_logging_tool(ctx: Context[Any, Any]) -> TextContent:
        """A log message for those who asked for one."""
        await ctx.info("logged")
        return TextContent(text="done")

    @server.tool()
    async def test_tool_with_progress(ctx: Context[Any, Any]) -> TextContent:
        """Three steps."""
        for done in (0, 50, 100):
            await ctx.report_progress(done, 100)
            await asyncio.sleep(STEP_S)
        return TextContent(text="done")

    @server.tool()
    async def test_reconnection(ctx: Context[Any, Any]) -> TextContent:
        """Closes its stream before it answers."""
        await ctx.close_sse_stream()
        await asyncio.sleep(4 * STEP_S)
        return TextContent(text="Reconnection test completed")

    @server.tool()
    async def test_sampling(prompt: str, ctx: Context[Any, Any]) -> TextContent:
        """Asks the client's model."""
        message = SamplingMessage(role="user", content=TextContent(text=prompt))
        answer = await ctx.session.create_message(
            messages=[message], max_tokens=100, related_request_id=ctx.request_context.request_id
        )
        return TextContent(text=f"LLM response: {getattr(answer.content, 'text', '')}")

    async def ask(ctx: Context[Any, Any], message: str, schema: type[BaseModel]) -> TextContent:
        answer = await ctx.elicit(message, schema)
        given = answer.data.model_dump_json() if answer.action == "accept" else "{}"
        return TextContent(text=f"User response: action={answer.action}, content={given}")

    @server.tool()
    async def test_elicitation(message: str, ctx: Context[Any, Any]) -> TextContent:
        """Asks the user."""
        return await ask(ctx, message, User)

    @server.tool()
    async def test_elicitation_sep1034_defaults(ctx: Context[Any, Any]) -> TextContent:
        """Asks the user, with defaults."""
        return await ask(ctx, "Please check", Defaults)

    @server.tool()
    async def test_elicitation_sep1330_enums(ctx: Context[Any, Any]) -> TextContent:
        """Asks the user to choose."""
        return await ask(ctx, "Please choose", Enums)

    @server.tool()
    async def test_trigger_tool_change(ctx: Context[Any, Any]) -> TextContent:
        """Says that the tools have changed."""
        await ctx.notify_tools_changed()
        return TextContent(text="done")

    @server.tool()
    async def test_trigger_prompt_change(ctx: Context[Any, Any]) -> TextContent:
        """Says that the prompts have changed."""
        await ctx.notify_prompts_changed()
        return TextContent(text="done")

    @server.tool()
    async def test_missing_capability(ctx: Context[Any, Any]) -> TextContent:
        """For clients that can sample."""
        if not ctx.client_capabilities or ctx.client_capabilities.sampling is None:
            needed = MissingRequiredClientCapabilityErrorData(
                required_capabilities=ClientCapabilities(sampling=SamplingCapability())
            )
            raise MCPError(
                code=MISSING_REQUIRED_CLIENT_CAPABILITY,
                message="sampling is needed",
                data=needed.model_dump(by_alias=True, mode="json", exclude_none=True),
            )
        return TextContent(text="done")


def form(message: str, **properties: str) -> ElicitRequest:
    schema = {
        "type": "object",
        "properties": {name: {"type": kind} for name, kind in properties.items()},
        "required": list(properties),
    }
    return ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=schema))
