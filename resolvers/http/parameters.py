"""The parameters of a GraphQL request, out of a JSON body, a query string or a socket message."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson

from stratumiops.graph.errors import BadInput
from stratumiops.resolvers.engine.request import GraphQLRequest
from stratumiops.resolvers.trusted import TrustedDocuments


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the client sent, types checked; `query`, `document_id` or `extensions` names the document."""

    query: str | None
    document_id: str | None
    operation_name: str | None
    variables: dict[str, Any] | None
    extensions: dict[str, Any] | None


def from_body(body: bytes) -> Parameters:
    """Parameters of a POST body.

    Raises:
        BadInput: no JSON, no object, or a parameter of the wrong type.
    """
    if not body:
        raise BadInput('the body is empty; expected JSON such as {"query": "{ __typename }"}')
    try:
        values = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"the body is not valid JSON: {error}") from None
    if isinstance(values, list):
        raise BadInput("batches are not supported: send one operation a request")
    return from_values(values)


def from_query_string(query_string: bytes) -> Parameters:
    """Parameters of a GET; `variables` and `extensions` are JSON, an empty value counts as absent.

    Raises:
        BadInput: not UTF-8, a parameter twice, no valid JSON, or a parameter of the wrong type.
    """
    try:
        pairs = parse_qsl(query_string.decode("ascii"), errors="strict", max_num_fields=50)
    except ValueError:
        raise BadInput("the query string cannot be read: expected UTF-8 text, percent-encoded") from None
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in values:
            raise BadInput(f"the parameter {name} is given twice", field=name)
        values[name] = value
    for name in ("variables", "extensions"):
        if name in values:
            try:
                values[name] = orjson.loads(values[name])
            except orjson.JSONDecodeError as error:
                raise BadInput(f"{name} is not valid JSON: {error}", field=name) from None
    return from_values(values)


def from_values(values: Any) -> Parameters:
    """Parameters of a decoded request; unknown ones are ignored, as the specification wants it.

    Raises:
        BadInput: no object, or a parameter of the wrong type.
    """
    if type(values) is not dict:
        raise BadInput('expected an object such as {"query": "{ __typename }"}')
    query, name = values.get("query"), values.get("operationName")
    variables, extensions = values.get("variables"), values.get("extensions")
    document_id = values.get("documentId")
    _check("query", query, str, "a text")
    _check("operationName", name, str, "a text")
    _check("variables", variables, dict, "an object")
    _check("extensions", extensions, dict, "an object")
    _check("documentId", document_id, str, "a text")
    return Parameters(query, document_id, name, variables, extensions)


def request_of(parameters: Parameters, trusted: TrustedDocuments, *, allow_mutation: bool = True) -> GraphQLRequest:
    """The request for the engine, with the document that the parameters name.

    Raises:
        BadInput, NotFound, Forbidden: there is none, it is unknown, or it is not trusted.
    """
    query = trusted.resolve(parameters.query, parameters.document_id, parameters.extensions)
    if query is None:
        raise BadInput("the request has no query", hint='send {"query": "{ __typename }"}', field="query")
    name = parameters.operation_name or None
    return GraphQLRequest(query, parameters.variables, name, parameters.extensions, allow_mutation)


def _check(name: str, value: Any, wanted: type, article: str) -> None:
    if value is not None and type(value) is not wanted:
        raise BadInput(f"{name} has to be {article} or null, not {type(value).__name__}", field=name)
