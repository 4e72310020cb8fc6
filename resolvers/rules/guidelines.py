"""The guidelines that apply in a graph."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, cast

import strawberry
from strawberry import UNSET

from stratumiops.ingest.guidelines import Candidate, Key, Weighed, slug, weigh
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.engine.describe import first_of
from stratumiops.schema.arguments import First
from stratumiops.schema.guidelines import ApplicableGuideline
from stratumiops.schema.knowledge import Guideline, node_of

_Graph = Annotated[str, strawberry.argument(description="The named graph: a project.")]
_Topic = Annotated[
    str | None,
    strawberry.argument(description="What it is about, in words as for `search`; without it, all guidelines."),
]
_Shared = Annotated[bool, strawberry.argument(description="Also guidelines that the graph inherits.")]
_Overridden = Annotated[
    bool, strawberry.argument(description="Also those that do not apply, because others override them.")
]


@strawberry.type
class GuidelineQuery:
    """Root field of guidelines that apply."""

    @strawberry.field(
        description="The guidelines that apply in a graph, on a topic or all: of several on one topic the one with "
        "the highest priority. Best match first with a topic, highest priority first without. At most 1,000 are "
        "compared."
    )
    async def guidelines_for(
        self,
        info: Info,
        graph: _Graph,
        topic: _Topic = UNSET,
        include_shared: _Shared = True,
        include_overridden: _Overridden = False,
        first: First = 20,
    ) -> list[ApplicableGuideline]:
        """The guidelines that apply in a graph."""
        reader = info.context.reader
        limit = first_of({"first": first}, reader.scope)
        graphs = list(reader.scope.graphs(graph, inherited=include_shared))
        rows, weights, hits = await reader.reads.guidelines(graphs, topic or None)
        found = weigh(graphs, dict(weights), [_candidate(*row) for row in rows])
        scores = None if hits is None else _scores(hits, found, topic or "")
        shown = [one for one in _in_order(found, scores) if one.applies or include_overridden]
        nodes = {(held["graph"], held["id"]): cast("Guideline", node_of(held)) for held, _ in rows}
        return [_applicable(one, nodes, scores) for one in shown[:limit]]


def _candidate(held: Mapping[str, Any], superseded_by: Sequence[Sequence[str]]) -> Candidate:
    return Candidate(
        graph=held["graph"],
        id=held["id"],
        title=held["title"],
        updated_at=held["updated_at"],
        priority=held.get("priority"),
        topic=held.get("topic"),
        overrides=tuple(held.get("overrides") or ()),
        status=held.get("status"),
        superseded_by=tuple((graph, node_id) for graph, node_id in superseded_by),
    )


def _scores(hits: Sequence[Sequence[Any]], found: Sequence[Weighed], topic: str) -> dict[Key, float]:
    """What matched, with what overrides it: a guideline stands for those whose place it takes.

    A guideline whose topic is the very one that was asked for counts more than any match of words.
    """
    scores = {(graph, node_id): float(score) for graph, node_id, score in hits}
    best = max(scores.values(), default=0.0) + 1.0
    scores |= {one.candidate.key: best for one in found if one.topic == slug(topic)}
    for one in reversed(found):
        if one.candidate.key in scores and one.overridden_by is not None:
            scores[one.overridden_by] = max(scores.get(one.overridden_by, 0.0), scores[one.candidate.key])
    return scores


def _in_order(found: list[Weighed], scores: Mapping[Key, float] | None) -> list[Weighed]:
    if scores is None:
        return found
    matching = [one for one in found if one.candidate.key in scores]
    return sorted(matching, key=lambda one: -scores[one.candidate.key])


def _applicable(
    one: Weighed, nodes: Mapping[Key, Guideline], scores: Mapping[Key, float] | None
) -> ApplicableGuideline:
    key = one.candidate.key
    return ApplicableGuideline(
        guideline=nodes[key],
        inherited_from=one.candidate.graph if one.inherited else None,
        priority=one.priority,
        topic=one.topic,
        score=None if scores is None else scores[key],
        applies=one.applies,
        overridden_by=None if one.overridden_by is None else nodes[one.overridden_by],
        overrides=[nodes[other] for other in one.overrides],
    )
