"""The application: `/graphql` in front, FastAPI for the small routes beside it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import structlog
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from stratumiops.graph.errors import StratumError
from stratumiops.resolvers.auth import authenticator
from stratumiops.resolvers.health import health_routes
from stratumiops.resolvers.http.endpoint import GraphQLEndpoint
from stratumiops.resolvers.http.front import Front
from stratumiops.resolvers.http.playground import Playground
from stratumiops.resolvers.http.ports import GraphQLEngine
from stratumiops.resolvers.http.replies import problem
from stratumiops.resolvers.http.static import build_folder
from stratumiops.resolvers.http.transport_ws import GraphQLSockets
from stratumiops.resolvers.http.webapp import serve_app
from stratumiops.resolvers.tracing import Tracing
from stratumiops.resolvers.trusted import trusted_documents
from stratumiops.resolvers.vault.passage import Passage

if TYPE_CHECKING:
    from stratumiops.resolvers.bootstrap import Services

log = structlog.get_logger("stratumiops.app")


def create_app(services: "Services", engine: GraphQLEngine, tracing: Tracing | None = None) -> Front:
    """The ASGI application over wired services.

    Raises:
        BadInput: settings that cannot work, such as an open address without tokens.
    """
    callers = authenticator(services.settings)
    trusted = trusted_documents(services.settings.graphql)
    playground = Playground(build_folder("playground"))
    app = FastAPI(title="StratumIOps", lifespan=_lifespan(services), openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(health_routes(services, callers))
    app.add_exception_handler(StratumError, _problem)
    app.add_exception_handler(HTTPException, _http_problem)
    files = playground.files()
    if files is not None:
        app.mount("/playground", files)
    serve_app(app, build_folder("app"))
    endpoint = GraphQLEndpoint(engine, services, authenticator=callers, trusted=trusted, playground=playground)
    sockets = GraphQLSockets(engine, services, authenticator=callers, trusted=trusted)
    return Front(app, endpoint, sockets, services, Passage(services, callers), tracing)


def _lifespan(services: "Services") -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(services.close)
            task = asyncio.create_task(services.run())
            task.add_done_callback(_report)
            stack.push_async_callback(_cancel, task)
            yield

    return lifespan


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


def _report(task: asyncio.Task[None]) -> None:
    """A background task ends only when it is cancelled; anything else is a bug and belongs into the log."""
    if not task.cancelled() and task.exception() is not None:
        log.critical("background work stopped", exc_info=task.exception())


async def _problem(request: Request, error: Exception) -> Response:
    reply = problem(error, request.headers.get("x-request-id", ""))
    return Response(reply.body, reply.status, media_type=reply.content_type.decode())


async def _http_problem(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else "Internal Server Error"
    body = {"type": "about:blank", "title": detail, "status": status}
    return JSONResponse(body, status, media_type="application/problem+json")
