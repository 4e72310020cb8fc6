"""Writes what is generated from the code and committed: the schema, and the tables of settings in the README."""

from pathlib import Path

from stratumiops.graph.errors import BadInput
from stratumiops.graph.local import config
from stratumiops.resolvers.configuration import reference_table
from stratumiops.resolvers.schema import schema

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = ROOT / "schema" / "schema.graphql"
README = ROOT / "README.md"
TABLES = {"settings": reference_table, "directory": config.reference_table}
"""What makes each table of the README, by the name in its two marks."""


def schema_text() -> str:
    """The schema as SDL."""
    return schema.as_str() + "\n"


def with_settings(readme: str) -> str:
    """The README with its tables of settings, each between its two marks.

    Raises:
        BadInput: the marks are not there, so that there is no place for a table.
    """
    for name, table in TABLES.items():
        begin, end = f"<!-- {name}: begin (made by `make docs`) -->", f"<!-- {name}: end -->"
        head, found, rest = readme.partition(begin)
        _, closed, tail = rest.partition(end)
        if not (found and closed):
            raise BadInput(f"README.md has no place for a table: expected {begin} and {end}")
        readme = f"{head}{begin}\n{table()}{end}{tail}"
    return readme


def main() -> None:
    """Write both files anew."""
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    README.write_text(with_settings(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
