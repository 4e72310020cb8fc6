"""What a directory remembers of a document, as an export and the reader of blocks take it."""

from collections.abc import Mapping
from typing import Any

from stratumiops.graph.local.library import Directory
from stratumiops.graph.models import Node
from stratumiops.ingest.local.documents import Record
from stratumiops.ingest.reading import Reading
from stratumiops.ingest.sync.state import Held, unpacked


def held(directory: Directory, record: Record) -> Held:
    """A document, its node, and its node as it was when the file was read."""
    node, rev = directory.moment.nodes.get(record["node"]), record.get("node_rev")
    agreed = None
    if node is not None and rev is not None and node.rev > rev:
        states = directory.past.states(node.id)
        agreed = next((state.node for state in states if state.node.rev == rev), None)
    reading = Reading.of(record["format"], record.get("layout"))
    return Held(record["path"], record["hash"], reading, unpacked(record.get("bytes")), None, node, agreed, rev)


def is_changed(record: Mapping[str, Any], node: Node) -> bool:
    """Whether the node has something that its file has not."""
    rev = record.get("node_rev")
    return bool(node.rev > rev if rev is not None else node.updated_at > record["imported_at"])
