"""SVG of a slice of a graph: boxes with titles, relations as curves, light and dark by the reader's own setting."""

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from stratumiops.ui.cli.kogral.picture.layers import positions
from stratumiops.ui.cli.output import one_line

_WIDTH, _HEIGHT = 190, 40
_STEP_X, _STEP_Y = 260, 60
_MARGIN = 20
_LINE = 28
"""Characters of a title that fit on one line of its box."""
_STYLE = """\
svg { font: 12px Helvetica, Arial, sans-serif; background: #fff; color: #1d1d1f }
.box { fill: #f6f6f8; stroke: #6b7280 } .decision { fill: #e8f0fe; stroke: #1a56b0 }
.guideline { fill: #fef4e6; stroke: #b35900 } .pattern { fill: #e9f7ee; stroke: #1e7a3c }
.journal { fill: #f5ecfb; stroke: #7b3fa0 } .execution { fill: #eeeeee; stroke: #555 }
.faded { opacity: .5 } text { fill: currentColor } .edge { fill: none; stroke: #888 }
.edge.supersedes { stroke: #b3261e; stroke-width: 2 } .edge.depends_on { stroke-dasharray: 6 3 }
.edge.extends { stroke-dasharray: 10 3 } .edge.explains { stroke-dasharray: 2 3 }
@media (prefers-color-scheme: dark) {
  svg { background: #1d1d1f; color: #f2f2f4 } .box { fill: #2c2c30 } .decision { fill: #16294a }
  .guideline { fill: #3d2a12 } .pattern { fill: #173522 } .journal { fill: #30203b } .execution { fill: #333 }
}"""


def svg(found: dict[str, Any], name: str) -> Iterator[str]:
    """The lines of an SVG file."""
    nodes = {node["id"]: node for node in found["nodeList"]}
    edges = [edge for edge in found["edgeList"] if edge["source"] in nodes and edge["target"] in nodes]
    places = positions(list(nodes), ((edge["source"], edge["target"]) for edge in edges))
    least = min((rank for rank, _ in places.values()), default=0)
    at = {key: (_MARGIN + (rank - least) * _STEP_X, _MARGIN + row * _STEP_Y) for key, (rank, row) in places.items()}
    width = max((x for x, _ in at.values()), default=0) + _WIDTH + _MARGIN
    height = max((y for _, y in at.values()), default=0) + _HEIGHT + _MARGIN
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" role="img">'
    yield f"<title>{_text(name)}</title>"
    yield f"<style>\n{_STYLE}\n</style>"
    yield (
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#888"/></marker></defs>'
    )
    for edge in edges:
        yield _edge(edge, at)
    for key, node in nodes.items():
        yield from _node(node, *at[key])
    yield "</svg>"


def _edge(edge: dict[str, Any], at: Mapping[str, tuple[float, float]]) -> str:
    (x1, y1), (x2, y2) = at[edge["source"]], at[edge["target"]]
    y1, y2 = y1 + _HEIGHT / 2, y2 + _HEIGHT / 2
    if x2 > x1:
        x1, bend, reach = x1 + _WIDTH, 60.0, x2
    elif x2 < x1:
        bend, reach = -60.0, x2 + _WIDTH
    else:  # one above the other: out and back on the right side
        x1, bend, reach = x1 + _WIDTH, 60.0, x2 + _WIDTH
    end = reach + bend if x1 == reach else reach - bend
    path = f"M{x1:g} {y1:g} C{x1 + bend:g} {y1:g} {end:g} {y2:g} {reach:g} {y2:g}"
    kind = edge["type"].lower()
    return f'<path class="edge {kind}" d="{path}" marker-end="url(#tip)"><title>{kind}</title></path>'


def _node(node: dict[str, Any], x: float, y: float) -> Iterator[str]:
    title = one_line(node["title"])
    faded = " faded" if node["status"] in {"superseded", "deprecated", "rejected"} else ""
    about = f"{title} ({node['type'].lower()}{', ' + node['status'] if node['status'] else ''})"
    yield f"<g class={quoteattr(f'node{faded}')} id={quoteattr(_text(node['id'], escaped=False))}>"
    yield f"<title>{_text(about)}</title>"
    yield (f'<rect class="box {node["type"].lower()}" x="{x:g}" y="{y:g}" width="{_WIDTH}" height="{_HEIGHT}" rx="6"/>')
    lines = _wrapped(title)
    for number, line in enumerate(lines):
        top = y + _HEIGHT / 2 + 4 + (number - (len(lines) - 1) / 2) * 14
        yield f'<text x="{x + _WIDTH / 2:g}" y="{top:g}" text-anchor="middle">{_text(line)}</text>'
    yield "</g>"


def _wrapped(title: str) -> list[str]:
    """At most two lines."""
    import textwrap

    return textwrap.wrap(title, _LINE, max_lines=2, placeholder=" …", break_long_words=True) or [""]


def _text(text: str, *, escaped: bool = True) -> str:
    """Text that XML may hold."""
    clean = "".join(char for char in one_line(text) if char >= " " and not "\ud800" <= char <= "\udfff")
    return escape(clean) if escaped else clean
