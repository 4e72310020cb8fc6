"""What lists can be filtered and sorted by. Every condition given must hold; an empty object holds always."""

from typing import Any

import strawberry
from strawberry import UNSET
from strawberry.types.base import StrawberryObjectDefinition

from stratumiops.schema.enums import NodeOrderField, NodeType, SortDirection
from stratumiops.schema.scalars import Date, DateTime


def _condition(description: str, name: str | None = None) -> Any:
    return strawberry.field(default=UNSET, description=description, name=name)


@strawberry.input(description="Conditions on an id.")
class IDFilter:
    """Conditions on an id."""

    eq: strawberry.ID | None = _condition("Is this one.")
    in_: list[strawberry.ID] | None = _condition("Is one of these.", name="in")


@strawberry.input(description="Conditions on text. Letters' case counts.")
class StringFilter:
    """Conditions on text."""

    eq: str | None = _condition("Equals.")
    ne: str | None = _condition("Differs; a missing value differs from any text.")
    in_: list[str] | None = _condition("Equals one of these.", name="in")
    contains: str | None = _condition("Has this part.")
    starts_with: str | None = _condition("Begins so.")
    ends_with: str | None = _condition("Ends so.")
    is_null: bool | None = _condition("true: has no value; false: has one.")


@strawberry.input(description="Conditions on the type.")
class NodeTypeFilter:
    """Conditions on the type."""

    eq: NodeType | None = _condition("Is this type.")
    in_: list[NodeType] | None = _condition("Is one of these types.", name="in")


@strawberry.input(description="Conditions on a list of text.")
class ListFilter:
    """Conditions on a list of text."""

    has_any: list[str] | None = _condition("Has at least one of these.")
    has_all: list[str] | None = _condition("Has all of these.")
    has_none: list[str] | None = _condition("Has none of these.")


@strawberry.input(description="Conditions on an instant.")
class DateTimeFilter:
    """Conditions on an instant."""

    gt: DateTime | None = _condition("After.")
    gte: DateTime | None = _condition("At or after.")
    lt: DateTime | None = _condition("Before.")
    lte: DateTime | None = _condition("At or before.")


@strawberry.input(description="Conditions on a date.")
class DateFilter:
    """Conditions on a date."""

    eq: Date | None = _condition("That day.")
    gt: Date | None = _condition("After that day.")
    gte: Date | None = _condition("That day or after.")
    lt: Date | None = _condition("Before that day.")
    lte: Date | None = _condition("That day or before.")
    is_null: bool | None = _condition("true: has no date; false: has one.")


@strawberry.input(description="Which nodes. All the conditions given must hold.")
class NodeWhere:
    """Which nodes."""

    id: IDFilter | None = _condition("By id.")
    type: NodeTypeFilter | None = _condition("By type.")
    title: StringFilter | None = _condition("By title.")
    content: StringFilter | None = _condition("By the markdown text; for words use the query `search`.")
    status: StringFilter | None = _condition("By status.")
    tags: ListFilter | None = _condition("By tags.")
    aliases: ListFilter | None = _condition("By other names.")
    date: DateFilter | None = _condition("By the date that the node carries.")
    created_at: DateTimeFilter | None = _condition("By when it was created.")
    updated_at: DateTimeFilter | None = _condition("By when it last changed.")
    created_by: StringFilter | None = _condition("By who created it.")
    path: StringFilter | None = _condition("By the path of the file it came from.")
    and_: list["NodeWhere"] | None = _condition("All of these hold.", name="and")
    or_: list["NodeWhere"] | None = _condition("At least one of these holds.", name="or")
    not_: "NodeWhere | None" = _condition("This does not hold.", name="not")


@strawberry.input(description="One end of a pattern. All that is given must hold; nothing given: any node.")
class PatternEnd:
    """One end of a pattern."""

    type: NodeType | None = _condition("A node of this type.")
    tag: str | None = _condition("A node with this tag.")
    status: str | None = _condition("A node with this status.")


@strawberry.input(description="How nodes are sorted.")
class NodeOrder:
    """How nodes are sorted."""

    field: NodeOrderField = strawberry.field(default=NodeOrderField.UPDATED_AT, description="What they are sorted by.")
    direction: SortDirection = strawberry.field(default=SortDirection.DESC, description="Which way.")


def plain(value: Any) -> Any:
    """An input object as nested dicts by python names without a trailing underscore; unset fields are left out."""
    definition = getattr(value, "__strawberry_definition__", None)
    if isinstance(definition, StrawberryObjectDefinition):
        pairs = ((f.python_name, getattr(value, f.python_name)) for f in definition.fields)
        return {name.rstrip("_"): plain(v) for name, v in pairs if v is not UNSET}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value
