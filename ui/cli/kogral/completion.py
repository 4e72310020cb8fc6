"""What a shell offers after Tab: names of graphs, ids and paths of nodes. It never fails, and never waits long."""

from typing import Any

_TIMEOUT_S = 1.5


def complete_graph(incomplete: str) -> list[tuple[str, str]]:
    """Named graphs that begin so, with their titles."""
    from stratumiops.ui.cli.kogral.node_documents import COMPLETE_GRAPHS

    found = _asked(COMPLETE_GRAPHS, {}).get("graphs", [])
    return [(one["name"], one["title"] or "") for one in found if one["name"].startswith(incomplete)]


def complete_node(incomplete: str) -> list[tuple[str, str]]:
    """What begins so among paths, titles and, of the nodes last changed, ids: whichever the user is typing."""
    from stratumiops.ui.cli.kogral.node_documents import COMPLETE_NODES

    begins = {"startsWith": incomplete}
    where = {"or": [{"path": begins}, {"title": begins}]} if incomplete else None
    found = _nodes(_asked(COMPLETE_NODES, {"where": where})) or _nodes(_asked(COMPLETE_NODES, {"where": None}))
    offered = {}
    for one in found:
        names = (one["path"] or "", one["title"], one["id"])
        name = next((name for name in names if name and name.startswith(incomplete)), None)
        if name is not None:
            offered[name] = one["title"] if name != one["title"] else one["id"]
    return list(offered.items())


def _nodes(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return list(answer.get("nodes", {}).get("nodes", []))


def _asked(document: str, variables: dict[str, Any]) -> dict[str, Any]:
    import os

    from stratumiops.graph.errors import StratumError
    from stratumiops.ui.cli.client import Client

    graph = os.environ.get("KOGRAL_GRAPH")
    try:
        with Client(timeout_s=_TIMEOUT_S) as api:
            return api.execute(document, {"graph": graph, **variables} if variables else {})
    except StratumError:
        return {}
