"""Plans: an operation compiled into one statement, for one shape of its arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    Visitor,
    get_named_type,
    visit,
)
from graphql.execution.values import VariableValues, get_argument_values

from stratumiops.graph.selection.shapes import bind, frozen
from stratumiops.resolvers.engine.bounded import Bounded
from stratumiops.resolvers.engine.collect import Collector
from stratumiops.resolvers.engine.describe import describe, snake
from stratumiops.resolvers.engine.ports import Positions
from stratumiops.resolvers.engine.roots import RootPart, compile_root
from stratumiops.resolvers.engine.scope import Scope
from stratumiops.resolvers.engine.selection import NotCompilable, Selections, mapping_of
from stratumiops.resolvers.engine.writes import compile_write
from stratumiops.schema.mapping import Root, Write


@dataclass(slots=True)
class Site:
    """A field of the document whose arguments are described. `constant`: its arguments hold no variable."""

    node: FieldNode
    definition: GraphQLField
    mapping: object
    constant: Mapping[str, Any] | None


@dataclass(slots=True)
class Described:
    """The arguments of one request: descriptions and shapes by field node, and the values of the parameters."""

    descriptions: dict[int, dict[str, Any]] = field(default_factory=dict)
    shapes: dict[int, Any] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)
    key: Any = None


@dataclass(frozen=True, slots=True)
class Plan:
    """One statement, and what makes the response's data of its answer.

    `parts`: response key, id of the field's node, part. The nodes themselves would keep the whole document alive.
    """

    text: str
    parts: tuple[tuple[str, int, RootPart | str], ...]

    @property
    def placed(self) -> bool:
        """Positions are looked up, which change without the graph."""
        return any(isinstance(part, RootPart) and part.place is not None for _, _, part in self.parts)

    async def place(
        self, answer: list[Any] | None, described: Described, positions: Positions | None
    ) -> list[Any] | None:
        """The answer with positions where they are shown."""
        found = list(answer or ())
        compiled = [(node, part) for _, node, part in self.parts if isinstance(part, RootPart)]
        for at, (node, part) in enumerate(compiled):
            if part.place is not None:
                found[at] = await part.place(found[at], described.descriptions[node], positions)
        return found

    def data(self, answer: list[Any] | None, described: Described) -> dict[str, Any]:
        """The response's `data`."""
        values = iter(answer or ())
        return {
            key: part if isinstance(part, str) else part.make(next(values), described.descriptions.get(node, {}))
            for key, node, part in self.parts
        }


MAX_PLANS = 2_000
"""Plans of all operations that are kept."""
Plans = Bounded[tuple[Any, ...], Plan | None]
_SERIALS = count()


