"""Blocks of directories: read again from the files that were imported, and from the nodes' own files.

An imported document's blocks are those of its file, with what was changed in the directory since. A node that belongs
to no document is a file of the directory, whose blocks are those it has now.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from stratumiops.graph.adapters.folder import read_plain
from stratumiops.graph.local.library import Directory, Library
from stratumiops.graph.local.rows import row_of
from stratumiops.graph.models import Node, NodeType
from stratumiops.graph.selection.answers import Row
from stratumiops.ingest.due_blocks import changed_document, parse_own
from stratumiops.ingest.identity import content_hash
from stratumiops.ingest.local.documents import Documents, Record
from stratumiops.ingest.local.held import held, is_changed
from stratumiops.ingest.models import Link, ParsedDocument
from stratumiops.ingest.records import block_rows
from stratumiops.ingest.resolve import Entry, LinkIndex, referred

Key = tuple[str, ...]
Reference = tuple[Row, Row | None]
_ORDER: Final = ("graph", "path", "node_id", "order")
_KEPT: Final = 20_000


class Parsed:
    """Blocks of files that were read before, by what was read: parsing again would give the same."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], list[Row]] = {}

    def of_document(self, directory: Directory, record: Record) -> list[Row]:
        """The blocks of an imported document."""
        node = directory.moment.nodes[record["node"]]
        changed = node.rev if is_changed(record, node) else None
        key = (
            directory.name, node.id, record["path"], record["hash"], record["format"], record.get("layout"), changed,
        )  # fmt: skip
        at = record["imported_at"] if changed is None else node.updated_at
        return self._rows(key, lambda: document_as_it_is(directory, record), at)

    def of_file(self, directory: Directory, node: Node) -> list[Row]:
        """The blocks of a node's own file."""
        path, data = own_file(directory, node)
        if not data:
            return []
        key = (directory.name, node.id, path, content_hash(data), node.type)
        return self._rows(key, lambda: parse_own(path, data, node), node.updated_at)

    def _rows(self, key: tuple[Any, ...], parse: Callable[[], ParsedDocument], at: str) -> list[Row]:
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            known = self._known[key] = block_rows(key[0], key[1], parse(), at)["blocks"]
        return known


def own_file(directory: Directory, node: Node) -> tuple[str, bytes]:
    """Path and bytes of a node's file in its directory; no bytes when it went away."""
    path = directory.tree.path(node.id) or ""
    try:
        return path, read_plain(directory.root / path)
    except OSError:
        return path, b""


def document_as_it_is(directory: Directory, record: Record) -> ParsedDocument:
    """What an imported file says with what was changed in the directory since."""
    one = held(directory, record)
    if is_changed(record, directory.moment.nodes[record["node"]]):
        return changed_document(one)
    return one.reading.parse(one.path, one.base or b"")


def blocks_of(directory: Directory, parsed: Parsed, only: str | None = None) -> Iterator[list[Row]]:
    """The blocks of each live node of a directory, or of one node."""
    nodes = directory.moment.nodes
    documents = Documents(directory.root).by_node()
    wanted = nodes if only is None else [only] if only in nodes else []
    for node_id in wanted:
        record = documents.get(node_id)
        if record is not None:
            yield parsed.of_document(directory, record)
        else:
            yield parsed.of_file(directory, nodes[node_id])


