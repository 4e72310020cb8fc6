"""What a document may ask for: depth, aliases, tokens before validation; cost once the variables are known."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    ExecutableDefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    SelectionSetNode,
)

from stratumiops.graph.errors import ErrorCode

INTROSPECTION_DEPTH = 20
"""Depth allowed below `__schema` and `__type`: GraphiQL's own query goes 13 deep into types of types."""


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """The limits on one document."""

    max_depth: int
    max_aliases: int
    max_tokens: int
    max_cost: int


def too_complex(what: str, found: int, limit: int, hint: str, node: FieldNode | None = None) -> GraphQLError:
    """The error for a document over one of the limits."""
    return GraphQLError(
        f"{what} is {found}; the limit is {limit}.",
        nodes=node,
        extensions={"code": ErrorCode.TOO_COMPLEX.value, "hint": hint},
    )


def check_document(
    document: DocumentNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    limits: DocumentLimits,
    *,
    introspection: bool,
) -> list[GraphQLError]:
    """Errors for what is over a limit, before the costly validation; none for a document within them."""
    walk = _Walk(fragments, limits.max_tokens)
    for definition in document.definitions:
        if isinstance(definition, ExecutableDefinitionNode) and not isinstance(definition, FragmentDefinitionNode):
            walk.visit(definition.selection_set)
    if walk.cyclic:
        return []  # validation says which fragments
    if walk.introspection is not None and not introspection:
        message = "Introspection is switched off on this server."
        return [GraphQLError(message, walk.introspection, extensions={"code": ErrorCode.FORBIDDEN.value})]
    measures = (
        ("The number of fields", walk.fields, limits.max_tokens, "fragments are counted as often as they are used"),
        ("The number of aliases", walk.aliases, limits.max_aliases, "ask for lists, or send several documents"),
        # validation compares each with each
        ("The number of fields of one name in one place", walk.merged, limits.max_aliases, "write the field once"),
        ("The depth", walk.depth, limits.max_depth, "`neighbours` and `path` go deep without nesting", walk.deepest),
    )
    return [too_complex(*measure) for measure in measures if measure[1] > measure[2]][:1]


class _Walk:
    """What a document asks for with its fragments spread out, up to one field too many."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], max_fields: int) -> None:
        self._fragments = fragments
        self._max_fields = max_fields
        self._open: list[str] = []
        self.depth = 0
        self.aliases = 0
        self.fields = 0
        self.merged = 0
        self.cyclic = False
        self.deepest: FieldNode | None = None
        self.introspection: FieldNode | None = None

    def visit(self, selections: SelectionSetNode, depth: int = 1, spare: int = 0) -> None:
        keys: Counter[str] = Counter()
        for node in self._nodes(selections):
            self.aliases += node.alias is not None
            name = node.name.value
            below = spare
            if name in ("__schema", "__type"):
                self.introspection = self.introspection or node
                below = INTROSPECTION_DEPTH
            if depth - below > self.depth:
                self.depth, self.deepest = depth - below, node
            if node.selection_set is not None:
                key = node.alias.value if node.alias else name
                keys[key] += 1
                self.merged = max(self.merged, keys[key])
                self.visit(node.selection_set, depth + 1, below)

    def _nodes(self, selections: SelectionSetNode) -> Iterator[FieldNode]:
        for node in selections.selections:
            self.fields += 1  # spreads count too: a document may be made of nothing else
            if self.fields > self._max_fields or self.cyclic:
                return
            match node:
                case FieldNode():
                    yield node
                case InlineFragmentNode():
                    yield from self._nodes(node.selection_set)
                case FragmentSpreadNode():
                    yield from self._spread(node.name.value)

    def _spread(self, name: str) -> Iterator[FieldNode]:
        if name in self._open:
            self.cyclic = True
        elif name in self._fragments:
            self._open.append(name)
            yield from self._nodes(self._fragments[name].selection_set)
            self._open.pop()
