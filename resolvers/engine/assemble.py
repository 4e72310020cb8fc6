"""Turns the lists that a compiled statement returns into the objects of the response.

Statements return positions, not names. For every selection a small Python function is generated that knows the
names, their order, enums and what must not be null; it costs about as much as writing the dict by hand.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson


class Missing(Exception):
    """A value that must not be null is not there."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value as it is, through a table of names, or JSON text."""

    nullable: bool = True
    names: Mapping[Any, str] | None = None
    json: bool = False


@dataclass(frozen=True, slots=True)
class Constant:
    """A value known beforehand."""

    value: str


@dataclass(frozen=True, slots=True)
class TypeName:
    """`__typename` of an object of several possible types: the column of its kind tells."""


@dataclass(frozen=True, slots=True)
class Field:
    """A response key, the column its value comes from (None: from nowhere), and what to make of it."""

    key: str
    column: int | None
    shape: "Shape"


@dataclass(frozen=True, slots=True)
class Object:
    """An object: its fields by kind (None: one kind only), how many columns it has, and the kind's column."""

    fields: Mapping[str | None, list[Field]]
    width: int
    tag: int | None = None
    typenames: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of objects; `where` tells which part of each row is the object (None: the row itself)."""

    item: "Object"


Shape = Scalar | Constant | TypeName | Object | ListOf
Assembler = Callable[[Any], Any]


def assembler(shape: Object) -> Assembler:
    """A function from the columns of one object to the object."""
    writer = _Writer()
    name = writer.object(shape)
    source = "\n".join(writer.lines)
    namespace: dict[str, Any] = dict(writer.constants, Missing=Missing, Fragment=orjson.Fragment)
    exec(compile(source, "<assembler>", "exec"), namespace)  # noqa: S102 - made from checked names only
    function: Assembler = namespace[name]
    return function


def rows_of(keys: Sequence[tuple[str, str | None]]) -> Callable[..., list[dict[str, Any]]]:
    """A function from columns of equal length to a list of objects.

    Args:
        keys: of the objects, each with its constant value, or None when a column has its values.
    """
    writer = _Writer()
    columns, items = [], []
    for place, (key, constant) in enumerate(keys):
        if constant is None:
            columns.append(f"a{place}")
        value = f"a{place}" if constant is None else writer.constant(constant)
        items.append(f"{writer.constant(key)}: {value}")
    given = ", ".join(f"c{name}" for name in columns)
    row = f"{{{', '.join(items)}}} for {', '.join(columns)}, in zip({given}, strict=True)"
    namespace = dict(writer.constants)
    function: Callable[..., list[dict[str, Any]]] = eval(f"lambda {given}: [{row}]", namespace)  # noqa: S307 - checked names only
    return function


class _Writer:
    """Writes the functions' source. Every text from outside becomes a constant, never source."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {}
        self._count = 0

    def _name(self, letter: str) -> str:
        self._count += 1
        return f"{letter}{self._count}"

    def constant(self, value: Any) -> str:
        """The name of a value in the functions' source."""
        name = self._name("K")
        self.constants[name] = value
        return name

    def object(self, shape: Object) -> str:
        """Writes the function and gives its name."""
        if None in shape.fields:
            return self._function(shape, shape.fields[None])
        by_kind = {kind: self._function(shape, fields) for kind, fields in shape.fields.items()}
        name, table = self._name("d"), self._name("t")
        pairs = ", ".join(f"{kind!r}: {function}" for kind, function in by_kind.items())
        self.lines.append(f"{table} = {{{pairs}}}")
        self.lines.append(f"def {name}(v):\n    return {table}[v[{shape.tag}]](v)")
        return name

    def _function(self, shape: Object, fields: list[Field]) -> str:
        name = self._name("o")
        columns = [f"a{i}" for i in range(shape.width)]
        body = [f"    [{', '.join(columns)}] = v"] if columns else []
        required = [
            columns[f.column]
            for f in fields
            if f.column is not None and isinstance(f.shape, Scalar) and not f.shape.nullable
        ]
        if required:
            checks = " or ".join(f"{c} is None" for c in dict.fromkeys(required))
            body.append(f"    if {checks}: raise Missing")
        items = ", ".join(f"{self.constant(f.key)}: {self._value(f, shape, columns)}" for f in fields)
        body.append(f"    return {{{items}}}")
        self.lines.append(f"def {name}(v):\n" + "\n".join(body))
        return name

    def _value(self, item: Field, owner: Object, columns: list[str]) -> str:  # noqa: PLR0911 - one return a shape
        column = columns[item.column] if item.column is not None else ""
        match item.shape:
            case Scalar(names=names, nullable=nullable) if names is not None:
                table = self.constant(names)
                return f"{table}[{column}] if {column} is not None else None" if nullable else f"{table}[{column}]"
            case Scalar(json=True):
                return f"Fragment({column})"
            case Scalar():
                return column
            case Constant(value=value):
                return self.constant(value)
            case TypeName():
                return f"{self.constant(owner.typenames)}[{columns[owner.tag or 0]}]"
            case Object():
                return f"{self.object(item.shape)}({column})"
            case ListOf(item=inner):
                return f"[{self.object(inner)}(x) for x in {column}]"
