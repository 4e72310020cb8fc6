"""`/health` (the process lives), `/ready` (it can do its work) and `/metrics`."""

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

import stratumiops
from stratumiops.graph.backup.marker import refuse_half_restored
from stratumiops.graph.errors import StratumError
from stratumiops.resolvers.auth import Authenticator

if TYPE_CHECKING:
    from stratumiops.resolvers.bootstrap import Services

_PROBE_S = 3.0
_TEXT = "text/plain; version=0.0.4; charset=utf-8"


def health_routes(services: "Services", authenticator: Authenticator) -> APIRouter:
    """The routes beside `/graphql`; `/metrics` wants a token where tokens are used."""
    router = APIRouter()

    @router.get("/health")
    async def health() -> JSONResponse:
        return JSONResponse({"status": "ok", "version": stratumiops.__version__})

    @router.get("/ready")
    async def ready() -> JSONResponse:
        parts = await readiness(services)
        ok = all(part["ok"] for part in parts.values())
        services.metrics.store_up.set(1 if parts["neo4j"]["ok"] else 0)
        body = {"status": "ready" if ok else "not ready", "parts": parts}
        return JSONResponse(body, status_code=200 if ok else 503)

    @router.get("/metrics")
    async def metrics(request: Request) -> Response:
        authenticator.authenticate(request.headers.get("authorization"))
        return Response(services.metrics.exposition(), media_type=_TEXT)

    return router


async def readiness(services: "Services") -> dict[str, dict[str, object]]:
    """Each part that has to work, whether it does, and what is wrong otherwise."""
    connection = services.connection
    problem = connection.problem.message if connection.problem is not None else None
    parts: dict[str, dict[str, object]] = {
        name: {"ok": True} if name in connection.done else {"ok": False, "detail": problem} for name in connection.steps
    }
    if connection.opened:
        parts["neo4j"] = await _probe(services.db.read_one("RETURN 1", timeout_s=_PROBE_S))
        parts["restore"] = await _probe(refuse_half_restored(services.db))
    return parts


async def _probe(question: Awaitable[object]) -> dict[str, object]:
    try:
        async with asyncio.timeout(_PROBE_S):
            await question
    except StratumError as error:
        return {"ok": False, "detail": error.message}
    except TimeoutError:
        return {"ok": False, "detail": f"Neo4j did not answer within {_PROBE_S:g} seconds"}
    return {"ok": True}