class Operation:
    """One operation of a document: where its arguments are, and the plans compiled so far."""

    def __init__(
        self,
        schema: GraphQLSchema,
        node: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        plans: Plans,
    ) -> None:
        self._schema = schema
        self.node = node
        self._fragments = fragments
        self._plans = plans
        self.serial = next(_SERIALS)
        self._switches = _switches(node, fragments)
        self.compilable = _one_root_field(node) or node.operation is OperationType.QUERY
        self.sites: list[Site] = []
        self.write: Site | None = None
        if self.compilable:
            try:
                self._find_sites(self._root_type(), node.selection_set, set())
            except NotCompilable:
                self.compilable = False

    def _root_type(self) -> GraphQLObjectType:
        root = self._schema.get_root_type(self.node.operation)
        if root is None:
            raise NotCompilable
        return root

    def _find_sites(self, owner: Any, selections: SelectionSetNode, seen: set[tuple[str, str]]) -> None:
        for node in selections.selections:
            match node:
                case FieldNode():
                    self._find_site(owner, node, seen)
                case InlineFragmentNode(type_condition=condition):
                    inner = self._schema.type_map[condition.name.value] if condition else owner
                    self._find_sites(inner, node.selection_set, seen)
                case FragmentSpreadNode(name=name) if (owner.name, name.value) not in seen:
                    seen.add((owner.name, name.value))
                    fragment = self._fragments[name.value]
                    inner = self._schema.type_map[fragment.type_condition.name.value]
                    self._find_sites(inner, fragment.selection_set, seen)

    def _find_site(self, owner: Any, node: FieldNode, seen: set[tuple[str, str]]) -> None:
        if node.name.value.startswith("__"):
            if node.name.value != "__typename":
                raise NotCompilable
            return
        definition: GraphQLField = owner.fields[node.name.value]
        mapping = mapping_of(definition) if definition.args else None
        if mapping is not None:
            constant = None if _has_variables(node) else _arguments(definition, node)
            site = Site(node, definition, mapping, constant)
            if isinstance(mapping, Write):
                self.write = site
            else:
                self.sites.append(site)
        if node.selection_set is not None:
            self._find_sites(get_named_type(definition.type), node.selection_set, seen)

    def describe(self, variables: VariableValues, scope: Scope) -> Described:
        """Coerce and describe the arguments of every field.

        Raises:
            GraphQLError or StratumError: an argument is wrong; the executor says so with its place.
        """
        found = Described()
        keys = []
        for place, site in enumerate(self.sites):
            args = site.constant
            if args is None:
                args = _arguments(site.definition, site.node, variables)
            description = describe(site.mapping, args, scope)
            if description is None:
                raise NotCompilable
            values: dict[str, Any] = {}
            shape = bind(description, f"a{place}", values)
            found.descriptions[id(site.node)] = description
            found.shapes[id(site.node)] = shape
            found.params.update(values)
            keys.append(frozen(shape))
        found.params["auth"] = list(scope.visible)
        switches = tuple(variables.coerced.get(name) for name in self._switches)
        found.key = (switches, tuple(keys))
        return found

    def plan(self, described: Described, variables: VariableValues) -> Plan | None:
        """The plan for this shape of arguments; None when the compiler does not know how."""
        key = (self.serial, described.key)
        plan = self._plans.get(key)
        if plan is None and key not in self._plans:
            try:
                plan = self._compile(described, variables)
            except NotCompilable:
                plan = None
            self._plans.put(key, plan)
        return plan

    def written(self, variables: VariableValues) -> tuple[Write, Mapping[str, Any]] | None:
        """For a mutation in one statement: which, and its coerced input."""
        if self.write is None or not isinstance(self.write.mapping, Write):
            return None
        args = self.write.constant
        if args is None:
            args = _arguments(self.write.definition, self.write.node, variables)
        return self.write.mapping, args["input"]

    def write_plan(self, described: Described, variables: VariableValues, head: str, binds: tuple[str, ...]) -> Plan:
        """The plan of a mutation that begins with this write head.

        Raises:
            NotCompilable: only the executor knows how to answer it.
        """
        key = (self.serial, described.key, head)
        plan = self._plans.get(key)
        if plan is None:
            plan = self._compile_write(described, variables, head, binds)
            self._plans.put(key, plan)
        return plan

    def _compile_write(
        self, described: Described, variables: VariableValues, head: str, binds: tuple[str, ...]
    ) -> Plan:
        if self.write is None or not isinstance(self.write.mapping, Write):
            raise NotCompilable
        node, selections = self.write.node, Selections(self._collector(variables), described.shapes)
        part = compile_write(selections, self.write.mapping, self.write.definition, [node], binds)
        key = node.alias.value if node.alias else node.name.value
        return Plan(f"{head}{part.calls}RETURN {part.expr} AS data", ((key, id(node), part),))

    def _collector(self, variables: VariableValues) -> Collector:
        return Collector(self._schema, self._fragments, variables.coerced)

    def _compile(self, described: Described, variables: VariableValues) -> Plan:
        collector = self._collector(variables)
        root, selections = self._root_type(), Selections(collector, described.shapes)
        parts: list[tuple[str, int, RootPart | str]] = []
        for selected in collector.fields(root, [self.node.selection_set]):
            if selected.definition is None:
                parts.append((selected.key, id(selected.nodes[0]), root.name))
                continue
            mapping = mapping_of(selected.definition)
            if not isinstance(mapping, Root):
                raise NotCompilable
            part = compile_root(selections, mapping.name, selected.definition, selected.nodes)
            parts.append((selected.key, id(selected.nodes[0]), part))
        compiled = [part for _, _, part in parts if isinstance(part, RootPart)]
        if not compiled:
            raise NotCompilable
        calls = "".join(part.calls for part in compiled)
        text = f"{calls}RETURN [{', '.join(part.expr for part in compiled)}] AS data"
        return Plan(text, tuple(parts))


def _one_root_field(node: OperationDefinitionNode) -> bool:
    """Several mutations run one after the other, each on its own: that is the executor's work."""
    selections = node.selection_set.selections
    return (
        node.operation is OperationType.MUTATION
        and len(selections) == 1
        and isinstance(selections[0], FieldNode)
        and not selections[0].directives
    )


def _arguments(definition: GraphQLField, node: FieldNode, variables: VariableValues | None = None) -> dict[str, Any]:
    return {snake(name): value for name, value in get_argument_values(definition, node, variables).items()}


def _has_variables(node: FieldNode) -> bool:
    found = False

    class Finder(Visitor):
        def enter_variable(self, *_: Any) -> None:
            nonlocal found
            found = True

    for argument in node.arguments or ():
        visit(argument, Finder())
    return found


def _switches(node: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> tuple[str, ...]:
    """Variables that decide which fields are included."""
    names: dict[str, None] = {}

    class Finder(Visitor):
        def enter_directive(self, directive: Any, *_: Any) -> None:
            for argument in directive.arguments or ():
                if isinstance(argument.value, VariableNode):
                    names[argument.value.name.value] = None

    for definition in (node, *fragments.values()):
        visit(definition, Finder())
    return tuple(names)
