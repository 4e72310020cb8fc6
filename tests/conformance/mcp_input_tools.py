"""Tools and a prompt that need their client's input before they can answer (protocol version 2026-07-28)."""

from typing import Any

from mcp.server.mcpserver import Context
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolResult,
    CreateMessageRequest,
    CreateMessageRequestParams,
    InputRequiredResult,
    ListRootsRequest,
    SamplingMessage,
    TextContent,
)

from stratumiops.ui.mcp.server import KnowledgeServer

from .mcp_tools import form

Answer = CallToolResult | InputRequiredResult
NAME = form("What is your name?", name="string")


def _sampling(text: str, max_tokens: int) -> CreateMessageRequest:
    message = SamplingMessage(role="user", content=TextContent(text=text))
    return CreateMessageRequest(params=CreateMessageRequestParams(messages=[message], max_tokens=max_tokens))


def _said(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=text)])


def _given(ctx: Context[Any, Any], name: str) -> Any:
    """What the client answered to one request; None unless it did."""
    return (ctx.input_responses or {}).get(name)


def _field(ctx: Context[Any, Any], name: str, field: str) -> Any:
    content = getattr(_given(ctx, name), "content", None)
    return content.get(field) if isinstance(content, dict) else None


def add_input_tools(server: KnowledgeServer) -> None:
    @server.tool()
    async def test_input_required_result_elicitation(ctx: Context[Any, Any]) -> Answer:
        """Needs a name."""
        name = _field(ctx, "user_name", "name")
        return _said(f"Hello, {name}!") if name else InputRequiredResult(input_requests={"user_name": NAME})

    @server.tool()
    async def test_streaming_elicitation(ctx: Context[Any, Any]) -> Answer:
        """Needs a name."""
        return InputRequiredResult(input_requests={"user_name": NAME})

    @server.tool()
    async def test_input_required_result_sampling(ctx: Context[Any, Any]) -> Answer:
        """Needs a model."""
        given = _given(ctx, "capital_question")
        if given is None:
            return InputRequiredResult(
                input_requests={"capital_question": _sampling("What is the capital of France?", 100)}
            )
        return _said(getattr(given.content, "text", ""))

    @server.tool()
    async def test_input_required_result_list_roots(ctx: Context[Any, Any]) -> Answer:
        """Needs the client's roots."""
        given = _given(ctx, "client_roots")
        if given is None:
            return InputRequiredResult(input_requests={"client_roots": ListRootsRequest()})
        return _said(", ".join(str(root.uri) for root in given.roots))

    @server.tool()
    async def test_input_required_result_request_state(ctx: Context[Any, Any]) -> Answer:
        """Needs a yes, and its own state back."""
        if _given(ctx, "confirm") is None:
            return InputRequiredResult(
                input_requests={"confirm": form("Please confirm", ok="boolean")}, request_state="asked"
            )
        return _said("state-ok" if ctx.request_state == "asked" else "no state")

    @server.tool()
    async def test_input_required_result_tampered_state(ctx: Context[Any, Any]) -> Answer:
        """Needs its own state back, untouched."""
        if ctx.request_state is None:
            return InputRequiredResult(
                input_requests={"confirm": form("Please confirm", ok="boolean")}, request_state="asked"
            )
        return _said("state-ok")

    @server.tool()
    async def test_input_required_result_multiple_inputs(ctx: Context[Any, Any]) -> Answer:
        """Needs three things at once."""
        wanted = {
            "user_name": NAME,
            "greeting": _sampling("Generate a greeting", 50),
            "client_roots": ListRootsRequest(),
        }
        if all(_given(ctx, name) is not None for name in wanted):
            return _said("all there")
        return InputRequiredResult(input_requests=wanted, request_state="asked")

    @server.tool()
    async def test_input_required_result_multi_round(ctx: Context[Any, Any]) -> Answer:
        """Needs two things one after the other."""
        if ctx.request_state is None:
            return InputRequiredResult(
                input_requests={"step1": form("Step 1: What is your name?", name="string")}, request_state="1:"
            )
        step, _, name = ctx.request_state.partition(":")
        if step == "1":
            return InputRequiredResult(
                input_requests={"step2": form("Step 2: What is your favorite color?", color="string")},
                request_state=f"2:{_field(ctx, 'step1', 'name')}",
            )
        return _said(f"{name} likes {_field(ctx, 'step2', 'color')}")

    @server.tool()
    async def test_input_required_result_capabilities(ctx: Context[Any, Any]) -> Answer:
        """Asks only for what the client can do."""
        can = ctx.client_capabilities
        wanted: dict[str, Any] = {}
        if can and can.sampling is not None:
            wanted["greeting"] = _sampling("Generate a greeting", 50)
        if can and can.elicitation is not None:
            wanted["user_name"] = NAME
        if not wanted:
            raise MCPError(code=INVALID_PARAMS, message="the client can do nothing of use")
        return InputRequiredResult(input_requests=wanted)


def add_input_prompt(server: KnowledgeServer) -> None:
    @server.prompt()
    async def test_input_required_result_prompt(ctx: Context[Any, Any]) -> Any:
        """Needs a context."""
        context = _field(ctx, "user_context", "context")
        if context is None:
            wanted = form("What context should the prompt use?", context="string")
            return InputRequiredResult(input_requests={"user_context": wanted})
        return f"Use this context: {context}"
