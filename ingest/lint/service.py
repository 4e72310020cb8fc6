"""The use cases: a page of findings, and the correction of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from stratumiops.graph.errors import BadInput, NotFound
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.knowledge import KnowledgeWriter
from stratumiops.ingest.lint.models import FIXABLE, Finding, LintCode
from stratumiops.ingest.lint.queries import findings
from stratumiops.ingest.lint.told import told
from stratumiops.ingest.profiles.service import Profiles

_PROFILED = {LintCode.CONFLICT_MARKER, LintCode.DUPLICATE_TITLE, LintCode.NEAR_DUPLICATE}
"""Codes that look at profiles."""


class Place(NamedTuple):
    """Where a page ended: the code, the graph, the node or file, and how many of its findings were given."""

    code: str
    graph: str
    place: str
    given: int


@dataclass(slots=True)
class FindingsPage:
    """A page: findings, the place of each, and the nodes that they are about, by graph and id.

    `more` tells whether to go on after `end`. A page may have fewer findings than were asked for, and even none.
    """

    findings: list[Finding] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    nodes: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    more: bool = False
    end: Place | None = None


class Lint:
    """Looks for what is wrong in named graphs."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def page(
        self,
        graphs: Sequence[str],
        codes: Sequence[LintCode],
        *,
        auth: Sequence[str],
        first: int,
        after: Place | None = None,
    ) -> FindingsPage:
        """The next findings of these codes, worst first, then by graph, then by node or file.

        Args:
            graphs: which are looked at; `auth` are all that may be read, for what is at the other end of relations.
        """
        wanted = [code for code in LintCode if code in codes and (after is None or not _before(code, after))]
        if not wanted or not graphs:
            return FindingsPage()
        resumed = after if after is not None and wanted[0] == after.code else None
        limit = first + 1 + (1 if resumed else 0)
        rows = await self._rows(wanted, sorted(graphs), list(auth), limit, resumed)
        return _cut(rows, first, resumed, full=len(rows) >= limit)

    async def fix(self, graph: str, code: LintCode, node_id: str, *, actor: str) -> int:
        """Correct what a finding says of a node; the revision that it has now.

        Raises:
            BadInput: findings of this code have no safe correction, or this one has none.
            NotFound: there is no such finding, or not any more.
            Conflict: the node changed at the same moment.
        """
        if code not in FIXABLE:
            possible = " and ".join(sorted(FIXABLE))
            raise BadInput(f"{code} has no safe correction; {possible} have.", field="code", hint=code.hint)
        after = Place(code, graph, node_id, 0)
        found = await self.page([graph], [code], auth=[graph], first=1, after=after)
        if not found.findings or found.findings[0].node != node_id:
            message = f"There is no finding {code} of the node {node_id!r} in graph {graph!r}."
            raise NotFound(message, hint="Ask for the findings again.", field="node")
        fix = found.findings[0].fix
        if fix is None:
            message = f"Neither the title nor the file name of {node_id!r} tells its date."
            raise BadInput(message, field="node", hint=code.hint)
        rev = found.nodes[graph, node_id]["rev"]
        return await self._change(graph, node_id, rev, dict(fix), actor)

    async def _rows(
        self, codes: Sequence[LintCode], graphs: Sequence[str], auth: Sequence[str], limit: int, resumed: Place | None
    ) -> Sequence[Sequence[Any]]:
        """What `told` takes, in order of codes, graphs and places, at most `limit`."""
        if not _PROFILED.isdisjoint(codes):
            for graph in graphs:
                await Profiles(self._db).catch_up(graph)
        params = {
            "graphs": list(graphs),
            "auth": list(auth),
            "limit": limit,
            "after_graph": resumed.graph if resumed else "",
            "after_place": resumed.place if resumed else "",
        }
        return await self._db.read_one(findings(codes), params) or []

    async def _change(self, graph: str, node_id: str, rev: int, changes: dict[str, Any], actor: str) -> int:
        """Change a node; the revision that it has now."""
        return (await KnowledgeWriter(self._db).update_node(graph, node_id, rev, changes, actor=actor))["rev"]


def _before(code: LintCode, after: Place) -> bool:
    order = list(LintCode)
    return order.index(code) < order.index(LintCode(after.code))


def _cut(rows: Sequence[Sequence[Any]], first: int, resumed: Place | None, *, full: bool) -> FindingsPage:
    page = FindingsPage(more=full)
    for code, graph, place, node, other, details in rows:
        here = Place(code, graph, place, 0)
        passed = resumed.given if resumed and resumed[:3] == here[:3] else 0
        found = told(LintCode(code), graph, place, node, other, details)
        page.nodes |= {(held["graph"], held["id"]): held for held in (node, other) if held is not None}
        for given, finding in enumerate(found[passed:], passed + 1):
            if len(page.findings) == first:
                page.more = True
                return page
            page.end = here._replace(given=given)
            page.findings.append(finding)
            page.places.append(here._replace(given=given))
        page.end = here._replace(given=max(passed, len(found)))
    return page
