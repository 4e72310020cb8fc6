"""Hits, nodes and graphs as text for people and as JSON for programs."""

from typing import Any

from stratumiops.ui.cli.kogral.nodes import summary
from stratumiops.ui.cli.output import console, one_line, print_json, print_note, print_table, terminal_safe


def print_hits(hits: list[dict[str, Any]]) -> None:
    """Search hits: a line for each, on a terminal with the best part of the text under it."""
    import sys

    if not sys.stdout.isatty():
        rows = [_hit_row(hit) for hit in hits]
        print_table(("SCORE", "ID", "TYPE", "TITLE", "PATH"), rows, empty="")
        return
    from rich.text import Text

    out = console()
    for hit in hits:
        node = hit["node"]
        line = Text.assemble(
            (node["title"], "bold"),
            "  ",
            (node["type"].lower(), "cyan"),
            "  ",
            (node["status"] or "", "green"),
        )
        out.print(line)
        for found in [one for one in hit["highlights"] if one["field"] != "title"][:1]:
            out.print(_marked(found), soft_wrap=True)
        out.print(f"  {node['id']}  {node['path'] or ''}", style="dim", markup=False)
    if not hits:
        print_note("Nothing found.")


def _hit_row(hit: dict[str, Any]) -> tuple[str, ...]:
    node = hit["node"]
    return f"{hit['score']:.3f}", node["id"], node["type"].lower(), node["title"], node["path"] or ""


def _marked(found: dict[str, Any]) -> Any:
    """A part of a text with what matched in it underlined; ranges count UTF-16 code units."""
    from rich.text import Text

    units = found["text"].encode("utf-16-le")
    parts: list[tuple[str, str]] = [("  ", "")]
    done = 0
    for start, end in found["ranges"]:
        parts.append((units[done * 2 : start * 2].decode("utf-16-le", "replace"), "dim"))
        parts.append((units[start * 2 : end * 2].decode("utf-16-le", "replace"), "bold yellow"))
        done = end
    parts.append((units[done * 2 :].decode("utf-16-le", "replace"), "dim"))
    return Text.assemble(*((one_line(text), style) for text, style in parts))


def details(node: dict[str, Any]) -> dict[str, Any]:
    """A whole node as JSON says it."""
    whole = {
        **summary(node),
        "aliases": node["aliases"],
        "content": node["content"],
        "metadata": node["metadata"],
        "created_at": node["createdAt"],
        "created_by": node["createdBy"],
        "updated_by": node["updatedBy"],
        "relations": [
            {
                "relation": relation["type"].lower(),
                "direction": relation["direction"].lower(),
                "weight": relation["weight"],
                "origin": relation["origin"],
                "valid_from": relation["validFrom"],
                "id": relation["node"]["id"],
                "title": relation["node"]["title"],
                "node_type": relation["node"]["type"].lower(),
            }
            for relation in node["relations"]
        ],
    }
    if node["type"] == "DECISION":
        whole |= {"status_raw": node["statusRaw"], "deciders": node["deciders"]}
    return whole


def print_node(node: dict[str, Any]) -> None:
    """A whole node for a person: a head of facts, the text, the relations."""
    out = console()
    out.print(one_line(node["title"]), style="bold", markup=False)
    status = node["status"] or node.get("statusRaw")
    facts = (
        ("type", node["type"].lower()),
        ("status", status),
        ("date", node["date"]),
        ("deciders", ", ".join(node.get("deciders") or ())),
        ("aliases", ", ".join(node["aliases"])),
        ("tags", ", ".join(node["tags"])),
        ("graph", node["graph"]),
        ("path", node["path"]),
        ("id", node["id"]),
        ("changed", f"{node['updatedAt']} by {node['updatedBy']}, revision {node['rev']}"),
    )
    for name, value in facts:
        if value:
            out.print(f"{name + ':':<10}{one_line(value)}", markup=False)
    if node["relations"]:
        out.print("")
    for relation in node["relations"]:
        arrow = "→" if relation["direction"] == "OUT" else "←"
        other = one_line(relation["node"]["title"])
        line = f"{arrow} {relation['type'].lower():<11} {other}  ({relation['node']['id']})"
        out.print(line, markup=False)
    if node["content"].strip():
        out.print("")
        out.print(terminal_safe(node["content"].strip("\n")), markup=False, soft_wrap=True)


def print_graphs(graphs: list[dict[str, Any]], *, as_json: bool) -> None:
    """The named graphs."""
    if as_json:
        found = [
            {
                "name": graph["name"],
                "title": graph["title"],
                "description": graph["description"],
                "nodes": graph["nodeCount"],
                "inherits": graph["inherits"],
                "updated_at": graph["updatedAt"],
            }
            for graph in graphs
        ]
        print_json(found)
        return
    rows = [
        (
            graph["name"],
            str(graph["nodeCount"]),
            ", ".join(one["graph"] for one in graph["inherits"]),
            graph["title"] or "",
        )
        for graph in graphs
    ]
    print_table(("NAME", "NODES", "INHERITS", "TITLE"), rows, empty="No graphs.")
