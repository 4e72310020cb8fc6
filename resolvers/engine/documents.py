"""Documents, parsed and validated once each, in a bounded memory."""

from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    parse,
    validate,
)
from graphql.validation import specified_rules

from stratumiops.graph.errors import ErrorCode
from stratumiops.resolvers.engine.bounded import Bounded
from stratumiops.resolvers.engine.limits import DocumentLimits, check_document

MAX_DOCUMENT = 200_000
"""Characters of a document that are read at all."""
MAX_ERRORS = 20
"""Errors that are told of one document, or of its variables."""
_USUAL = 1_000
"""Characters for which there is room per document; parsed, one takes about 130 bytes."""


@dataclass(slots=True)
class Document:
    """A document that can be executed, or the errors that say why not."""

    errors: list[GraphQLError]
    node: DocumentNode | None = None
    operations: dict[str | None, OperationDefinitionNode] = field(default_factory=dict)
    fragments: dict[str, FragmentDefinitionNode] = field(default_factory=dict)
    plans: dict[Any, Any] = field(default_factory=dict)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation of this name, or the only one.

        Raises:
            GraphQLError: there is none, or the name is needed to choose.
        """
        if name:
            if name not in self.operations:
                known = ", ".join(str(n) for n in self.operations if n) or "none has a name"
                raise GraphQLError(f"Unknown operation named '{name}'; the document has: {known}.")
            return self.operations[name]
        if len(self.operations) != 1:
            problem = "Must provide operation name if query contains multiple operations."
            raise GraphQLError(problem if self.operations else "The document has no operation.")
        return next(iter(self.operations.values()))


class Documents:
    """The documents used last; wrong ones are remembered with their errors too."""

    def __init__(self, schema: GraphQLSchema, limits: DocumentLimits, *, size: int, introspection: bool) -> None:
        self._schema = schema
        self._limits = limits
        self._known: Bounded[str, Document] = Bounded(size * _USUAL)
        self._introspection = introspection

    def get(self, text: str) -> Document:
        """The document of this text."""
        known = self._known.get(text)
        if known is not None:
            return known
        document = self._read(text)
        if len(text) <= MAX_DOCUMENT:
            self._known.put(text, document, max(len(text), _USUAL))
        return document

    def _read(self, text: str) -> Document:
        if len(text) > MAX_DOCUMENT:
            return Document([too_large(len(text))])
        try:
            node = parse(text, max_tokens=self._limits.max_tokens, no_location=False)
        except GraphQLError as error:
            if "Parsing aborted" in error.message:  # too many tokens, or nested too deep
                error.extensions = {"code": ErrorCode.TOO_COMPLEX.value}
            return Document([error])
        document = Document([], node)
        for definition in node.definitions:
            if isinstance(definition, OperationDefinitionNode):
                document.operations[definition.name.value if definition.name else None] = definition
            elif isinstance(definition, FragmentDefinitionNode):
                document.fragments[definition.name.value] = definition
        document.errors = self._check(node, document)
        return document

    def _check(self, node: DocumentNode, document: Document) -> list[GraphQLError]:
        early = check_document(node, document.fragments, self._limits, introspection=self._introspection)
        return early or validate(self._schema, node, specified_rules, max_errors=MAX_ERRORS)


def too_large(size: int) -> GraphQLError:
    """The error for a document that is not even read."""
    message = f"The document has {size} characters; the limit is {MAX_DOCUMENT}."
    return GraphQLError(message, extensions={"code": ErrorCode.TOO_COMPLEX.value})
