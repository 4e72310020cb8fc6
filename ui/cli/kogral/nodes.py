"""Nodes as the command speaks of them: what a reference means, which columns a list has."""

from typing import TYPE_CHECKING, Any

from stratumiops.graph.errors import Conflict, NotFound
from stratumiops.graph.models import NodeType

if TYPE_CHECKING:
    from stratumiops.ui.cli.client import Client

COLUMNS = ("ID", "TYPE", "STATUS", "DATE", "TITLE", "PATH")


def find(client: "Client", reference: str, graph: str | None) -> dict[str, Any]:
    """`id`, `graph` and `title` of the node that is meant: by its id, else by its path or title, else by an alias.

    Raises:
        NotFound: nothing answers.
        Conflict: several do.
    """
    from stratumiops.ui.cli.kogral.documents import EXISTS, FIND

    found = client.execute(EXISTS, {"id": reference, "graph": graph})["node"]
    if found is not None:
        return dict(found)
    ways = (
        {"path": {"eq": reference}},
        {"or": [{"path": {"endsWith": f"/{reference}"}}, {"title": {"eq": reference}}]},
        {"aliases": {"hasAny": [reference]}},
    )
    for where in ways:
        nodes = client.execute(FIND, {"where": where, "graph": graph})["nodes"]["nodes"]
        if len(nodes) == 1:
            return dict(nodes[0])
        if nodes:
            message = f"Several nodes answer to {reference!r}: {nodes[0]['id']} and {nodes[1]['id']} at least."
            raise Conflict(message, hint="Name one by its id, or give --graph.")
    message = f"No node has the id, path or title {reference!r}{f' in the graph {graph}' if graph else ''}."
    raise NotFound(message, hint="`kogral list` and `kogral search` show what there is.")


def where(types: list[NodeType] | None, tags: list[str] | None, status: str | None) -> dict[str, Any] | None:
    """The filter that the options ask for; None without any."""
    conditions: dict[str, Any] = {}
    if types:
        conditions["type"] = {"in": [node_type.name for node_type in types]}
    if tags:
        conditions["tags"] = {"hasAny": tags}
    if status:
        conditions["status"] = {"eq": status}
    return conditions or None


def row(node: dict[str, Any]) -> tuple[str, ...]:
    """A node in the columns of a list."""
    values = (node["id"], node["type"].lower(), node["status"], node["date"], node["title"], node["path"])
    return tuple(value or "" for value in values)


def summary(node: dict[str, Any]) -> dict[str, Any]:
    """A node as the JSON of lists says it."""
    return {
        "id": node["id"],
        "title": node["title"],
        "node_type": node["type"].lower(),
        "graph": node["graph"],
        "status": node["status"],
        "date": node["date"],
        "tags": node["tags"],
        "path": node["path"],
        "updated_at": node["updatedAt"],
        "rev": node["rev"],
    }
