"""GraphQL without HTTP: what runs beside the API in the same process asks the same engine."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson

from stratumiops.graph.errors import StratumError
from stratumiops.graph.ids import uuid7
from stratumiops.resolvers.context import Principal, RequestContext
from stratumiops.resolvers.engine.request import GraphQLRequest
from stratumiops.resolvers.http.ports import GraphQLEngine

if TYPE_CHECKING:
    from stratumiops.resolvers.bootstrap import Services

_BY_CODE = {kind.code.value: kind for kind in StratumError.__subclasses__()}


class InProcess:
    """Executes operations as one principal. `execute` is called from threads, and blocks; never from the loop."""

    def __init__(self, engine: GraphQLEngine, services: "Services", principal: Principal) -> None:
        self._engine = engine
        self._services = services
        self._principal = principal
        self._loop = asyncio.get_running_loop()

    def execute(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Run one operation and return its data.

        Raises:
            StratumError: the subclass of the first error's code.
        """
        answer = asyncio.run_coroutine_threadsafe(self._run(document, dict(variables or {})), self._loop).result()
        if answer.get("errors"):
            raise _error(answer["errors"][0])
        data: dict[str, Any] = answer["data"]
        return data

    async def _run(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        context = RequestContext(uuid7(), self._principal, self._services)
        response = await self._engine.execute(GraphQLRequest(document, variables), context)
        answer: dict[str, Any] = orjson.loads(response.body)
        if response.status != HTTPStatus.OK and not answer.get("errors"):
            raise StratumError(f"The engine answered with status {response.status}.")
        return answer


def _error(error: Mapping[str, Any]) -> StratumError:
    details = error.get("extensions") or {}
    kind = _BY_CODE.get(str(details.get("code")), StratumError)
    return kind(str(error.get("message")), hint=details.get("hint"), field=details.get("field"))