class LocalBlocks:
    """Reads of blocks of the directories of a library; see `resolvers.knowledge.ports.BlockReads`."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._parsed = Parsed()

    async def page(self, described: Mapping[str, Any]) -> list[Row]:
        """Blocks in order, one beyond `first`."""
        found = self._matching(described)
        after = described.get("after")
        if after:
            last = tuple(after[name] for name in _ORDER)
            found = (row for row in found if _place(row) > last)
        return sorted(found, key=_place)[: described["first"] + 1]

    async def total(self, described: Mapping[str, Any]) -> int:
        """How many blocks `page` would go through."""
        return sum(1 for _ in self._matching(described))

    async def by_key(self, keys: Sequence[Key]) -> Mapping[Key, Row]:
        """Blocks by graph, node id and id."""
        return {key: row for key in keys if (row := self._block(*key)) is not None}

    async def nodes(self, keys: Sequence[Key]) -> Mapping[Key, Row]:
        """Nodes by graph and id."""
        found = {(graph, node_id): self._node(graph, node_id) for graph, node_id in keys}
        return {key: row_of(node) for key, node in found.items() if node is not None}

    async def references(self, keys: Sequence[Key]) -> Mapping[Key, list[Reference]]:
        """What blocks refer to, by graph, node id and id."""
        found: dict[Key, list[Reference]] = {}
        for graph, node_id, block_id in keys:
            block = self._block(graph, node_id, block_id)
            if block is not None:
                found[graph, node_id, block_id] = self._referred(graph, node_id, block)
        return found

    # ---- inside

    def _matching(self, described: Mapping[str, Any]) -> Iterator[Row]:
        graphs = [described["graph"]] if "graph" in described else described["graphs"]
        where = described.get("where") or {}
        for graph in graphs:
            for rows in blocks_of(self._library.directory(graph), self._parsed, described.get("node")):
                yield from (row for row in rows if _holds(where, row))

    def _block(self, graph: str, node_id: str, block_id: str) -> Row | None:
        rows = next(blocks_of(self._library.directory(graph), self._parsed, node_id), [])
        return next((row for row in rows if row["id"] == block_id), None)

    def _node(self, graph: str, node_id: str) -> Node | None:
        return self._library.directory(graph).moment.nodes.get(node_id)

    def _referred(self, graph: str, node_id: str, block: Row) -> list[Reference]:
        directory = self._library.directory(graph)
        known = self._references_of(directory, node_id)
        found: list[tuple[Node, Row | None]] = []
        for order, target, target_block in known:
            node = self._node(graph, target)
            meant = self._block(graph, target, target_block) if target_block else None
            if order == block["order"] and node is not None and (meant is not None or not target_block):
                found.append((node, meant))
        found.sort(key=lambda one: (one[0].path or "\U0010ffff", one[0].id, one[1]["order"] if one[1] else 1 << 60))
        return [(row_of(node), meant) for node, meant in found]

    def _references_of(self, directory: Directory, node_id: str) -> Sequence[Sequence[Any]]:
        """What the blocks of a node refer to: place, node and block of each."""
        node = directory.moment.nodes[node_id]
        record = Documents(directory.root).by_node().get(node_id)
        if record is None:
            path, data = own_file(directory, node)
            return _resolved(directory, path, parse_own(path, data, node).links if data else (), self._parsed)
        if is_changed(record, node):
            return _resolved(directory, record["path"], document_as_it_is(directory, record).links, self._parsed)
        return record.get("refers") or []


def _resolved(
    directory: Directory, path: str, links: Sequence[Link], parsed: Parsed
) -> list[tuple[int, str, str | None]]:
    """What links of a file lead to, where they stand in blocks."""
    nodes = directory.moment.nodes
    paths = {one.id: directory.tree.path(one.id) or "" for one in nodes.values()}
    entries = [Entry(paths[one.id], one.id, one.title, one.type is NodeType.DECISION) for one in nodes.values()]
    index = LinkIndex(entries).with_blocks(named_blocks(directory, parsed) if _names_blocks(links) else ())
    return [(one.block, one.node_id, one.target) for one in referred(index, path, links)]


def _names_blocks(links: Sequence[Link]) -> bool:
    return any(link.block is not None and (link.heading or "").startswith("^") for link in links)


def named_blocks(directory: Directory, parsed: Parsed) -> list[tuple[str, str]]:
    """Id and node of each block of a directory."""
    return [(row["id"], row["node_id"]) for rows in blocks_of(directory, parsed) for row in rows]


def _place(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in _ORDER)


def _holds(where: Mapping[str, Any], row: Row) -> bool:
    return all(_CONDITIONS[name](value, row) for name, value in where.items())


def _tagged(value: str, row: Row) -> bool:
    wanted = value.lower()
    tags = [tag.lower() for tag in row["tags"]]
    return any(tag == wanted or tag.startswith(f"{wanted}/") for tag in tags)


def _due(value: object, row: Row) -> bool:
    return any(day and day[:10] <= str(value) for day in (row.get("deadline"), row.get("scheduled")))


_CONDITIONS: Final[dict[str, Callable[[Any, Row], bool]]] = {
    "tag": _tagged,
    "property": lambda value, row: any(fact.startswith(f"{value}=") for fact in row["facts"]),
    "property_value": lambda value, row: any(fact.endswith(f"={value}") for fact in row["facts"]),
    "fact": lambda value, row: value in row["facts"],
    "state": lambda value, row: row.get("state") in value,
    "task": lambda value, row: row.get("state") is not None,
    "marker": lambda value, row: bool(row.get("marker") == value),
    "priority": lambda value, row: (row.get("priority") or "").lower() == value.lower(),
    "text": lambda value, row: value.lower() in row["text"].lower(),
    "due": _due,
}
"""What `graph.selection.blocks` says in Cypher."""
