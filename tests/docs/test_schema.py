"""The committed schema is the one the code makes, and everything in it is described."""

from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
)

from stratumiops.resolvers.export import SCHEMA, schema_text

COMMITTED = SCHEMA.read_text(encoding="utf-8")


def described(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Name and description of every type, field, argument, input field and enum value that is ours."""
    for name, kind in schema.type_map.items():
        if name.startswith("__") or name in {"String", "Int", "Float", "Boolean", "ID"}:
            continue
        yield name, kind.description
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field, definition in kind.fields.items():
                yield f"{name}.{field}", definition.description
                for argument, given in definition.args.items():
                    yield f"{name}.{field}({argument})", given.description
        elif isinstance(kind, GraphQLInputObjectType):
            yield from ((f"{name}.{field}", definition.description) for field, definition in kind.fields.items())
        elif isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{value}", definition.description) for value, definition in kind.values.items())


def test_the_committed_schema_is_that_of_the_code() -> None:
    assert schema_text() == COMMITTED, "the schema changed: run `make docs` and look at the difference"


def test_everything_is_described() -> None:
    found = dict(described(build_schema(COMMITTED)))
    assert len(found) > 500
    assert {"Query.nodes(where)", "NodeWhere.tags", "NodeType.DECISION", "Decision.deciders"} <= found.keys()
    assert [name for name, text in found.items() if not (text or "").strip()] == []
