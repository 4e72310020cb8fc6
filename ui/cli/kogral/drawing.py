"""A slice of a graph as SVG, DOT (Graphviz) or JSON."""

import sys
from collections.abc import Iterator
from typing import Any

from stratumiops.ui.cli.output import one_line, print_json, print_note

_SHAPES = {
    "DECISION": "box",
    "GUIDELINE": "hexagon",
    "PATTERN": "component",
    "JOURNAL": "note",
    "EXECUTION": "cds",
    "NOTE": "ellipse",
}
_STYLES = {
    "SUPERSEDES": 'style=bold, color="#b3261e"',
    "DEPENDS_ON": "style=dashed",
    "IMPLEMENTS": "arrowhead=empty",
    "EXTENDS": "arrowhead=empty, style=dashed",
    "EXPLAINS": "style=dotted",
    "RELATES_TO": 'color="#888888"',
}


def write(found: dict[str, Any], drawing: str, *, name: str) -> None:
    """Write the slice to stdout; a cut-off one says so on stderr."""
    if drawing == "json":
        print_json(
            {
                "nodes": [
                    {
                        "id": n["id"],
                        "title": n["title"],
                        "node_type": n["type"].lower(),
                        "status": n["status"],
                    }
                    for n in found["nodeList"]
                ],
                "relations": [
                    {"source": e["source"], "target": e["target"], "relation": e["type"].lower()}
                    for e in found["edgeList"]
                ],
                "truncated": found["truncated"],
            }
        )
    elif drawing == "svg":
        from stratumiops.ui.cli.kogral.picture.svg import svg

        sys.stdout.writelines(f"{line}\n" for line in svg(found, name))
    else:
        sys.stdout.writelines(f"{line}\n" for line in dot(found, name))
    if found["truncated"]:
        print_note("Not all of it: raise --limit, or narrow it with --graph, --type or --tag.")


def dot(found: dict[str, Any], name: str) -> Iterator[str]:
    """The lines of a DOT file: decisions as boxes, superseded and deprecated ones grey."""
    yield f"digraph {_quoted(name)} {{"
    yield "  rankdir=LR;"
    yield '  node [fontname="Helvetica", fontsize=11];'
    yield '  edge [fontname="Helvetica", fontsize=9];'
    for node in found["nodeList"]:
        faded = ', color="#999999", fontcolor="#999999"' if node["status"] in {"superseded", "deprecated"} else ""
        shape = _SHAPES.get(node["type"], "ellipse")
        yield f"  {_quoted(node['id'])} [label={_quoted(node['title'])}, shape={shape}{faded}];"
    for edge in found["edgeList"]:
        label = edge["type"].lower()
        style = _STYLES.get(edge["type"], "")
        ends = f"{_quoted(edge['source'])} -> {_quoted(edge['target'])}"
        yield f"  {ends} [label={_quoted(label)}{', ' + style if style else ''}];"
    yield "}"


def _quoted(text: str) -> str:
    """A DOT string: backslashes doubled, so that `\\n` in a title is two characters."""
    return '"' + one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'
