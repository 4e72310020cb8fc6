"""Nodes as markdown, JSON or YAML: whole, or in parts when one is longer than an answer may be."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

import orjson

Format = Literal["markdown", "json", "yaml"]
ExportField = Literal[
    "node_type", "graph", "status", "date", "tags", "priority", "path", "created_at", "updated_at", "created_by",
    "updated_by", "rev", "metadata", "relations", "content",
]  # fmt: skip
_HEAD = {name: name for name in ("id", "status", "date", "tags", "priority")} | {"node_type": "type"}
"""What the front matter of an exported file says, by the names of `portable`."""


def portable(node: Mapping[str, Any], fields: Collection[str] | None = None) -> dict[str, Any]:
    """A node of the API with the names of the command line's JSON, all or these; empty values are left out."""
    whole = {
        "id": node["id"],
        "title": node["title"],
        "node_type": node["type"].lower(),
        "graph": node["graph"],
        "status": node["status"],
        "date": node["date"],
        "tags": node["tags"],
        "priority": node.get("priority"),
        "path": node["path"],
        "created_at": node["createdAt"],
        "updated_at": node["updatedAt"],
        "created_by": node["createdBy"],
        "updated_by": node["updatedBy"],
        "rev": node["rev"],
        "metadata": node["metadata"],
        "relations": [
            {
                "relation": one["type"].lower(),
                "direction": one["direction"].lower(),
                "id": one["node"]["id"],
                "title": one["node"]["title"],
            }
            for one in node["relations"]
        ],
        "content": node["content"],
    }
    return {
        key: value
        for key, value in whole.items()
        if value not in (None, [], {}, "") and (fields is None or key in fields)
    }


def rendered(nodes: Sequence[Mapping[str, Any]], form: Format) -> str:
    """The nodes as one text. A node with `content_offset` goes on where another answer ended."""
    if form == "json":
        lines = ",\n".join(orjson.dumps(node).decode() for node in nodes)
        return f'{{"nodes": [\n{lines}\n]}}\n'
    if form == "yaml":
        return _yaml({"nodes": list(nodes)})
    return "\n".join(_markdown(node) for node in nodes)


def _markdown(node: Mapping[str, Any]) -> str:
    """A file as `kogral import` reads it: front matter, title, text; a later part is text alone."""
    content = node.get("content", "")
    if node.get("content_offset"):
        return f"{content}\n"
    head = {name: node[key] for key, name in _HEAD.items() if key in node} | node.get("metadata", {})
    for one in node.get("relations", ()):
        if one["direction"] == "out":
            head.setdefault(one["relation"], []).append(one["id"])
    begin = content.lstrip()
    title = "" if begin.startswith("# ") else f"# {node['title']}\n\n"
    return f"---\n{_yaml(head)}---\n{title}{content.rstrip()}\n"


def _yaml(value: Any) -> str:
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(value, Dumper=dumper, sort_keys=False, allow_unicode=True, width=10_000)
    return text
