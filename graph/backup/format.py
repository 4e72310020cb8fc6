"""What a backup file looks like.

Gzip'd JSON lines: a header, all nodes, all relationships, and an end that carries the SHA-256 of all bytes
before it (uncompressed). Nodes are named by a number that means something in this file only.

    {"format": "stratumiops-backup", "version": 1, "schema": 1, "nodes": 2, "relationships": 1, …}
    {"id": 7, "labels": ["Graph"], "properties": {"name": "default"}}
    {"source": 7, "target": 8, "type": "CONTAINS", "properties": {}}
    {"end": {"nodes": 2, "relationships": 1, "sha256": "…"}}
"""

from dataclasses import asdict, dataclass
from typing import Any

import orjson

FORMAT = "stratumiops-backup"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Header:
    """The first line. `schema` is the schema version of the graph, `neo4j` the server it came from."""

    schema: int
    nodes: int
    relationships: int
    created_at: str
    stratumiops: str

    def line(self) -> bytes:
        """As it is written."""
        return _line({"format": FORMAT, "version": VERSION} | asdict(self))

    @classmethod
    def parse(cls, values: dict[str, Any]) -> "Header":
        """What `line` wrote; raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            schema=int(values["schema"]),
            nodes=int(values["nodes"]),
            relationships=int(values["relationships"]),
            created_at=str(values["created_at"]),
            stratumiops=str(values["stratumiops"]),
        )


@dataclass(frozen=True, slots=True)
class End:
    """The last line."""

    nodes: int
    relationships: int
    sha256: str

    def line(self) -> bytes:
        """As it is written."""
        return _line({"end": asdict(self)})


@dataclass(frozen=True, slots=True)
class Summary:
    """What was saved or brought back."""

    file: str
    sha256: str
    schema: int
    nodes: int
    relationships: int


def node_line(number: int, labels: list[str], properties: dict[str, Any]) -> bytes:
    """One node; `properties` are encoded."""
    return _line({"id": number, "labels": labels, "properties": properties})


def relationship_line(source: int, target: int, kind: str, properties: dict[str, Any]) -> bytes:
    """One relationship; `properties` are encoded."""
    return _line({"source": source, "target": target, "type": kind, "properties": properties})


def _line(value: dict[str, Any]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
