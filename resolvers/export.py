"""Writes what is generated from the code and committed: the schema, and the settings table of the README."""

from pathlib import Path

from stratumiops.graph.errors import BadInput
from stratumiops.resolvers.configuration import reference_table
from stratumiops.resolvers.schema import schema

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = ROOT / "schema" / "schema.graphql"
README = ROOT / "README.md"
BEGIN, END = "<!-- settings: begin (made by `make docs`) -->", "<!-- settings: end -->"


def schema_text() -> str:
    """The schema as SDL."""
    return schema.as_str() + "\n"


def with_settings(readme: str) -> str:
    """The README with the table of all settings between its two marks.

    Raises:
        BadInput: the marks are not there, so that there is no place for the table.
    """
    head, begin, rest = readme.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise BadInput(f"README.md has no place for the settings: expected {BEGIN} and {END}")
    return f"{head}{BEGIN}\n{reference_table()}{END}{tail}"


def main() -> None:
    """Write both files anew."""
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    README.write_text(with_settings(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
