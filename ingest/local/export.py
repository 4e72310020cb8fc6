"""Exports of a directory: what was imported comes back byte for byte, with what changed since."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

from stratumiops.graph.local.library import Library
from stratumiops.graph.local.past import FOLDER_OF
from stratumiops.graph.local.server_only import ServerOnly
from stratumiops.graph.models import Node
from stratumiops.ingest.local.blocks import own_file
from stratumiops.ingest.local.documents import Documents
from stratumiops.ingest.local.held import held, is_changed
from stratumiops.ingest.reading import Reading
from stratumiops.ingest.sync.export import Exporter
from stratumiops.ingest.sync.paths import Names
from stratumiops.ingest.sync.reports import Exported
from stratumiops.ingest.sync.state import Held, Standing

if TYPE_CHECKING:
    from stratumiops.graph.store.database import Database

_UUID: Final = 36


class LocalExporter(Exporter):
    """`Exporter` over directories of files."""

    def __init__(self, library: Library) -> None:
        super().__init__(cast("Database", ServerOnly("This part of an export")))
        self._library = library
        library.refresh()

    async def plan(self, graph: str, source: str, *, first: int, after: str | None) -> list[Standing]:
        """See `Exporter.plan`; a directory has no conflicts."""
        directory = self._library.directory(graph)
        nodes = directory.moment.nodes
        known = [(path, one) for path, one in Documents(directory.root).of(source).items() if path > (after or "")]
        return [_standing(path, one, nodes.get(one["node"])) for path, one in known[:first]]

    async def unfiled(self, graph: str, *, first: int, after: str | None) -> list[Node]:
        """See `Exporter.unfiled`."""
        directory = self._library.directory(graph)
        filed = Documents(directory.root).by_node()
        found = sorted(
            node_id for node_id in directory.moment.nodes if node_id > (after or "") and node_id not in filed
        )
        return [directory.moment.nodes[node_id] for node_id in found[:first]]

    async def sources(self, graph: str) -> list[str]:
        """See `Exporter.sources`."""
        return Documents(self._library.directory(graph).root).sources()

    # ---- inside

    def _first(self, names: Names, node: Node, wanted: Reading) -> Exported:
        """The first file of a node; what a person wrote stays as it is."""
        directory = self._library.directory(node.graph)
        page, path = directory.tree.page(node.id), directory.tree.path(node.id) or ""
        made_here = page is not None and not page.by_hand and path.startswith(f"{FOLDER_OF[node.type]}/")
        if node.path == path and made_here and len(node.id) == _UUID:
            node = replace(node, path=None)  # a name that was made for the directory
        made = super()._first(names, node, wanted)
        if page is None or not page.by_hand:
            return made
        data = own_file(directory, node)[1]
        return replace(made, data=data, unsaid=()) if data else made

    async def _sizes(self, params: dict[str, Any]) -> list[tuple[str, int]]:
        directory = self._library.directory(params["graph"])
        nodes, only = directory.moment.nodes, params["paths"]
        found = [
            (path, int(one.get("size") or 0) + len(nodes[one["node"]].content))
            for path, one in Documents(directory.root).of(params["source"]).items()
            if one["node"] in nodes and path > params["after"] and (only is None or path in only)
        ]
        return found[: params["first"]]

    async def _held(self, graph: str, source: str, paths: Sequence[str]) -> dict[str, Held]:
        directory = self._library.directory(graph)
        known = Documents(directory.root).of(source)
        return {path: held(directory, known[path]) for path in paths if path in known}

    async def _places(self, graph: str, source: str) -> tuple[list[str], list[tuple[str, str]]]:
        directory = self._library.directory(graph)
        nodes = directory.moment.nodes
        known = Documents(directory.root).of(source)
        uses = Counter(
            (nodes[one["node"]].type.value, path[: path.rfind("/") + 1])
            for path, one in known.items()
            if one["node"] in nodes
        )
        ordered = sorted(uses, key=lambda one: (-uses[one], len(one[1]), one[1]))
        return list(known), ordered


def _standing(path: str, record: Mapping[str, Any], node: Node | None) -> Standing:
    changed = node is not None and is_changed(record, node)
    parser = record["parser"] if record.get("bytes") else 0
    reading = Reading.of(record["format"], record.get("layout"))
    return Standing(
        path, record["hash"], reading, parser, record["node"], node.rev if node else 0, node is not None, changed,
        None, None, None,
    )  # fmt: skip
