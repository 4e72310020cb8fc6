"""Joining and parting nodes."""

from typing import TYPE_CHECKING, Any

from stratumiops.graph.models import RelationType
from stratumiops.ui.cli.kogral import nodes
from stratumiops.ui.cli.kogral.documents import LINK, UNLINK
from stratumiops.ui.cli.output import one_line, print_json, print_text

if TYPE_CHECKING:
    from stratumiops.ui.cli.client import Client


def join(
    api: "Client",
    source: str,
    target: str,
    relation: RelationType,
    *,
    weight: float,
    graph: str,
    as_json: bool,
) -> None:
    """Join two nodes and say so."""
    with api:
        ends = _ends(api, source, target, relation, graph)
        made = api.execute(LINK, {"input": {**ends, "weight": weight}})["linkNodes"]["relation"]
    _say(made, as_json=as_json)


def part(api: "Client", source: str, target: str, relation: RelationType, *, graph: str, as_json: bool) -> None:
    """End a relation and say so."""
    with api:
        ends = _ends(api, source, target, relation, graph)
        ended = api.execute(UNLINK, {"input": ends})["unlinkNodes"]["relation"]
    _say(ended, as_json=as_json)


def _ends(api: "Client", source: str, target: str, relation: RelationType, graph: str) -> dict[str, Any]:
    return {
        "graph": graph,
        "source": nodes.find(api, source, graph)["id"],
        "target": nodes.find(api, target, graph)["id"],
        "relation": relation.name,
    }


def _say(relation: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        found = {
            "relation": relation["type"].lower(),
            "source": relation["source"]["id"],
            "target": relation["target"]["id"],
            "weight": relation["weight"],
            "valid_from": relation["validFrom"],
            "valid_to": relation["validTo"],
        }
        print_json(found)
        return
    ended = "no longer: " if relation["validTo"] else ""
    names = (
        one_line(relation["source"]["title"]),
        relation["type"].lower(),
        one_line(relation["target"]["title"]),
    )
    print_text(ended + " ".join(names))
