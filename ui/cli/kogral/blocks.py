"""`kogral blocks` and `kogral todos`: blocks as tables for people and as JSON for programs."""

from typing import TYPE_CHECKING, Any

from stratumiops.ingest.models import TaskState
from stratumiops.ui.cli.kogral import nodes
from stratumiops.ui.cli.kogral.documents import BLOCKS, TODOS
from stratumiops.ui.cli.output import print_json, print_table

if TYPE_CHECKING:
    from stratumiops.ui.cli.client import Client

_PAGE = 1_000
_OPEN = (TaskState.TODO, TaskState.DOING, TaskState.WAITING)


def list_blocks(
    api: "Client",
    graph: str | None,
    node: str | None,
    limit: int,
    *,
    tag: str | None,
    properties: str | None,
    states: list[TaskState] | None,
    marker: str | None,
    text: str | None,
    as_json: bool,
) -> None:
    """Print blocks."""
    name, given, value = (properties or "").partition("=")
    where = {
        "tag": tag,
        "property": name or None,
        "propertyValue": value if given else None,
        "state": _names(states),
        "marker": marker,
        "text": text,
    }
    conditions = {key: value for key, value in where.items() if value is not None}
    with api:
        found = _pages(api, BLOCKS, "blocks", graph, node, limit, {"where": conditions or None})
    if as_json:
        print_json([_summary(block) for block in found])
    else:
        rows = [
            (f"{one['path']}:{one['startLine']}", one["marker"] or "", "  " * one["depth"] + one["text"], one["id"])
            for one in found
        ]
        print_table(("PLACE", "MARKER", "TEXT", "ID"), rows, empty="No blocks.")


def list_todos(
    api: "Client",
    graph: str | None,
    node: str | None,
    limit: int,
    *,
    states: list[TaskState] | None,
    unfinished: bool,
    tag: str | None,
    priority: str | None,
    due: str | None,
    as_json: bool,
) -> None:
    """Print tasks."""
    wanted = list(dict.fromkeys([*(states or ()), *(_OPEN if unfinished else ())])) or None
    given = {"state": _names(wanted), "tag": tag, "priority": priority, "due": due}
    with api:
        found = _pages(api, TODOS, "todos", graph, node, limit, given)
    if as_json:
        print_json([_summary(block) for block in found])
    else:
        rows = [
            (
                one["state"].lower(),
                one["priority"] or "",
                one["deadline"] or one["scheduled"] or "",
                one["text"],
                f"{one['path']}:{one['startLine']}",
            )
            for one in found
        ]
        print_table(("STATE", "PRIORITY", "WHEN", "TASK", "PLACE"), rows, empty="No tasks.")


def _pages(
    api: "Client",
    document: str,
    name: str,
    graph: str | None,
    node: str | None,
    limit: int,
    given: dict[str, Any],
) -> list[dict[str, Any]]:
    """Up to `limit` blocks."""
    variables = {"graph": graph, **given}
    if node is not None:
        meant = nodes.find(api, node, graph)
        variables |= {"graph": meant["graph"], "node": meant["id"]}
    found: list[dict[str, Any]] = []
    more = True
    while more and len(found) < limit:
        page = api.execute(document, {**variables, "first": min(limit - len(found), _PAGE)})[name]
        found += page["nodes"]
        variables["after"] = page["pageInfo"]["endCursor"]
        more = page["pageInfo"]["hasNextPage"]
    return found


def _names(states: list[TaskState] | None) -> list[str] | None:
    return [state.name for state in states] if states else None


def _summary(block: dict[str, Any]) -> dict[str, Any]:
    """A block as JSON says it."""
    return {
        "id": block["id"],
        "text": block["text"],
        "marker": block["marker"],
        "state": block["state"].lower() if block["state"] else None,
        "priority": block["priority"],
        "scheduled": block["scheduled"],
        "deadline": block["deadline"],
        "tags": block["tags"],
        "properties": block["properties"],
        "order": block["order"],
        "depth": block["depth"],
        "parent": block["parentId"],
        "path": block["path"],
        "start_line": block["startLine"],
        "end_line": block["endLine"],
        "graph": block["graph"],
        "node_id": block["node"]["id"],
        "node_title": block["node"]["title"],
        "node_type": block["node"]["type"].lower(),
    }
