"""The engine: a request in, bytes out.

A query goes document → variables → description of its arguments → plan → one statement → bytes. What the compiler
does not know, and what turns out to be wrong on the way, goes to graphql-core's executor instead, which gives the
same answer, or the exact error. So correctness never depends on the compiler.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from http import HTTPStatus
from typing import Any, NamedTuple

import orjson
import strawberry
from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationType,
    execute,
    get_location,
    is_non_null_type,
    subscribe,
)
from graphql.execution.values import VariableValues

from stratumiops.graph.errors import StratumError
from stratumiops.resolvers.context import RequestContext
from stratumiops.resolvers.engine.assemble import Missing
from stratumiops.resolvers.engine.bounded import Bounded
from stratumiops.resolvers.engine.cache import ResponseCache
from stratumiops.resolvers.engine.context import ResolverContext
from stratumiops.resolvers.engine.cost import Cost
from stratumiops.resolvers.engine.documents import Documents
from stratumiops.resolvers.engine.limits import DocumentLimits, too_complex
from stratumiops.resolvers.engine.plans import MAX_PLANS, Described, Operation, Plan, Plans
from stratumiops.resolvers.engine.request import GraphQLRequest, GraphQLResponse
from stratumiops.resolvers.engine.scope import Scope
from stratumiops.resolvers.engine.selection import NotCompilable
from stratumiops.resolvers.engine.variables import Coercions, Variables
from stratumiops.resolvers.errors import error_body, extensions, format_error
from stratumiops.resolvers.knowledge.writes import statement, values_of
from stratumiops.resolvers.settings import Settings

_INTROSPECTION = ("__schema", "__type", "__typename")


class Refused(Exception):
    """A request that is not executed."""

    def __init__(self, status: HTTPStatus, *errors: GraphQLError) -> None:
        super().__init__(status)
        self.status = status
        self.errors = errors


class Prepared(NamedTuple):
    """A request whose document, operation and variables are in order."""

    node: Any
    operation: Operation
    variables: VariableValues


class _Entry(NamedTuple):
    operation: Operation
    cost: Cost
    variables: Variables


def _check_kind(kind: OperationType, request: GraphQLRequest) -> None:
    if kind is OperationType.SUBSCRIPTION:
        message = "Subscriptions run over WebSockets, by the protocol graphql-transport-ws."
        raise Refused(HTTPStatus.BAD_REQUEST, GraphQLError(message))
    if kind is OperationType.MUTATION and not request.allow_mutation:
        raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, GraphQLError("Mutations are sent by POST."))


class Engine:
    """Executes requests against one schema."""

    def __init__(self, schema: strawberry.Schema, settings: Settings) -> None:
        limits = settings.limits
        self.schema: GraphQLSchema = schema._schema  # noqa: SLF001 - strawberry has no public way to it
        self._limits = DocumentLimits(limits.max_depth, limits.max_aliases, limits.max_tokens, limits.max_cost)
        self._max_page_size = limits.max_page_size
        self._language = settings.search.language
        self._documents = Documents(
            self.schema,
            self._limits,
            size=settings.cache.documents,
            introspection=settings.graphql.introspection,
        )
        self._coercions = Coercions(self.schema)
        self._plans: Plans = Bounded(MAX_PLANS)
        self._cache = ResponseCache(settings.cache.response_bytes)
        self.compile = True

    # ---- requests

    async def execute(self, request: GraphQLRequest, context: RequestContext) -> GraphQLResponse:
        """Run a query or a mutation; see `resolvers.http.ports.GraphQLEngine`."""
        try:
            prepared = self._prepare(request, context)
            kind = prepared.operation.node.operation
            _check_kind(kind, request)
        except Refused as refused:
            return self._refusal(refused, context)
        scope = self._scope(context)
        if self.compile and prepared.operation.compilable and not self._only_introspection(prepared):
            run = self._written if kind is OperationType.MUTATION else self._compiled
            try:
                body = await run(prepared, scope, context)
            except StratumError as error:
                body = self._failed(prepared, error, context)
            if body is not None:
                return GraphQLResponse(HTTPStatus.OK, body)
        return GraphQLResponse(HTTPStatus.OK, await self._executed(prepared, request, scope, context))

    def is_subscription(self, request: GraphQLRequest) -> bool:
        """Whether the operation is a subscription."""
        document = self._documents.get(request.query or "")
        try:
            return document.operation(request.operation_name).operation is OperationType.SUBSCRIPTION
        except GraphQLError:
            return False

    async def subscribe(self, request: GraphQLRequest, context: RequestContext) -> AsyncGenerator[GraphQLResponse]:
        """Run a subscription; see `resolvers.http.ports.GraphQLEngine`."""
        try:
            prepared = self._prepare(request, context)
        except Refused as refused:
            yield self._refusal(refused, context)
            return
        scoped = ResolverContext(context, self._scope(context))
        results: Any = subscribe(
            self.schema,
            prepared.node,
            context_value=scoped,
            variable_values=request.variables,
            operation_name=request.operation_name,
        )
        if not isinstance(results, ExecutionResult | AsyncIterator):
            results = await results
        if isinstance(results, ExecutionResult):
            yield self._refusal(Refused(HTTPStatus.BAD_REQUEST, *(results.errors or ())), context)
            return
        try:
            async for result in results:
                scoped.forget_reads()
                yield GraphQLResponse(HTTPStatus.OK, self._body(result, context))
        finally:
            await results.aclose()

    # ---- before execution

    def _prepare(self, request: GraphQLRequest, context: RequestContext) -> Prepared:
        document = self._documents.get(request.query or "")
        if document.errors:
            raise Refused(HTTPStatus.BAD_REQUEST, *document.errors)
        try:
            node = document.operation(request.operation_name)
        except GraphQLError as error:
            raise Refused(HTTPStatus.BAD_REQUEST, error) from None
        context.operation_type = node.operation.value
        context.operation_name = node.name.value if node.name else None
        entry = document.plans.get(id(node))
        if entry is None:
            entry = _Entry(
                Operation(self.schema, node, document.fragments, self._plans),
                Cost(self.schema, node, document.fragments),
                Variables(self._coercions, node),
            )
            document.plans[id(node)] = entry
        variables = entry.variables.values(request.variables or {})
        if isinstance(variables, list):
            raise Refused(HTTPStatus.BAD_REQUEST, *variables)
        cost = entry.cost.value(variables.coerced)
        if cost > self._limits.max_cost:
            hint = "ask for smaller pages (`first`), or page on with `after`"
            raise Refused(HTTPStatus.BAD_REQUEST, too_complex("The cost", cost, self._limits.max_cost, hint))
        return Prepared(document.node, entry.operation, variables)

    def _scope(self, context: RequestContext) -> Scope:
        registry, graphs = context.services.registry, context.principal.graphs
        return Scope(registry, graphs, self._max_page_size, language=self._language)

    def _refusal(self, refused: Refused, context: RequestContext) -> GraphQLResponse:
        context.outcome = "rejected"
        errors = [format_error(error, context.request_id) for error in refused.errors]
        return GraphQLResponse(refused.status, error_body(*errors))

    # ---- one statement

    async def _compiled(self, prepared: Prepared, scope: Scope, context: RequestContext) -> bytes | None:
        """The response by one statement; None: the executor must run it."""
        operation = prepared.operation
        context.services.connection.check()
        try:
            described = operation.describe(prepared.variables, scope)
            plan = operation.plan(described, prepared.variables)
        except (GraphQLError, StratumError, NotCompilable):
            return None
        if plan is None:
            return None
        if plan.placed:
            return await self._run(plan, described, context)
        return await self._cache.fetch(
            (operation.serial, described.key, described.params),
            lambda: self._run(plan, described, context),
            context.services.db,
            context,
        )

    async def _written(self, prepared: Prepared, scope: Scope, context: RequestContext) -> bytes | None:
        """The response of a mutation by one statement; None: the executor must run it. Nothing was done then."""
        operation, services = prepared.operation, context.services
        services.connection.check()
        try:
            found = operation.written(prepared.variables)
            if found is None:
                return None
            change = statement(found[0], values_of(found[1]), context)
            if change is None:
                return None
            described = operation.describe(prepared.variables, scope)
            plan = operation.write_plan(described, prepared.variables, change.head, change.binds)
        except (GraphQLError, StratumError, NotCompilable):
            return None
        context.statements += 1
        [row] = await services.db.write(plan.text, {**described.params, **change.params})
        if not row["data"]:
            await change.diagnose(services.db)
        services.events.poke()
        try:
            return orjson.dumps({"data": plan.data([row["data"]], described)})
        except (Missing, KeyError):
            message = "The change was made, but something that was asked of it is missing in the store."
            raise StratumError(message, hint="Read the node with fewer fields.") from None

    async def _run(self, plan: Plan, described: Described, context: RequestContext) -> bytes | None:
        context.statements += 1
        answer = await context.services.db.read_one(plan.text, described.params)
        if plan.placed:
            answer = await plan.place(answer, described, context.services.layouts)
        try:
            return orjson.dumps({"data": plan.data(answer, described)})
        except (Missing, KeyError, StratumError):
            return None

    def _failed(self, prepared: Prepared, error: StratumError, context: RequestContext) -> bytes:
        """The response when the store could not answer: every root field is null."""
        context.outcome = "error"
        fields = [n for n in prepared.operation.node.selection_set.selections if isinstance(n, FieldNode)]
        root: Any = self.schema.get_root_type(prepared.operation.node.operation)
        keys = [n.alias.value if n.alias else n.name.value for n in fields]
        required = any(n.name.value in root.fields and is_non_null_type(root.fields[n.name.value].type) for n in fields)
        shown: dict[str, Any] = {"message": error.message}
        if fields and fields[0].loc is not None:
            at = get_location(fields[0].loc.source, fields[0].loc.start)
            shown["locations"] = [at.formatted]
            shown["path"] = keys[:1]
        shown["extensions"] = extensions(error)
        data = None if required or not keys else dict.fromkeys(keys)
        return orjson.dumps({"data": data, "errors": [_of_input(shown, context)]})

    # ---- the executor

    async def _executed(
        self, prepared: Prepared, request: GraphQLRequest, scope: Scope, context: RequestContext
    ) -> bytes:
        if not self._only_introspection(prepared):
            try:
                context.services.connection.check()
            except StratumError as error:
                return self._failed(prepared, error, context)
        result: Any = execute(
            self.schema,
            prepared.node,
            context_value=ResolverContext(context, scope),
            variable_values=request.variables,
            operation_name=request.operation_name,
        )
        if not isinstance(result, ExecutionResult):
            result = await result
        return self._body(result, context)

    def _only_introspection(self, prepared: Prepared) -> bool:
        selections = prepared.operation.node.selection_set.selections
        return all(isinstance(n, FieldNode) and n.name.value in _INTROSPECTION for n in selections)

    def _body(self, result: ExecutionResult, context: RequestContext) -> bytes:
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            context.outcome = "error"
            told = (format_error(error, context.request_id) for error in result.errors)
            body["errors"] = [_of_input(error, context) for error in told]
        return orjson.dumps(body)


def _of_input(told: dict[str, Any], context: RequestContext) -> dict[str, Any]:
    """An error of a mutation names the field of its `input`; the store says `rev`, the client `input.rev`."""
    field = told.get("extensions", {}).get("field")
    if context.operation_type == "mutation" and field and not field.startswith("input"):
        told["extensions"]["field"] = f"input.{field}"
    return told


__all__ = ["Engine"]
