"""Findings, and the correction of one."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from stratumiops.graph.errors import BadInput
from stratumiops.ingest.lint.models import Finding, LintCode
from stratumiops.ingest.lint.service import Place
from stratumiops.resolvers.context import Role
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.engine.describe import first_of
from stratumiops.resolvers.knowledge.mutation import written
from stratumiops.resolvers.rules import cursors
from stratumiops.schema.arguments import After, First, GraphName
from stratumiops.schema.connections import page_info
from stratumiops.schema.knowledge import KnowledgeNode, node_of
from stratumiops.schema.lint import FindingConnection, FindingEdge, FixFindingInput, LintFinding
from stratumiops.schema.payloads import NodePayload

_Codes = Annotated[
    list[LintCode] | None, strawberry.argument(description="Findings of these codes only; without it, of all.")
]
_INPUT = strawberry.argument(description="What is to be done.")


@strawberry.type
class LintQuery:
    """Root field of findings."""

    @strawberry.field(
        description="What is wrong, or not as it should be, in a graph: worst first, then by node or file. Inherited "
        "nodes are not looked at."
    )
    async def lint(
        self,
        info: Info,
        graph: GraphName = UNSET,
        codes: _Codes = UNSET,
        first: First = 100,
        after: After = UNSET,
    ) -> FindingConnection:
        """What is wrong, or not as it should be."""
        scope = info.context.reader.scope
        page = await info.context.services.lint.page(
            scope.graphs(graph or None, inherited=False),
            list(LintCode) if codes in (None, UNSET) else list(codes or ()),
            auth=scope.visible,
            first=first_of({"first": first}, scope),
            after=_place(after) if after else None,
        )
        nodes = {key: node_of(dict(held)) for key, held in page.nodes.items()}
        found = [_finding(one, nodes) for one in page.findings]
        ends = [cursors.encode(*place) for place in page.places]
        return FindingConnection(
            edges=[FindingEdge(cursor=cursor, node=one) for cursor, one in zip(ends, found, strict=True)],
            nodes=found,
            page_info=page_info(
                ends, more=page.more, after=bool(after), end=cursors.encode(*page.end) if page.end else (after or None)
            ),
        )


@strawberry.type
class LintMutation:
    """Mutation of findings."""

    @strawberry.mutation(
        description="Correct what a finding says, where that is safe (`fixable`): a new revision of its node, whose "
        "history keeps the old one. Codes that can be: SUPERSEDED_BUT_ACCEPTED, JOURNAL_WITHOUT_DATE."
    )
    async def fix_finding(self, info: Info, input: Annotated[FixFindingInput, _INPUT]) -> NodePayload:
        """Correct what a finding says."""
        principal, services = info.context.principal, info.context.services
        principal.require(Role.DEVELOPER, input.graph)
        await services.lint.fix(input.graph, input.code, input.node, actor=principal.name)
        services.events.poke()
        return NodePayload(node=(await written(info, input.graph, [input.node]))[0])


def _place(after: str) -> Place:
    code, graph, place, given = cursors.decode(after, str, str, str, int)
    if code not in set(LintCode):
        raise BadInput("`after` is not a cursor of this list", field="after")
    return Place(code, graph, place, given)


def _finding(one: Finding, nodes: Mapping[tuple[str, str], KnowledgeNode]) -> LintFinding:
    values: dict[str, Any] = {
        "node": nodes.get((one.graph, one.node or "")),
        "other": nodes.get((one.graph, one.other or "")),
    }
    return LintFinding(
        code=one.code,
        severity=one.code.severity,
        graph=one.graph,
        path=one.path,
        line=one.line,
        message=one.message,
        hint=one.code.hint,
        fixable=one.fix is not None,
        **values,
    )
