"""Findings of a directory: what `ingest.lint.queries` says in Cypher, said in Python."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import orjson

from stratumiops.graph.local.library import Directory, Library
from stratumiops.graph.local.rows import row_of
from stratumiops.graph.local.server_only import ServerOnly
from stratumiops.graph.local.writer import LocalWriter
from stratumiops.graph.models import Node, NodeType, RelationType
from stratumiops.ingest.due_blocks import parse_own
from stratumiops.ingest.lint.models import LintCode
from stratumiops.ingest.lint.queries import FRONT_MATTER_PROBLEMS
from stratumiops.ingest.lint.service import Lint, Place
from stratumiops.ingest.local.blocks import own_file
from stratumiops.ingest.local.documents import Documents
from stratumiops.ingest.profiles.profile import folded, markers
from stratumiops.ingest.profiles.signature import ALIKE, BANDS, Signature, signature, similarity
from stratumiops.ingest.records import dump_links, dump_problems
from stratumiops.ingest.resolve import Entry, LinkIndex, Unresolved, stated

if TYPE_CHECKING:
    from stratumiops.graph.store.database import Database

_IN_FORCE: Final = (None, "accepted", "superseded", "deprecated")
_UNJOINED: Final = (NodeType.JOURNAL, NodeType.EXECUTION)
_HAND: Final = ""
"""The source of files that belong to no import."""


class _Row(NamedTuple):
    """Place, node, other node and details, as a row of the statement has them."""

    place: str
    node: Node | None
    other: Node | None = None
    details: Any = None


class LocalLint(Lint):
    """`Lint` over directories of files."""

    def __init__(self, library: Library, writer: LocalWriter) -> None:
        super().__init__(cast("Database", ServerOnly("This part of lint")))
        self._library = library
        self._writer = writer
        library.refresh()

    async def _rows(
        self, codes: Sequence[LintCode], graphs: Sequence[str], auth: Sequence[str], limit: int, resumed: Place | None
    ) -> Sequence[Sequence[Any]]:
        del auth  # whoever can read the files may read all that is in them
        looks = [(graph, Look(self._library.directory(graph))) for graph in graphs]

        def found() -> Iterator[list[Any]]:
            for position, code in enumerate(codes):
                low = (resumed.graph, resumed.place) if resumed and position == 0 else ("", "")
                for graph, look in looks:
                    for row in sorted(look.of(code), key=lambda row: row.place):
                        if (graph, row.place) >= low:
                            yield [code.value, graph, row.place, _held(row.node), _held(row.other), row.details]

        return list(islice(found(), limit))

    async def _change(self, graph: str, node_id: str, rev: int, changes: dict[str, Any], actor: str) -> int:
        return (await self._writer.update_node(graph, node_id, rev, changes, actor=actor))["rev"]


class Look:
    """One directory, looked at for every code."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._nodes: Mapping[str, Node] = dict(sorted(directory.moment.nodes.items()))

    def of(self, code: LintCode) -> Iterator[_Row]:
        """The rows of a code, in no order."""
        match code:
            case LintCode.SUPERSEDE_CYCLE | LintCode.MUTUAL_SUPERSEDE:
                return self._cycles(mutual=code is LintCode.MUTUAL_SUPERSEDE)
            case LintCode.BROKEN_LINK | LintCode.BROKEN_SUPERSEDE:
                return self._broken(supersedes=code is LintCode.BROKEN_SUPERSEDE)
            case LintCode.INVALID_FRONT_MATTER | LintCode.FILE_PROBLEM:
                return self._told(front=code is LintCode.INVALID_FRONT_MATTER)
        rules = {
            LintCode.CONFLICT_MARKER: self._marked,
            LintCode.SUPERSEDED_BY_REJECTED: self._rejected,
            LintCode.SUPERSEDED_BUT_ACCEPTED: self._accepted,
            LintCode.SUPERSEDED_WITHOUT_SUCCESSOR: self._alone,
            LintCode.JOURNAL_WITHOUT_DATE: self._undated,
            LintCode.DUPLICATE_TITLE: self._same_titles,
            LintCode.NEAR_DUPLICATE: self._near,
            LintCode.ORPHAN: self._orphans,
        }
        return rules[code]()

    # ---- decisions

    @cached_property
    def _newer(self) -> dict[str, list[str]]:
        """What supersedes each node, by id."""
        found: dict[str, list[str]] = {}
        for edge in self._directory.moment.edges:
            if edge.relation is RelationType.SUPERSEDES:
                found.setdefault(edge.target, []).append(edge.source)
        return {node_id: sorted(sources) for node_id, sources in found.items()}

    @cached_property
    def _older(self) -> dict[str, list[str]]:
        """What each node supersedes, by id."""
        found: dict[str, list[str]] = {}
        for target, sources in self._newer.items():
            for source in sources:
                found.setdefault(source, []).append(target)
        return {node_id: sorted(targets) for node_id, targets in found.items()}

    def _decisions(self) -> Iterator[tuple[Node, list[Node]]]:
        """Decisions, each with the decisions that supersede it."""
        for node in self._nodes.values():
            if node.type is NodeType.DECISION:
                above = [self._nodes[other] for other in self._newer.get(node.id, ())]
                yield node, [other for other in above if other.type is NodeType.DECISION]

    def _rejected(self) -> Iterator[_Row]:
        for node, above in self._decisions():
            other = next((one for one in above if one.status == "rejected"), None)
            if other is not None:
                yield _Row(node.id, node, other)

    def _accepted(self) -> Iterator[_Row]:
        for node, above in self._decisions():
            if node.status == "accepted" and above:
                below = self._below(node.id)
                other = next((one for one in above if one.status in _IN_FORCE and one.id not in below), None)
                if other is not None:
                    yield _Row(node.id, node, other)

    def _alone(self) -> Iterator[_Row]:
        for node, _ in self._decisions():
            if node.status == "superseded" and node.id not in self._newer:
                yield _Row(node.id, node)

    def _below(self, start: str) -> set[str]:
        """All that a node supersedes, also at several removes."""
        seen: set[str] = set()
        waiting = list(self._older.get(start, ()))
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                waiting += self._older.get(here, ())
        return seen

    def _cycles(self, *, mutual: bool) -> Iterator[_Row]:
        for start in self._older:
            way = self._around(start) if start in self._newer else None
            if way is not None:
                nodes = [self._nodes[node_id] for node_id in way]
                both = len(way) == 2 and all(
                    node.type is NodeType.DECISION and node.status == "accepted" for node in nodes
                )
                if both is mutual:
                    yield _Row(start, self._nodes[start], nodes[0], [node.title for node in nodes])

    def _around(self, start: str) -> list[str] | None:
        """A shortest way from what a node supersedes back to it, over later ids only."""
        came: dict[str, str | None] = {one: None for one in self._older[start] if one > start}
        level = list(came)
        while level:
            following: list[str] = []
            for here in level:
                for there in self._older.get(here, ()):
                    if there == start:
                        return [*_back(came, here), start]
                    if there > start and there not in came:
                        came[there] = here
                        following.append(there)
            level = following
        return None

    # ---- files

    @cached_property
    def _files(self) -> list[tuple[str, Node | None, str, str | None, str, str | None, int | None]]:
        """Place, node, path, links that lead nowhere, links, problems and first line of text of each file."""
        filed = Documents(self._directory.root).by_node()
        found = [
            (
                f"{one['source']}/{one['path']}",
                self._nodes.get(node_id),
                one["path"],
                one.get("unresolved"),
                one.get("links") or "[]",
                one.get("problems"),
                one.get("body_line"),
            )
            for node_id, one in filed.items()
        ]
        index: LinkIndex | None = None
        for node in self._nodes.values():
            page = self._directory.tree.page(node.id)
            if node.id in filed or page is None or not page.by_hand:
                continue
            path, data = own_file(self._directory, node)
            parsed = parse_own(path, data, node)
            index = index or self._index()
            lost = [one for one in stated(index, path, node.id, parsed.links) if isinstance(one, Unresolved)]
            told = [[one.line, one.kind.value, one.target, one.reason.value] for one in lost]
            unresolved = orjson.dumps(told).decode() if told else None
            problems = dump_problems(parsed.problems)
            place = f"{_HAND}/{path}"
            found.append((place, node, path, unresolved, dump_links(parsed.links), problems, parsed.body_line))
        return found

    def _index(self) -> LinkIndex:
        tree = self._directory.tree
        return LinkIndex(
            Entry(tree.path(node.id) or "", node.id, node.title, node.type is NodeType.DECISION)
            for node in self._nodes.values()
        )

    def _broken(self, *, supersedes: bool) -> Iterator[_Row]:
        for place, node, path, unresolved, links, _, _ in self._files:
            if unresolved and unresolved != "[]" and (not supersedes or '"supersedes"' in links):
                yield _Row(place, node, None, [path, unresolved, links])

    def _told(self, *, front: bool) -> Iterator[_Row]:
        for place, node, path, _, _, problems, _ in self._files:
            if problems and problems != "[]":
                if front and not any(f'"{code}"' in problems for code in FRONT_MATTER_PROBLEMS):
                    continue
                yield _Row(place, node, None, [path, problems])

    def _marked(self) -> Iterator[_Row]:
        lines = {node.id: line for _, node, _, _, _, _, line in self._files if node is not None}
        for node in self._nodes.values():
            found = markers(node.content)
            if found:
                yield _Row(node.id, node, None, [found, lines.get(node.id)])

    # ---- nodes

    def _undated(self) -> Iterator[_Row]:
        for node in self._nodes.values():
            if node.type is NodeType.JOURNAL and not node.date:
                yield _Row(node.id, node)

    def _orphans(self) -> Iterator[_Row]:
        joined = {end for edge in self._directory.moment.edges for end in (edge.source, edge.target)}
        for node in self._nodes.values():
            if node.type not in _UNJOINED and node.id not in joined:
                yield _Row(node.id, node)

    def _same_titles(self) -> Iterator[_Row]:
        first: dict[str, Node] = {}
        for node in self._nodes.values():
            if node.type is not NodeType.EXECUTION:
                other = first.setdefault(folded(node.title), node)
                if other is not node:
                    yield _Row(node.id, node, other)

    def _near(self) -> Iterator[_Row]:
        signed = {node.id: one for node in self._nodes.values() if (one := signature(node.content)) is not None}
        best: dict[str, tuple[float, str]] = {}
        for band in range(BANDS):
            for node_id, other, alike in _of_band(signed, band):
                if node_id not in best or (-alike, other) < (-best[node_id][0], best[node_id][1]):
                    best[node_id] = alike, other
        for node_id, (alike, other) in best.items():
            yield _Row(node_id, self._nodes[node_id], self._nodes[other], alike)


def _of_band(signed: Mapping[str, Signature], band: int) -> Iterator[tuple[str, str, float]]:
    """Texts that have a band in common with an earlier one and are alike: id, id of that one, how much."""
    first: dict[int, str] = {}
    for node_id, one in signed.items():
        other = first.setdefault(one.bands[band], node_id)
        alike = similarity(one.hashes, signed[other].hashes) if other != node_id else 0.0
        if alike >= ALIKE:
            yield node_id, other, alike


def _back(came: Mapping[str, str | None], end: str) -> list[str]:
    way: list[str] = []
    here: str | None = end
    while here is not None:
        way.append(here)
        here = came[here]
    return way[::-1]


def _held(node: Node | None) -> dict[str, Any] | None:
    return None if node is None else {**row_of(node), "embedding": None}
