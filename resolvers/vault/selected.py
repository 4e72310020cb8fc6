"""Which fields of a list's items an operation asks for: what would cost a request for each is left out otherwise."""

from collections.abc import Iterator, Sequence
from typing import Any

from strawberry.types.nodes import FragmentSpread, InlineFragment, SelectedField

from stratumiops.resolvers.engine.context import Info


def asked_of(info: Info, *paths: str) -> set[str]:
    """Names of the fields below the field that is resolved, at any of these paths, such as `edges.node`."""
    fields = [field for each in info.selected_fields for field in _fields([each])]
    found: set[str] = set()
    for path in paths:
        at = [inner for field in fields for inner in _fields(field.selections)]
        for step in path.split(".") if path else ():
            at = [inner for field in at if field.name == step for inner in _fields(field.selections)]
        found |= {field.name for field in at if not field.name.startswith("__")}
    return found


def asked_of_nodes(info: Info) -> set[str]:
    """Names of the fields asked of the nodes of a page."""
    return asked_of(info, "nodes", "edges.node")


def _fields(selections: Sequence[Any]) -> Iterator[SelectedField]:
    for each in selections:
        if isinstance(each, FragmentSpread | InlineFragment):
            yield from _fields(each.selections)
        elif _included(each.directives):
            yield each


def _included(directives: Any) -> bool:
    given = directives or {}
    return given.get("include", {}).get("if", True) is not False and given.get("skip", {}).get("if", False) is not True
